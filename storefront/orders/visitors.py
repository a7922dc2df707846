"""Which orders a session may see: those it bought, and those a link let it into."""

from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

_KEY = "orders"
_MOST = 50


def granted(session: SessionBase) -> list[UUID]:
    """The ids of the orders this session may see."""
    return [UUID(order_id) for order_id in session.get(_KEY, [])]


def grant(session: SessionBase, order_id: UUID) -> None:
    """Let the session see the order from now on, under a new session key."""
    kept = [known for known in session.get(_KEY, []) if known != str(order_id)]
    session[_KEY] = [*kept, str(order_id)][-_MOST:]
    session.cycle_key()

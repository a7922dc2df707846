"""Which orders a session may see: those it bought, and those a link let it into."""

from contextlib import suppress
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase, UpdateError

_KEY = "orders"
_MOST = 50
_OLD_KEY_SECONDS = 60


def granted(session: SessionBase) -> list[UUID]:
    """The ids of the orders this session may see."""
    return [UUID(order_id) for order_id in session.get(_KEY, [])]


def grant(session: SessionBase, order_id: UUID) -> None:
    """Let the session see the order from now on, under a new key.

    The old key lives a minute longer, without this order: a second click may be under way with it,
    and must neither lose the cart nor make the browser forget the new key.
    """
    known = session.get(_KEY, [])
    if str(order_id) in known:
        return
    if session.session_key:
        session.set_expiry(_OLD_KEY_SECONDS)
        with suppress(UpdateError):  # it ended meanwhile
            session.save()
        session.set_expiry(None)
    session.create()
    session[_KEY] = [*known, str(order_id)][-_MOST:]

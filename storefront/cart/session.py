"""The cart as the session keeps it: per SKU a quantity and the price that was shown."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

_KEY = "cart"
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One SKU in the cart. The price is what the page said, never what is charged unseen."""

    sku_id: UUID
    quantity: int
    shown_price: Decimal


def entries(session: SessionBase) -> list[Entry]:
    """What is in the cart, oldest first."""
    kept = session.get(_KEY, {})
    return [
        Entry(UUID(sku_id), int(quantity), Decimal(price))
        for sku_id, (quantity, price) in kept.items()
    ]


def put(session: SessionBase, entry: Entry) -> None:
    """Add the entry or replace the one of the same SKU."""
    kept = dict(session.get(_KEY, {}))
    kept[str(entry.sku_id)] = [entry.quantity, str(entry.shown_price)]
    session[_KEY] = kept


def remove(session: SessionBase, sku_id: UUID) -> None:
    """Take the SKU out, if it is in."""
    kept = dict(session.get(_KEY, {}))
    kept.pop(str(sku_id), None)
    session[_KEY] = kept


def clear(session: SessionBase) -> None:
    """Empty the cart: it became an order."""
    session.pop(_KEY, None)

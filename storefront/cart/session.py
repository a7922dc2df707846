"""The cart as it is kept: in the session of a stranger, in a row of whoever is signed in.

A line is one SKU, or one amount of it, or one recipient's; its id follows from what it is, so that
adding the same once more changes the line. What a session holds when somebody signs in joins
what their row has.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from storefront.cart.models import SavedCart

_KEY = "cart"
MOST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the cart. The price is what the page said and when, never what is charged unseen;
    `amount` is the face value of a SKU of any amount, `fields` what its recipient's form held."""

    id: UUID
    sku_id: UUID
    quantity: int
    shown_price: Decimal
    shown_at: datetime
    amount: Decimal | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


_Kept = dict[str, Any]


def line_id(sku_id: UUID, amount: Decimal | None, *, has_recipient: bool) -> UUID:
    """What tells a line from others. Two people may get the same, so theirs are never one line."""
    if has_recipient:
        return uuid4()
    return sku_id if amount is None else uuid5(sku_id, f"{amount.normalize():f}")


def entries(session: SessionBase) -> list[Entry]:
    """What is in the cart, oldest first. What cannot be read is as good as removed."""
    found = []
    for key, kept in _all(session).items():
        with suppress(AttributeError, KeyError, TypeError, ValueError, InvalidOperation):
            found.append(_entry(key, kept))
    return found[:MOST_LINES]


def put(session: SessionBase, *changed: Entry) -> None:
    """Add the entries or replace those of the same ids."""
    _change(session, lambda kept: kept.update({str(entry.id): _kept(entry) for entry in changed}))


def remove(session: SessionBase, line: UUID) -> None:
    """Take the line out, if it is in."""
    _change(session, lambda kept: kept.pop(str(line), None))


def clear(session: SessionBase) -> None:
    """Empty the cart: it became an order."""
    _change(session, lambda kept: kept.clear())


def join(session: SessionBase) -> None:
    """Whoever owns this session has just signed in: both their carts become one."""
    if session.get(_KEY):
        _change(session, lambda _: None)


def _owner(session: SessionBase) -> str | None:
    return session.get(SESSION_KEY)


def _all(session: SessionBase) -> _Kept:
    own = dict(session.get(_KEY, {}))
    owner = _owner(session)
    if owner is None:
        return own
    saved = SavedCart.objects.filter(user_id=owner).values_list("lines", flat=True).first()
    return {**(saved or {}), **own}


def _change(session: SessionBase, change: Callable[[_Kept], object]) -> None:
    owner = _owner(session)
    if owner is None:
        kept = dict(session.get(_KEY, {}))
        change(kept)
        session[_KEY] = kept
        return
    with transaction.atomic():  # two tabs change the row one after the other
        own = SavedCart.objects.select_for_update().filter(user_id=owner)
        row = own.first()
        if row is None:  # the first thing ever, or another tab's that came this very moment
            SavedCart.objects.get_or_create(user_id=owner)
            row = own.get()
        row.lines = {**row.lines, **session.get(_KEY, {})}
        change(row.lines)
        row.save()
    session.pop(_KEY, None)


def _entry(key: str, kept: _Kept) -> Entry:
    amount = kept.get("amount")
    return Entry(
        id=UUID(key),
        sku_id=UUID(kept["sku"]),
        quantity=int(kept["quantity"]),
        shown_price=Decimal(kept["price"]),
        shown_at=datetime.fromisoformat(kept["at"]),
        amount=None if amount is None else Decimal(amount),
        fields=dict(kept.get("fields", {})),
    )


def _kept(entry: Entry) -> _Kept:
    kept: _Kept = {
        "sku": str(entry.sku_id),
        "quantity": entry.quantity,
        "price": str(entry.shown_price),
        "at": entry.shown_at.isoformat(),
    }
    if entry.amount is not None:
        kept["amount"] = str(entry.amount)
    if entry.fields:
        kept["fields"] = dict(entry.fields)
    return kept

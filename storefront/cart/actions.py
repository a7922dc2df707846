"""Changing the cart. The price that goes in is the server's, whatever the page sent."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from storefront.cart import session as carts
from storefront.cart.queries import Cart, units
from storefront.catalog.models import Sku
from storefront.catalog.queries import skus_of
from storefront.catalog.queries.offers import buyable_sku, is_custom

# A price that is still today's counts as shown again, though not with every look.
_SHOWN_AGAIN = timedelta(minutes=1)


class CartFull(Exception):  # noqa: N818  the failure is the name
    """More different things than one order takes."""


class AmountOfFixed(Exception):  # noqa: N818  the failure is the name
    """An amount came with a SKU that has a value of its own: which of both was meant?"""


class NotInCart(Exception):  # noqa: N818  the failure is the name
    """There is no such line."""


def add(
    *,
    session: SessionBase,
    sku_id: UUID,
    quantity: int,
    now: datetime,
    amount: Decimal | None = None,
) -> None:
    """Have `quantity` of the SKU, or of this amount of it, in the cart; goods for a recipient make
    a line of their own each time. Raises NotBuyable, CartFull, AmountOfFixed.
    """
    entries = carts.entries(session)
    offer = buyable_sku(sku_id, quantity, now, amount)
    if amount is not None and offer.amount is None and not _has_amounts(offer.sku):
        raise AmountOfFixed
    line = carts.line_id(offer.sku.pk, offer.amount, has_recipient=offer.product.asks_for_recipient)
    others = [entry for entry in entries if entry.id != line]
    if len(others) >= carts.MOST_LINES:
        raise CartFull
    together = units(others).get(offer.sku.pk, 0)
    if together:
        buyable_sku(sku_id, quantity + together, now, amount)
    carts.put(
        session,
        carts.Entry(
            id=line,
            sku_id=offer.sku.pk,
            quantity=quantity,
            shown_price=offer.unit_price,
            shown_at=now,
            amount=offer.amount,
        ),
    )


def change(*, session: SessionBase, line: UUID, quantity: int, now: datetime) -> None:
    """Have another quantity of a line; its price stays as shown. Raises NotBuyable, NotInCart."""
    found = must_have(session=session, line=line)
    entries = carts.entries(session)
    changed = replace(found, quantity=quantity)
    asked = units([changed if entry.id == line else entry for entry in entries])
    buyable_sku(found.sku_id, asked[found.sku_id], now, found.amount)
    carts.put(session, changed)


def must_have(*, session: SessionBase, line: UUID) -> carts.Entry:
    """The line. Raises NotInCart."""
    for entry in carts.entries(session):
        if entry.id == line:
            return entry
    raise NotInCart


def accept_prices(*, session: SessionBase, cart: Cart, now: datetime) -> None:
    """The visitor says yes to today's prices."""
    _show(session, cart, {line.id for line in cart.lines if line.price_before is not None}, now)


def keep_quotes(*, session: SessionBase, cart: Cart, now: datetime) -> None:
    """The visitor sees the cart: what still costs the same was shown just now.

    A price that is kept though the shelf's rose is not among it, or it would be kept for ever.
    """
    same = {
        line.id
        for line in cart.lines
        if line.offer and line.price_before is None and not line.is_kept
    }
    old = {entry.id for entry in carts.entries(session) if now - entry.shown_at >= _SHOWN_AGAIN}
    _show(session, cart, same & old, now)


def remember_fields(*, session: SessionBase, line: UUID, fields: dict[str, str]) -> None:
    """Whom a line is for, so that it need not be typed twice."""
    for entry in carts.entries(session):
        if entry.id == line:
            carts.put(session, replace(entry, fields=fields))


def _has_amounts(sku: Sku) -> bool:
    """Whether its page asks for an amount, which then comes along with whatever is chosen."""
    return any(is_custom(other) for other in skus_of(sku.product))


def _show(session: SessionBase, cart: Cart, lines: set[UUID], now: datetime) -> None:
    if not lines:
        return
    prices = {line.id: line.unit_price.amount for line in cart.lines}
    carts.put(
        session,
        *(
            replace(entry, shown_price=prices[entry.id], shown_at=now)
            for entry in carts.entries(session)
            if entry.id in lines
        ),
    )

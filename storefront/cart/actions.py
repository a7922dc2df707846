"""Changing the cart. The price that goes in is the server's, whatever the page sent."""

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from storefront.cart import session as carts
from storefront.cart.queries import Cart
from storefront.catalog.queries.offers import buyable_sku


class CartFull(Exception):  # noqa: N818  the failure is the name
    """More different things than one order takes."""


def put(*, session: SessionBase, sku_id: UUID, quantity: int, now: datetime) -> None:
    """Have `quantity` of the SKU in the cart. Raises NotBuyable, CartFull."""
    others = [entry for entry in carts.entries(session) if entry.sku_id != sku_id]
    if len(others) >= carts.MOST_LINES:
        raise CartFull
    offer = buyable_sku(sku_id, quantity, now)
    carts.put(session, carts.Entry(offer.sku.pk, quantity, offer.unit_price))


def accept_prices(*, session: SessionBase, cart: Cart) -> None:
    """The visitor has now seen today's prices."""
    for line in cart.lines:
        if line.price_changed:
            carts.put(session, carts.Entry(line.id, line.quantity, line.unit_price.amount))

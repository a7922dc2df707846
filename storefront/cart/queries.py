"""The cart with today's prices, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from storefront.cart import session as carts
from storefront.catalog.cards import Card, card
from storefront.catalog.models import Sku
from storefront.catalog.queries.offers import (
    LARGEST_QUANTITY,
    NotBuyable,
    Offer,
    offer_of,
    prices_confirmed_at,
)
from storefront.core.money import Money, money, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """A line as the pages show it; `offer` is None when it cannot be bought."""

    id: UUID
    product: Card
    product_name: str
    sku_name: str
    quantity: int
    unit_price: Money
    offer: Offer | None
    problem: str
    price_changed: bool

    @property
    def total(self) -> Money:
        """For the whole line."""
        return self.unit_price * self.quantity

    @property
    def max_quantity(self) -> int:
        """How many may be asked for at once."""
        return LARGEST_QUANTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """All of it. What has a problem is not in the total."""

    lines: list[CartLine]
    currency: str

    @property
    def total(self) -> Money:
        """The sum of what can be bought."""
        amounts = [line.total.amount for line in self.lines if line.offer]
        return money(sum(amounts, Decimal(0)), self.currency)

    @property
    def problems(self) -> bool:
        """Whether something must be looked at before paying."""
        return any(line.problem for line in self.lines)


def load(*, session: SessionBase, currency: str, now: datetime) -> Cart:
    """The cart of this session, in two queries. SKUs that are gone for good are left out."""
    kept = carts.entries(session)
    if not kept:
        return Cart(lines=[], currency=currency)
    skus = Sku.objects.select_related("product").in_bulk([entry.sku_id for entry in kept])
    confirmed_at = prices_confirmed_at()
    lines = [
        _line(entry, skus[entry.sku_id], currency, confirmed_at, now)
        for entry in kept
        if entry.sku_id in skus
    ]
    return Cart(lines=lines, currency=currency)


def _line(
    entry: carts.Entry, sku: Sku, currency: str, confirmed_at: datetime | None, now: datetime
) -> CartLine:
    offer, problem, price, changed = None, "", entry.shown_price, False
    try:
        offer = offer_of(sku, entry.quantity, confirmed_at=confirmed_at, now=now)
    except NotBuyable as error:
        problem = str(error)
    else:
        price, changed = offer.unit_price, offer.unit_price != entry.shown_price
        if changed:
            before = shown(money(entry.shown_price, currency), get_language() or "en")
            problem = _("The price changed; it was %(before)s.") % {"before": before}
    return CartLine(
        id=entry.sku_id,
        product=card(sku.product),
        product_name=sku.product.name,
        sku_name=sku.name,
        quantity=entry.quantity,
        offer=offer,
        unit_price=money(price, currency),
        problem=problem,
        price_changed=changed,
    )

"""The cart with today's prices, and what is wrong with it.

A price that was shown is kept for QUOTED_FOR, though never below what the goods must bring. After
that today's price stands beside it, and nothing is bought at it before somebody said yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import get_language

from storefront.cart import session as carts
from storefront.catalog import labels
from storefront.catalog.cards import Card, card
from storefront.catalog.models import Sku
from storefront.catalog.queries.offers import (
    LARGEST_QUANTITY,
    NotBuyable,
    Offer,
    is_custom,
    offer_of,
    prices_confirmed_at,
)
from storefront.catalog.queries.terms import Terms, keeps_margin, terms_of
from storefront.core.money import Money, money

# How long a price that was shown is kept while the shelf's rises.
QUOTED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """A line as the pages show it; `offer` is None when it cannot be bought.

    `price_before` is what was shown while another price is today's: the customer must say yes.
    """

    id: UUID
    product: Card
    product_name: str
    sku_name: str
    quantity: int
    unit_price: Money
    offer: Offer | None
    problem: str
    price_before: Money | None = None
    # The shelf's price has risen; this is still the one that was shown.
    is_kept: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Money:
        """For the whole line."""
        return self.unit_price * self.quantity

    @property
    def has_risen(self) -> bool:
        """Whether it became dearer."""
        return self.price_before is not None and self.unit_price > self.price_before

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
    def has_new_prices(self) -> bool:
        """Whether some price is not the one that was shown."""
        return any(line.price_before is not None for line in self.lines)

    @property
    def problems(self) -> bool:
        """Whether something must be looked at before paying."""
        return self.has_new_prices or any(line.problem for line in self.lines)

    @property
    def digest(self) -> str:
        """What a page that shows this cart says of it: the same goods at the same prices, and no
        other, have the same one, in every language."""
        lines = sorted(f"{line.id} {line.quantity} {line.unit_price.amount}" for line in self.lines)
        return sha256("\n".join([*lines, self.currency]).encode()).hexdigest()


def load(*, session: SessionBase, currency: str, now: datetime) -> Cart:
    """The cart of this session, in three queries at most. SKUs that are gone are left out."""
    kept = carts.entries(session)
    if not kept:
        return Cart(lines=[], currency=currency)
    skus = Sku.objects.select_related("product").in_bulk([entry.sku_id for entry in kept])
    kept = [entry for entry in kept if entry.sku_id in skus]
    reader = _Reader(
        currency=currency,
        now=now,
        confirmed_at=prices_confirmed_at(),
        terms=terms_of(_needing_terms(kept, skus), now=now),
        units=units(kept),
    )
    return Cart(lines=[reader.line(entry, skus[entry.sku_id]) for entry in kept], currency=currency)


def units(entries: Sequence[carts.Entry]) -> dict[UUID, int]:
    """How many of each SKU are asked for, over all lines."""
    asked: dict[UUID, int] = {}
    for entry in entries:
        asked[entry.sku_id] = asked.get(entry.sku_id, 0) + entry.quantity
    return asked


def described(sku: Sku, amount: Decimal | None) -> str:
    """The SKU's name, with the amount that was chosen."""
    if amount is None:
        return sku.name
    chosen = labels.amount(amount, sku.face_currency, get_language() or "en")
    return f"{sku.name}, {chosen}"


def _needing_terms(kept: Sequence[carts.Entry], skus: Mapping[UUID, Sku]) -> list[Sku]:
    """Those whose price is computed, or was shown as less than today's."""
    return [
        sku
        for entry in kept
        if is_custom(sku := skus[entry.sku_id])
        or (sku.price is not None and entry.shown_price < sku.price)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    currency: str
    now: datetime
    confirmed_at: datetime | None
    terms: Mapping[UUID, Terms]
    units: Mapping[UUID, int]

    def line(self, entry: carts.Entry, sku: Sku) -> CartLine:
        offer, problem, is_kept = None, "", False
        try:
            offer, is_kept = self._offer(entry, sku)
        except NotBuyable as error:
            problem = str(error)
        price = offer.unit_price if offer else entry.shown_price
        before = money(entry.shown_price, self.currency) if price != entry.shown_price else None
        return CartLine(
            id=entry.id,
            product=card(sku.product),
            product_name=sku.product.name,
            sku_name=described(sku, entry.amount),
            quantity=entry.quantity,
            offer=offer,
            unit_price=money(price, self.currency),
            problem=problem,
            price_before=before,
            is_kept=is_kept,
            fields=entry.fields,
        )

    def _offer(self, entry: carts.Entry, sku: Sku) -> tuple[Offer, bool]:
        offer = offer_of(
            sku,
            self.units[sku.pk],
            confirmed_at=self.confirmed_at,
            now=self.now,
            amount=entry.amount,
            terms=self.terms,
        )
        is_kept = (
            entry.shown_price < offer.unit_price
            and self.now - entry.shown_at <= QUOTED_FOR
            and keeps_margin(entry.shown_price, offer.unit_cost, self.terms.get(sku.pk))
        )
        return (replace(offer, unit_price=entry.shown_price) if is_kept else offer), is_kept

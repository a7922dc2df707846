"""The gate: whether a SKU may be bought now, and at what. Cart and checkout have no other way in.

A copy of what it returns is what the customer was promised; later steps trust that copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Subquery

from storefront.catalog.models import CatalogState, Product, Sku
from storefront.catalog.models.goods import NOT_ON_CARDS
from storefront.catalog.queries.refusals import LARGEST_QUANTITY, WORDS, NotBuyable, Reason
from storefront.catalog.queries.terms import Terms, custom_price, terms_of

__all__ = [
    "LARGEST_QUANTITY",
    "WORDS",
    "NotBuyable",
    "Offer",
    "Reason",
    "buyable_sku",
    "is_custom",
    "offer_of",
    "prices_confirmed_at",
    "refusal",
]

# A price nobody confirmed for this long is not a price.
FRESH_FOR = timedelta(hours=6)


@dataclass(frozen=True)
class Offer:
    """What we offer, for one unit.

    `unit_price` is in `currency`, the shop's; `unit_cost` in `cost_currency`, the partner's;
    `face_value` in `face_currency`, or None where the card has none. `amount` is what the buyer
    chose of a SKU of any amount, in `face_currency`, and what the partner must be told
    (`partner_api`: `amount=`); it is the `face_value` as well, and price and cost follow from it.
    None for SKUs of a fixed value. Price and cost are positive.
    """

    sku: Sku
    product: Product
    unit_price: Decimal
    currency: str
    unit_cost: Decimal
    cost_currency: str
    face_value: Decimal | None
    face_currency: str
    max_per_order: int
    amount: Decimal | None = None


def buyable_sku(
    sku_id: UUID | str, quantity: int, now: datetime, amount: Decimal | None = None
) -> Offer:
    """The offer for so many units of this SKU. Raises NotBuyable.

    A quantity above `max_per_order` is fine: it becomes several orders with the partner. `amount`,
    in the face currency, is required for SKUs of any amount and of no account for all others.
    """
    sku, confirmed_at = _find(sku_id)
    return offer_of(sku, quantity, confirmed_at=confirmed_at, now=now, amount=amount)


def offer_of(
    sku: Sku,
    quantity: int,
    *,
    confirmed_at: datetime | None,
    now: datetime,
    amount: Decimal | None = None,
    terms: Mapping[UUID, Terms] | None = None,
) -> Offer:
    """The same for a SKU read with its product, so that many of them need no query each; those of
    any amount need none where `terms` were read for all of them."""
    refused = refusal(sku, sku.product, confirmed_at=confirmed_at, quantity=quantity, now=now)
    if refused is not None:
        raise refused
    if not is_custom(sku):
        return _offer(sku)
    known = terms_of([sku], now=now) if terms is None else terms
    return _custom_offer(sku, amount, known.get(sku.pk))


def is_custom(sku: Sku) -> bool:
    """Whether its buyer says for how much it is."""
    return sku.denomination_type == "custom"


def prices_confirmed_at() -> datetime | None:
    """When the whole catalog's prices were last confirmed; None before the first sync."""
    return CatalogState.objects.filter(id=1).values_list("priced_at", flat=True).first()


def refusal(
    sku: Sku, product: Product, *, confirmed_at: datetime | None, now: datetime, quantity: int = 1
) -> NotBuyable | None:
    """Why not, or None, whatever the amount. `confirmed_at`: when the whole catalog's prices were
    last confirmed."""
    if not product.is_visible or sku.is_hidden:
        return NotBuyable(Reason.UNKNOWN)
    if not 1 <= quantity <= LARGEST_QUANTITY:
        return NotBuyable(Reason.QUANTITY)
    is_askable = product.knows_recipient or not product.asks_for_recipient
    if product.hold_reason or sku.hold_reason or sku.paused_at or not is_askable:
        return NotBuyable(Reason.HELD)
    if sku.price is None or sku.price_currency != settings.STORE_CURRENCY:
        return NotBuyable(Reason.UNPRICED)
    return _short(sku, quantity) or _stale(sku, confirmed_at, now)


def _short(sku: Sku, quantity: int) -> NotBuyable | None:
    if sku.stock < 1:
        return NotBuyable(Reason.SOLD_OUT)
    return NotBuyable(Reason.TOO_FEW, left=sku.stock) if sku.stock < quantity else None


def _stale(sku: Sku, confirmed_at: datetime | None, now: datetime) -> NotBuyable | None:
    ages = [at for at in (sku.priced_at, confirmed_at) if at is not None]
    is_fresh = ages and now - max(ages) <= FRESH_FOR
    return None if is_fresh else NotBuyable(Reason.STALE)


# What nobody asks for who sells one.
_UNREAD = [f"product__{name}" for name in NOT_ON_CARDS]


def _find(sku_id: UUID | str) -> tuple[Sku, datetime | None]:
    """The SKU, and when the whole catalog's prices were last confirmed; one query."""
    state = CatalogState.objects.filter(id=1).values("priced_at")
    rows: Any = Sku.objects.select_related("product").defer("attributes", *_UNREAD)
    try:
        key = sku_id if isinstance(sku_id, UUID) else UUID(sku_id)
        sku = rows.annotate(all_priced_at=Subquery(state)).get(pk=key)
    except (ValueError, Sku.DoesNotExist):
        raise NotBuyable(Reason.UNKNOWN) from None
    return sku, sku.all_priced_at


def _offer(sku: Sku) -> Offer:
    if sku.price is None or sku.cost is None:
        raise NotBuyable(Reason.HELD)
    return Offer(
        sku=sku,
        product=sku.product,
        unit_price=sku.price,
        currency=sku.price_currency,
        unit_cost=sku.cost,
        cost_currency=sku.cost_currency,
        face_value=sku.face_value,
        face_currency=sku.face_currency,
        max_per_order=sku.max_per_order or 1,
    )


def _custom_offer(sku: Sku, amount: Decimal | None, terms: Terms | None) -> Offer:
    if terms is None or terms.bounds is None:
        raise NotBuyable(Reason.UNPRICED)
    if refused := terms.bounds.refusal(amount):
        raise refused
    exact = amount or terms.bounds.minimum  # never None behind the check
    priced = custom_price(sku, exact, terms)
    if priced is None:
        raise NotBuyable(Reason.UNPRICED)
    price, cost = priced
    return Offer(
        sku=sku,
        product=sku.product,
        unit_price=price,
        currency=settings.STORE_CURRENCY,
        unit_cost=cost,
        cost_currency=settings.PARTNER_CURRENCY,
        face_value=exact,
        face_currency=sku.face_currency,
        max_per_order=sku.max_per_order or 1,
        amount=exact,
    )

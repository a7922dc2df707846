"""The gate: whether a SKU may be bought now, and at what. Cart and checkout have no other way in.

A copy of what it returns is what the customer was promised; later steps trust that copy.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront.catalog.models import CatalogState, Product, Sku

# A price nobody confirmed for this long is not a price.
FRESH_FOR = timedelta(hours=6)
# Larger orders are a trade, not a purchase.
LARGEST_QUANTITY = 10


class Reason(StrEnum):
    """Why a SKU may not be bought."""

    UNKNOWN = "unknown"
    QUANTITY = "quantity"
    NOT_YET = "not_yet"
    HELD = "held"
    STALE = "stale"
    SOLD_OUT = "sold_out"
    TOO_FEW = "too_few"


WORDS: dict[Reason, str | Promise] = {
    Reason.UNKNOWN: _("This product is not for sale."),
    Reason.QUANTITY: _("Choose a quantity from 1 to %(largest)s."),
    Reason.NOT_YET: _("Not available yet"),
    Reason.HELD: _("Not available right now"),
    Reason.STALE: _("Its price is being checked. Please come back a little later."),
    Reason.SOLD_OUT: _("Sold out"),
    Reason.TOO_FEW: _("Only %(left)s left"),
}


class NotBuyable(Exception):  # noqa: N818  the failure is the name
    """May not be bought now: `reason` is for code, its text for people, in their language."""

    def __init__(self, reason: Reason, *, left: int = 0) -> None:
        super().__init__(reason, left)
        self.reason = reason
        self.left = left

    def __str__(self) -> str:
        return str(WORDS[self.reason]) % {"largest": LARGEST_QUANTITY, "left": self.left}


@dataclass(frozen=True)
class Offer:
    """What we offer: one unit's price in the shop's currency, its cost in the partner's."""

    sku: Sku
    product: Product
    unit_price: Decimal
    currency: str
    unit_cost: Decimal
    cost_currency: str
    face_value: Decimal | None
    face_currency: str
    max_per_order: int


def buyable_sku(sku_id: UUID | str, quantity: int, now: datetime) -> Offer:
    """The offer for so many units of this SKU. Raises NotBuyable.

    A quantity above `max_per_order` is fine: it becomes several orders with the partner.
    """
    return offer_of(_find(sku_id), quantity, confirmed_at=prices_confirmed_at(), now=now)


def offer_of(sku: Sku, quantity: int, *, confirmed_at: datetime | None, now: datetime) -> Offer:
    """The same for a SKU read with its product, so that many of them need no query each."""
    refused = refusal(sku, sku.product, confirmed_at=confirmed_at, quantity=quantity, now=now)
    if refused is not None:
        raise refused
    return _offer(sku)


def prices_confirmed_at() -> datetime | None:
    """When the whole catalog's prices were last confirmed; None before the first sync."""
    return CatalogState.objects.filter(id=1).values_list("priced_at", flat=True).first()


def refusal(
    sku: Sku, product: Product, *, confirmed_at: datetime | None, now: datetime, quantity: int = 1
) -> NotBuyable | None:
    """Why not, or None. `confirmed_at`: when the whole catalog's prices were last confirmed."""
    if not product.is_visible or sku.is_hidden:
        return NotBuyable(Reason.UNKNOWN)
    if not 1 <= quantity <= LARGEST_QUANTITY:
        return NotBuyable(Reason.QUANTITY)
    if product.asks_for_recipient or sku.denomination_type == "custom":
        return NotBuyable(Reason.NOT_YET)
    if product.hold_reason or sku.hold_reason or sku.price_currency != settings.STORE_CURRENCY:
        return NotBuyable(Reason.HELD)
    if sku.stock < 1:
        return NotBuyable(Reason.SOLD_OUT)
    if sku.stock < quantity:
        return NotBuyable(Reason.TOO_FEW, left=sku.stock)
    ages = [at for at in (sku.priced_at, confirmed_at) if at is not None]
    if not ages or now - max(ages) > FRESH_FOR:
        return NotBuyable(Reason.STALE)
    return None


def _find(sku_id: UUID | str) -> Sku:
    try:
        key = sku_id if isinstance(sku_id, UUID) else UUID(sku_id)
        return Sku.objects.select_related("product").get(pk=key)
    except (ValueError, Sku.DoesNotExist):
        raise NotBuyable(Reason.UNKNOWN) from None


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

"""Which data can be added to an eSIM now, and at what price."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from storefront.cart.queries import Cart, CartLine
from storefront.catalog import plans
from storefront.catalog.cards import card
from storefront.catalog.models import Sku
from storefront.catalog.queries import NotBuyable, Offer, buyable_sku
from storefront.core.money import money
from storefront.esim.models import Esim

MOST = 50


def packages(esim: Esim, *, now: datetime) -> list[Offer]:
    """What may be bought for it, its own plan first, then by price.

    Compatible is what the same product sells: the partner names no other relation, and refuses
    what does not fit. SKUs that say that they can't be added are left out.
    """
    first = esim.delivery.line.sku_id
    rows = Sku.objects.filter(product_id=esim.delivery.line.sku.product_id).order_by("price")
    found = []
    for sku in rows[:MOST]:
        if plans.plan(sku.attributes, get_language() or "en").tops_up is False:
            continue
        try:
            found.append(buyable_sku(sku.pk, 1, now))
        except NotBuyable:
            continue
    return sorted(found, key=lambda offer: (offer.sku.pk != first, offer.unit_price))


def digest(offers: list[Offer]) -> str:
    """What stands for these packages at these prices."""
    told = sorted(f"{offer.sku.pk} {offer.unit_price}" for offer in offers)
    return sha256("\n".join(told).encode()).hexdigest()


def as_cart(offer: Offer, *, line_id: UUID) -> Cart:
    """One package as what the checkout sells."""
    line = CartLine(
        id=line_id,
        product=card(offer.product),
        product_name=offer.product.name,
        sku_name=offer.sku.name,
        quantity=1,
        unit_price=money(offer.unit_price, offer.currency),
        offer=offer,
        problem="",
    )
    return Cart(lines=[line], currency=settings.STORE_CURRENCY)

"""Rows on our own shelves without a sync, for tests of what is read from them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils.text import slugify

from storefront.catalog.models import CatalogState, Product, Sku
from storefront.catalog.sync import derived, shelf

CURRENCY = "USD"


def stock_product(name: str, *, now: datetime, **columns: Any) -> Product:
    """A visible gift card of that name."""
    defaults = {
        "id": uuid4(),
        "slug": slugify(name) or uuid4().hex,
        "type": "voucher",
        "denomination_type": "fixed",
        "name_en": name,
        "first_seen_at": now,
        "changed_at": now,
    }
    return Product.objects.create(**defaults | columns)


def stock_sku(product: Product, *, now: datetime, **columns: Any) -> Sku:
    """A ten dollar card that costs nine and is sold at 9.90, a hundred of them."""
    defaults = {
        "id": uuid4(),
        "product": product,
        "name_en": f"$10 {product.name_en}",
        "face_value": Decimal(10),
        "face_currency": "USD",
        "denomination_type": "fixed",
        "cost": Decimal(9),
        "cost_currency": "USD",
        "price": Decimal("9.90"),
        "price_currency": CURRENCY,
        "stock": 100,
        "max_per_order": 5,
        "priced_at": now,
        "hold_reason": "",
        "first_seen_at": now,
        "changed_at": now,
    }
    return Sku.objects.create(**defaults | columns)


def settle(*, now: datetime) -> None:
    """Derive what follows from the rows, as a published sync does."""
    derived.renew_products(currency=CURRENCY)
    shelf.renew_shelf()
    shelf.renew_words()
    CatalogState.objects.update(priced_at=now)


def nth_id(number: int) -> UUID:
    """Ids in an order one can predict."""
    return UUID(int=number)

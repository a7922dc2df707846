"""eSIM plans for a destination, beside each other: local, regional, global; by price per GB.

The destination is found like everything else in the shop, in both languages. Price and stock are
the shelf's; the gate still decides when something is bought.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from storefront.catalog import plans
from storefront.catalog.models import Product, Sku
from storefront.catalog.queries.listing import Filters, visible_products
from storefront.catalog.queries.offers import prices_confirmed_at, refusal
from storefront.catalog.queries.shelf import Shelf
from storefront.core.money import Money, money

MOST_PRODUCTS, MOST_PLANS = 48, 60
# From so many countries on a plan is for nearly everywhere.
GLOBAL = 60
LOCAL, REGIONAL, WORLD = "local", "regional", "global"
NAMES = {
    LOCAL: _("For this country alone"),
    REGIONAL: _("For a region"),
    WORLD: _("For nearly everywhere"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One plan. `per_gb` and `per_day` are None where the partner does not say how much it is."""

    slug: str
    product_name: str
    plan: plans.Plan
    countries: int
    price: Money
    per_gb: Money | None
    per_day: Money | None


def compare(to: str, shelf: Shelf, *, language: str, now: datetime) -> dict[str, list[Row]]:
    """The plans that may be bought now, by kind; the cheapest GB first, unknown ones last."""
    filters = Filters(q=to, type=Product.Type.ESIM)
    page = visible_products(filters, shelf, language=language, size=MOST_PRODUCTS)
    slugs = [card.slug for card in page.products]
    skus = Sku.objects.filter(product__slug__in=slugs, is_hidden=False)
    confirmed_at = prices_confirmed_at()
    found: dict[str, list[Row]] = {LOCAL: [], REGIONAL: [], WORLD: []}
    for sku in skus.select_related("product"):
        if refusal(sku, sku.product, confirmed_at=confirmed_at, now=now) is None:
            row = _row(sku, language)
            found[_kind(row.countries)].append(row)
    return {kind: _cheapest(rows) for kind, rows in found.items()}


def _row(sku: Sku, language: str) -> Row:
    attributes = {**sku.product.attributes, **sku.attributes}
    price = sku.price or Decimal(0)  # never None behind the gate
    gigabytes, days = plans.gigabytes(attributes), plans.days(attributes)
    return Row(
        slug=sku.product.slug,
        product_name=sku.product.name,
        plan=plans.plan(attributes, language),
        countries=len(plans.coverage(attributes, language)),
        price=money(price, settings.STORE_CURRENCY),
        per_gb=money(price / gigabytes, settings.STORE_CURRENCY) if gigabytes else None,
        per_day=money(price / days, settings.STORE_CURRENCY) if days else None,
    )


def _kind(countries: int) -> str:
    return LOCAL if countries <= 1 else WORLD if countries >= GLOBAL else REGIONAL


def _cheapest(rows: Iterable[Row]) -> list[Row]:
    last = Decimal("Infinity")
    ordered = sorted(rows, key=lambda row: (row.per_gb.amount if row.per_gb else last, row.price))
    return ordered[:MOST_PLANS]

"""What else one may buy where something is not to be had, nearest first, in one query."""

from typing import Any

from django.db.models import QuerySet, Value

from storefront.catalog.models import Product
from storefront.catalog.models.goods import NOT_ON_CARDS

ALTERNATIVES = 4


def alternatives(product: Product, limit: int = ALTERNATIVES) -> list[Product]:
    """Goods on sale of the same brand and country, then of the brand, then of the category.

    Each part ends at `limit` by an index, so the query costs the same in a large category.
    """
    near: list[dict[str, Any]] = []
    if product.brand and product.country:
        near.append({"brand": product.brand, "country": product.country})
    if product.brand:
        near.append({"brand": product.brand})
    if product.category_id is not None and product.country:
        near.append({"category": product.category_id, "country": product.country})
    if product.category_id is not None:
        near.append({"category": product.category_id})
    if not near:
        return []
    first, *rest = (_on_sale(product, limit, rank, wanted) for rank, wanted in enumerate(near))
    found = first.union(*rest, all=True) if rest else first
    once = {other.pk: other for other in sorted(found, key=lambda other: -other.rank)}
    nearest = sorted(once.values(), key=lambda other: (other.rank, other.name))
    return nearest[:limit]


def _on_sale(product: Product, limit: int, rank: int, wanted: dict[str, Any]) -> QuerySet[Any]:
    on_sale = Product.objects.filter(
        is_hidden=False, is_available=True, type__in=Product.Type.values, **wanted
    ).exclude(pk=product.pk)
    return on_sale.defer(*NOT_ON_CARDS).annotate(rank=Value(rank)).order_by("id")[:limit]

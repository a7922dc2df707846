"""The products that sitemaps name, by ranges of ids: the last page costs what the first does."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from storefront.catalog.models import Product

# 50,000 addresses are the most a sitemap may hold; each product has one in each language.
PRODUCTS_A_PAGE = 5_000


def sitemap_starts() -> list[UUID]:
    """The first id of each page of visible products; one query over their ids alone."""
    place = Window(RowNumber(), order_by="id")
    firsts = _visible().alias(place=place).alias(rest=F("place") % PRODUCTS_A_PAGE).filter(rest=1)
    return list(firsts.order_by("id").values_list("id", flat=True))


def sitemap_products(start: UUID) -> list[tuple[str, datetime]]:
    """A page of slugs and when each product last changed, from this id on."""
    found = _visible().filter(id__gte=start).order_by("id")
    return list(found.values_list("slug", "changed_at")[:PRODUCTS_A_PAGE])


def _visible() -> QuerySet[Product]:
    return Product.objects.filter(is_hidden=False, type__in=Product.Type.values)

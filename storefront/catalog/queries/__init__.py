"""Reading the catalog: the pages' products, and the one gate everything bought goes through."""

from storefront.catalog.queries.alternatives import alternatives
from storefront.catalog.queries.counts import (
    Counts,
    Found,
    Instead,
    counted,
    counts_of,
    offered_instead,
)
from storefront.catalog.queries.fields import fields_of
from storefront.catalog.queries.listing import PAGE_SIZE, Filters, ListPage, visible_products
from storefront.catalog.queries.offers import (
    FRESH_FOR,
    NotBuyable,
    Offer,
    Reason,
    buyable_sku,
    refusal,
)
from storefront.catalog.queries.shelf import (
    Shelf,
    current_shelf,
    home_products,
    product_by_slug,
    rows_of,
    skus_of,
)
from storefront.catalog.queries.terms import bounds_of

__all__ = [
    "FRESH_FOR",
    "PAGE_SIZE",
    "Counts",
    "Filters",
    "Found",
    "Instead",
    "ListPage",
    "NotBuyable",
    "Offer",
    "Reason",
    "Shelf",
    "alternatives",
    "bounds_of",
    "buyable_sku",
    "counted",
    "counts_of",
    "current_shelf",
    "fields_of",
    "home_products",
    "offered_instead",
    "product_by_slug",
    "refusal",
    "rows_of",
    "skus_of",
    "visible_products",
]

"""The rows of the catalog."""

from storefront.catalog.models.goods import Category, Product
from storefront.catalog.models.rates import ExchangeRate
from storefront.catalog.models.rules import AmountLimits, PriceRule
from storefront.catalog.models.runs import CatalogState, SyncRun
from storefront.catalog.models.search import SearchSynonym, SearchWord
from storefront.catalog.models.skus import Sku

__all__ = [
    "AmountLimits",
    "CatalogState",
    "Category",
    "ExchangeRate",
    "PriceRule",
    "Product",
    "SearchSynonym",
    "SearchWord",
    "Sku",
    "SyncRun",
]

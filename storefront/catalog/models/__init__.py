"""The rows of the catalog."""

from storefront.catalog.models.goods import Category, Product
from storefront.catalog.models.rates import ExchangeRate
from storefront.catalog.models.runs import CatalogState, SyncRun
from storefront.catalog.models.skus import Sku

__all__ = ["CatalogState", "Category", "ExchangeRate", "Product", "Sku", "SyncRun"]

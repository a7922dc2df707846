"""The goods the sandbox partner sells.

Standard library only; knows nothing of the server that shows them or of the client that buys them.
"""

from itertools import islice

from .categories import CATEGORIES
from .demo import demo_products
from .generator import generated
from .model import Catalog, Category, Coverage, Product, Sku, Text, localise

__all__ = [
    "Catalog",
    "Category",
    "Coverage",
    "Product",
    "Sku",
    "Text",
    "build_catalog",
    "localise",
]


def build_catalog(products: int | None = None, *, seed: int = 1) -> Catalog:
    """Return the demo catalog, or one of exactly `products` products that starts with it.

    A larger catalog continues with generated goods; `seed` decides which of them come first. Ids
    depend on names alone: the same good has the same id in every catalog. ValueError for a
    negative number.
    """
    demo = demo_products()
    if products is None:
        return Catalog(CATEGORIES, demo)
    if products < 0:
        raise ValueError(f"a catalog can't hold {products} products")
    known = {product.id for product in demo}
    further = (product for product in generated(seed) if product.id not in known)
    missing = max(0, products - len(demo))
    return Catalog(CATEGORIES, (*demo[:products], *islice(further, missing)))

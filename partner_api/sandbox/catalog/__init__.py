"""The goods the sandbox partner sells.

Standard library only; knows nothing of the server that shows them or of the client that buys them.
"""

from .model import Catalog, Category, Coverage, Product, Sku, Text, localise

__all__ = ["Catalog", "Category", "Coverage", "Product", "Sku", "Text", "localise"]

"""What the catalog says, as changed by this run: stock that sells out, prices, hidden SKUs.

The catalog itself never changes; the shelf lays changes over it. It answers in Decimals and knows
nothing of HTTP.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from partner_api.sandbox.catalog import Catalog, Product, Sku

CENT = Decimal("0.01")


@dataclass(slots=True)
class Listing:
    """A SKU with its product and its place in the pricelist (from 1, fixed for the run)."""

    place: int
    product: Product
    sku: Sku


@dataclass(slots=True)
class Shelf:
    """The catalog with this run's changes by SKU id: stock, price, max_per_order, hidden, ..."""

    catalog: Catalog
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    listings: list[Listing] = field(init=False)

    def __post_init__(self) -> None:
        """Number every SKU once."""
        pairs = [(item, sku) for item in self.catalog.products for sku in item.skus]
        self.listings = [Listing(at, *pair) for at, pair in enumerate(pairs, start=1)]

    def now(self, sku: Sku, name: str) -> Any:
        """Return a SKU's field as it is now."""
        change = self.changes.get(sku.id)
        if change is not None and name in change:
            return change[name]
        return getattr(sku, name)

    def is_hidden(self, sku: Sku) -> bool:
        """Whether the SKU was taken out of the catalog."""
        return bool(self.changes.get(sku.id, {}).get("hidden"))

    @property
    def is_whole(self) -> bool:
        """Whether no SKU is hidden, so that the pricelist is the catalog's own."""
        return not any(change.get("hidden") for change in self.changes.values())

    def find(self, sku_id: str) -> tuple[Product, Sku] | None:
        """Return a visible SKU and its product, or None."""
        try:
            product, sku = self.catalog.sku(sku_id)
        except KeyError:
            return None
        return None if self.is_hidden(sku) else (product, sku)

    def change(self, sku_id: str, **changes: object) -> None:
        """Lay changes over a SKU."""
        self.changes.setdefault(sku_id, {}).update(changes)

    def take(self, sku: Sku, quantity: int) -> None:
        """Remove units from the stock, or put them back when negative."""
        self.change(sku.id, stock=int(self.now(sku, "stock") or 0) - quantity)

    def unit_cost(self, sku: Sku, amount: Decimal | None) -> Decimal:
        """Return what one unit costs the shop, in cents of the balance's currency.

        For custom amounts, as we read the reference: amount x rate x (1 + percent / 100) + fixed.
        """
        if amount is None:
            return Decimal(self.now(sku, "price")).quantize(CENT, ROUND_HALF_UP)
        percent = self.now(sku, "markup_percent") or Decimal(0)
        fixed = self.now(sku, "markup_fixed") or Decimal(0)
        cost = amount * self.now(sku, "rate") * (1 + percent / 100) + fixed
        return Decimal(cost).quantize(CENT, ROUND_HALF_UP)

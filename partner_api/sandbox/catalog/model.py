"""The shapes of the sandbox partner's goods.

Plain frozen records with both languages side by side. They know nothing of HTTP, of the JSON the
partner answers with, or of stock that changes during a run: the sandbox's app and world do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

# One country and network an eSIM works in: country_name, country_code, network_name.
Coverage = dict[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the partner's two languages; which one is sent depends on `locale`."""

    en: str
    ru: str

    def pick(self, locale: str) -> str:
        """Return the Russian text for `ru`, the English one for anything else."""
        return self.ru if locale == "ru" else self.en


def localise(value: object, locale: str) -> object:
    """Return a copy of `value` with every `Text` in it, however deep, replaced by one language.

    What comes back from `Product.fields` and `Category.attributes` is ready for JSON.
    """
    if isinstance(value, Text):
        return value.pick(locale)
    if isinstance(value, dict):
        return {key: localise(item, locale) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [localise(item, locale) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf. Each attribute has the keys code, name, type and target (product or sku).

    An attribute's `name` is a `Text`, the other values are plain strings: pass the tuple through
    `localise` before sending it.
    """

    id: int
    name: Text
    parent_id: int | None
    attributes: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Sku:
    """One thing that can be ordered.

    Fixed goods have a `price` in `currency` (USD). Custom goods have no price: `currency` is the
    face currency, `rate` turns one unit of it into USD, `markup_percent` and `markup_fixed` go on
    top, and `minimum`/`maximum` bound the amount in the face currency. The last four fields are
    for eSIMs; `data_gb` is None for unlimited data.
    """

    id: str
    name: Text
    image: str
    attributes: dict[str, object]
    currency: str
    price: Decimal | None
    stock: int
    max_per_order: int
    markup_percent: Decimal | None = None
    markup_fixed: Decimal | None = None
    rate: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    coverage: tuple[Coverage, ...] = ()
    data_gb: Decimal | None = None
    days: int | None = None
    renewable: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """A page of the catalog with its SKUs.

    `type` is one of voucher, recharge_fixed, recharge, voucher_open_range, esim, other;
    `denomination_type` is fixed or custom; `description` is HTML. `fields` says what an order must
    carry, raw and in several shapes on purpose: a list of strings, or of objects with code, name
    or key, label or title, type, required, options, regex or pattern, min, max. A label or title
    inside them is a `Text`: pass the list through `localise` before sending it.
    """

    id: str
    type: str
    denomination_type: str
    name: Text
    description: Text
    image: str
    category_id: int
    attributes: dict[str, object]
    fields: list[object]
    skus: tuple[Sku, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the sandbox partner sells, in a fixed order, with look-ups by id."""

    categories: tuple[Category, ...]
    products: tuple[Product, ...]
    _products: Mapping[str, Product] = field(init=False, repr=False, compare=False)
    _skus: Mapping[str, tuple[Product, Sku]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the look-ups once; the records never change afterwards."""
        object.__setattr__(self, "_products", {item.id: item for item in self.products})
        object.__setattr__(
            self, "_skus", {sku.id: (item, sku) for item in self.products for sku in item.skus}
        )

    def product(self, product_id: str) -> Product:
        """Return the product, or raise KeyError."""
        return self._products[product_id]

    def sku(self, sku_id: str) -> tuple[Product, Sku]:
        """Return the SKU and the product it belongs to, or raise KeyError."""
        return self._skus[sku_id]

"""What the pages show beside a list: the shelf's summary, the home page, one product."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from storefront.catalog.models import Product, Sku
from storefront.catalog.models.columns import in_reader_language


@dataclass(frozen=True)
class ShelfCategory:
    """A category with something visible on it or below it."""

    id: int
    slug: str
    parent_id: int | None
    name_en: str
    name_ru: str

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.name_en, self.name_ru)


# What one row of the database's state is, told from every other: (version, priced_at, xmin).
Edition = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Shelf:
    """The catalog as a whole: the same object for as long as nothing changes, so that what follows
    from it can be remembered. `priced_at` is when the prices were last confirmed, None before the
    first sync."""

    edition: Edition
    priced_at: datetime | None
    home: tuple[UUID, ...]
    destinations: tuple[UUID, ...]
    types: tuple[str, ...]
    countries: tuple[str, ...]
    categories: tuple[ShelfCategory, ...]

    def category_and_below(self, slug: str) -> set[int]:
        """The ids of a category and all its descendants; empty for one that is not here."""
        found = {category.id for category in self.categories if category.slug == slug}
        grown = True
        while grown:
            below = {c.id for c in self.categories if c.parent_id in found} - found
            found |= below
            grown = bool(below)
        return found


_STATE = "SELECT {} FROM catalog_catalogstate WHERE id = 1"
_EDITION = "version, priced_at, xmin::text"
_latest = Shelf((), None, (), (), (), (), ())


def current_shelf() -> Shelf:
    """The shelf as the database has it now: one small query, and another one after a change."""
    global _latest  # noqa: PLW0603  the one shelf this process remembers
    with connection.cursor() as cursor:
        cursor.execute(_STATE.format(_EDITION))
        if cursor.fetchone() != _latest.edition:
            cursor.execute(_STATE.format(f"{_EDITION}, shelf::text"))
            *edition, text = cursor.fetchone() or (0, None, "", "{}")
            _latest = _shelf(tuple(edition), json.loads(text))
    return _latest


def _shelf(edition: Edition, told: dict[str, Any]) -> Shelf:
    return Shelf(
        edition=edition,
        priced_at=edition[1],
        home=tuple(UUID(key) for key in told.get("home", [])),
        destinations=tuple(UUID(key) for key in told.get("destinations", [])),
        types=tuple(told.get("types", [])),
        countries=tuple(told.get("countries", [])),
        categories=tuple(ShelfCategory(**row) for row in told.get("categories", [])),
    )


def home_products(shelf: Shelf) -> tuple[list[Product], list[Product]]:
    """What the home page shows, in the order chosen when the shelf was last renewed: what people
    buy, and eSIMs by destination. One query."""
    wanted = {*shelf.home, *shelf.destinations}
    found = Product.objects.filter(pk__in=wanted, is_hidden=False).defer(*NOT_ON_CARDS)
    by_id = {product.pk: product for product in found}
    popular, destinations = (
        [by_id[key] for key in keys if key in by_id] for keys in (shelf.home, shelf.destinations)
    )
    return popular, destinations


def product_by_slug(slug: str) -> Product | None:
    """A visible product, or None."""
    visible = Product.objects.filter(is_hidden=False, type__in=Product.Type.values)
    return visible.filter(slug=slug).defer("description_raw").first()


def skus_of(product: Product) -> list[Sku]:
    """Its visible SKUs in the partner's order."""
    return list(Sku.objects.filter(product=product, is_hidden=False).order_by("position", "id"))


# Large columns no card needs.
NOT_ON_CARDS = (
    "description_en", "description_ru", "description_raw", "attributes", "fields", "offered",
)  # fmt: skip

"""What the pages show beside a list: the shelf's summary, the home page, one product."""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from storefront.catalog.models import Product, Sku
from storefront.catalog.models.columns import in_reader_language
from storefront.catalog.models.goods import NOT_ON_CARDS
from storefront.catalog.queries.offers import FRESH_FOR
from storefront.catalog.words import fold, words_of


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


class Kind(NamedTuple):
    """How many goods share category, type and country."""

    category: int | None
    type: str
    country: str
    number: int


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
    # Every visible product is counted in one of them. Empty until a sync has counted.
    kinds: tuple[Kind, ...] = ()
    # What people write, folded: the goods' words for it, and countries.
    also: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    # Words that very many products are found by, and those of brands, in their order.
    common: frozenset[str] = frozenset()
    brands: tuple[str, ...] = ()

    def begins_a_brand(self, word: str) -> bool:
        """Whether a word of a brand's name begins with this."""
        at = bisect_left(self.brands, word)
        return at < len(self.brands) and self.brands[at].startswith(word)

    def is_fresh(self, now: datetime) -> bool:
        """Whether all prices were confirmed lately enough to sell at."""
        return self.priced_at is not None and now - self.priced_at <= FRESH_FOR

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What pages keep of what follows from the shelf alone; it goes when the shelf changes."""
        return {}

    @cached_property
    def drawn(self) -> dict[Any, Any]:
        """Drawn parts of pages, as long as the shelf stands; see `catalog.drawn`."""
        return {}

    @cached_property
    def named_categories(self) -> list[tuple[list[str], set[int]]]:
        """The words each category is called by, and the ids of it and what is below it."""
        return [
            (words_of(f"{category.name_en} {category.name_ru}"), self.below(category.id))
            for category in self.categories
        ]

    @cached_property
    def category_ids(self) -> dict[str, int]:
        """The ids by slug."""
        return {category.slug: category.id for category in self.categories}

    def category_and_below(self, slug: str) -> set[int]:
        """The ids of a category and all its descendants; empty for one that is not here."""
        top = self.category_ids.get(slug)
        return set() if top is None else self.below(top)

    def below(self, top: int) -> set[int]:
        """The ids of a category and all its descendants, by its own."""
        found = {top}
        grown = True
        while grown:
            below = {c.id for c in self.categories if c.parent_id in found} - found
            found |= below
            grown = bool(below)
        return found


# The shelf itself only where it is another one than we remember.
_STATE = """
    SELECT version, priced_at, xmin::text, CASE
        WHEN (version, priced_at, xmin::text) IS DISTINCT FROM (%s::bigint, %s::timestamptz, %s)
        THEN shelf::text END
    FROM catalog_catalogstate WHERE id = 1
"""
_latest = Shelf((), None, (), (), (), (), ())


def current_shelf() -> Shelf:
    """The shelf as the database has it now, in one query: a small one while nothing changes."""
    global _latest  # noqa: PLW0603  the one shelf this process remembers
    *edition, text = _state(_latest.edition) or (None,)
    if tuple(edition) != _latest.edition:
        _latest = _shelf(tuple(edition), json.loads(text or "{}"))
    return _latest


def _state(known: Edition) -> Sequence[Any] | None:
    """The row, unless it is the one we know. It is the first that most pages ask for: whether the
    connection still works shows here, and need not be asked before."""
    is_first = not (connection.in_atomic_block or connection.health_check_done)  # type: ignore[attr-defined]  # the stubs lack it
    if is_first:
        connection.health_check_done = True  # type: ignore[attr-defined]  # as above
    try:
        return _asked(known)
    except (OperationalError, InterfaceError):
        if not is_first:
            raise
        connection.close()  # a new one is made by asking again
        return _asked(known)


def _asked(known: Edition) -> Sequence[Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(_STATE, known or (None, None, None))
        row: Sequence[Any] | None = cursor.fetchone()
    return row


def _shelf(edition: Edition, told: dict[str, Any]) -> Shelf:
    also: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for word, means, country in told.get("synonyms", []):
        also[fold(word)].append((means, country))
    return Shelf(
        edition=edition,
        priced_at=edition[1] if edition else None,
        home=tuple(UUID(key) for key in told.get("home", [])),
        destinations=tuple(UUID(key) for key in told.get("destinations", [])),
        types=tuple(told.get("types", [])),
        countries=tuple(told.get("countries", [])),
        categories=tuple(ShelfCategory(**row) for row in told.get("categories", [])),
        kinds=tuple(Kind(*row) for row in told.get("counts", [])),
        also=dict(also),
        common=frozenset(told.get("common", [])),
        brands=tuple(told.get("brands", [])),
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


# Which rows a product's page is made of: another version of any of them is another text. A row that
# is written anew has another place, or another writer, or both.
_ROWS = """
    SELECT concat_ws(' ', catalog_product.xmin, catalog_product.ctid,
        string_agg(concat(sku.xmin, sku.ctid), ' ' ORDER BY sku.id))
    FROM catalog_sku AS sku WHERE sku.product_id = catalog_product.id AND NOT sku.is_hidden
"""


def rows_of(slug: str) -> str:
    """The `rows` of a visible product as they are now, without reading it; else empty."""
    sql = f"SELECT ({_ROWS}) FROM catalog_product WHERE slug = %s AND NOT is_hidden"  # noqa: S608  our own words
    with connection.cursor() as cursor:
        cursor.execute(sql, [slug])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def product_by_slug(slug: str) -> Product | None:
    """A visible product, or None; its `rows` say of which rows its page is made."""
    visible = Product.objects.filter(is_hidden=False, type__in=Product.Type.values)
    rows = RawSQL(_ROWS, [], output_field=TextField())  # noqa: S611  our own words
    told = visible.annotate(rows=rows)
    return told.filter(slug=slug).defer("description_raw", "words").first()


def skus_of(product: Product) -> list[Sku]:
    """Its visible SKUs in the partner's order."""
    return list(Sku.objects.filter(product=product, is_hidden=False).order_by("position", "id"))

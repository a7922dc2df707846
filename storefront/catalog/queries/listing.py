"""The list page: filtered, sorted, one page at a time by key and never by offset or count.

A cursor says "after (or before) this key", so that a deep page costs what the first one costs.
Cursors and filters come from strangers: whatever they hold, there is an answer.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, Lookup, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from storefront.catalog.models import Product
from storefront.catalog.models.columns import NO_PRICE, name_in, price_or_last
from storefront.catalog.queries.cards import COLUMNS, CardRow, listed_row
from storefront.catalog.queries.finding import WHOLE, Search, read_search
from storefront.catalog.queries.shelf import Shelf
from storefront.catalog.words import words_of

PAGE_SIZE = 24
Row = TypeVar("Row")


@dataclass(frozen=True)
class Filters:
    """What the reader asked for, as text; empty means "all". `after` is a cursor of ours."""

    q: str = ""
    category: str = ""
    type: str = ""
    country: str = ""
    price_min: str = ""
    price_max: str = ""
    sort: str = ""
    after: str = ""


@dataclass(frozen=True)
class ListPage:
    """One page of products; the cursors are None where there is nothing further.

    `sort` is the order they are in. `search` is what was looked for. `is_lost` says that the
    address named a page which is none of ours, and that this is the first one.
    """

    products: tuple[CardRow, ...]
    next: str | None
    previous: str | None
    sort: str
    search: Search
    is_lost: bool = False


@dataclass(frozen=True)
class Sort:
    """An order: its SQL, its direction, and how a cursor's text becomes a key again."""

    key: Callable[[str], Expression | F]
    parse: Callable[[str], Any]
    descending: bool = False


def _price(text: str) -> Decimal:
    value = Decimal(text)
    if not 0 <= value <= NO_PRICE:
        raise ValueError("no price")
    return value


def _rank(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**63:
        raise ValueError("no rank")
    return value


def _moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("no zone")
    return value


def _name(text: str) -> str:
    if "\0" in text or len(text) > 400:
        raise ValueError("no name")
    text.encode()  # half a surrogate pair is a UnicodeEncodeError, which is a ValueError
    return text


POPULAR, BEST = "popular", "best"
SORTS = {
    POPULAR: Sort(lambda _: F("popularity"), _rank, descending=True),
    "name": Sort(name_in, _name),
    "price": Sort(lambda _: price_or_last(), _price),
    "-price": Sort(lambda _: price_or_last(descending=True), _price, descending=True),
    "newest": Sort(lambda _: F("first_seen_at"), _moment, descending=True),
}


def visible_products(
    filters: Filters, shelf: Shelf, *, language: str, size: int = PAGE_SIZE
) -> ListPage:
    """The page of visible products that `filters` ask for; unknown filters find nothing."""
    search = read_search(filters.q, shelf)
    name = sort_named(filters)
    sort = Sort(lambda _: search.rank(), _rank, descending=True) if name == BEST else SORTS[name]
    cursor = _read_cursor(filters.after, name, sort)
    backwards = cursor is not None and cursor.backwards
    downwards = sort.descending != backwards
    rows: list[tuple[Any, ...]] = []
    if name == BEST and search.is_common:
        rows = _best_of_many(filters, search, shelf, cursor, language=language, size=size)
    if len(rows) <= size:
        if name == BEST:
            goods = _in_order(sort.key(language), downwards)
        else:
            goods = _in_known_order(name, downwards, language)
        found = _matching(goods, filters, search, shelf)
        if cursor is not None:
            found = found.filter(_beyond(cursor, downwards=downwards))
        is_known = found is goods and name != BEST
        rows = _first(name, language, size + 1) if is_known else list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, cursor is not None)
    return ListPage(
        products=tuple(listed_row(row, language) for row in rows),
        next=_cursor(name, rows[-1], backwards=False) if rows and has_next else None,
        previous=_cursor(name, rows[0], backwards=True) if rows and has_previous else None,
        sort=name,
        search=search,
        is_lost=bool(filters.after) and cursor is None,
    )


def _best_of_many(
    filters: Filters,
    search: Search,
    shelf: Shelf,
    cursor: "_Cursor | None",
    *,
    language: str,
    size: int,
) -> list[tuple[Any, ...]]:
    """The same rows for a common search, but few are looked at: by popularity, until the page is
    full. Fewer where others come as well."""
    backwards = cursor is not None and cursor.backwards
    goods = _in_known_order(POPULAR, not backwards, language).filter(search.matches_whole())
    found = _matching(goods, replace(filters, q=""), Search(()), shelf)
    if cursor is not None:
        if cursor.key < WHOLE:
            return []
        place = replace(cursor, key=cursor.key - WHOLE)
        found = found.filter(_beyond(place, downwards=not backwards))
    return [(*row[:-2], row[-2] + WHOLE, row[-1]) for row in found[: size + 1]]


def sort_named(filters: Filters) -> str:
    """The order of the list: the one asked for, else what suits a search or none."""
    searches = bool(words_of(filters.q))
    if filters.sort in SORTS or (filters.sort == BEST and searches):
        return filters.sort
    return BEST if searches else POPULAR


def _visible() -> QuerySet[Product]:
    return Product.objects.filter(is_hidden=False, type__in=Product.Type.values)


def _in_order(key: Expression | F, downwards: bool) -> QuerySet[Product, tuple[Any, ...]]:
    """All goods as rows: `COLUMNS`, then the key and the id by which they are ordered."""
    order = ("-sort_key", "-id") if downwards else ("sort_key", "id")
    return (
        _visible().annotate(sort_key=key).order_by(*order).values_list(*COLUMNS, "sort_key", "id")
    )


@cache
def _in_known_order(
    name: str, downwards: bool, language: str
) -> QuerySet[Product, tuple[Any, ...]]:
    """The same, put together once: that takes longer than to ask for a page of it."""
    return _in_order(SORTS[name].key(language), downwards)


def _first(name: str, language: str, size: int) -> list[tuple[Any, ...]]:
    """The first rows in that order."""
    with connection.cursor() as cursor:
        cursor.execute(*_first_in_sql(name, language, size))
        rows = cursor.fetchall()
    at = COLUMNS.index("own_fields")  # Django reads JSON by itself
    return [(*row[:at], json.loads(row[at] or "null"), *row[at + 1 :]) for row in rows]


@cache
def _first_in_sql(name: str, language: str, size: int) -> tuple[str, tuple[Any, ...]]:
    """What is asked most, as SQL: Django takes four times as long to write it as it takes to
    answer it."""
    goods = _in_known_order(name, SORTS[name].descending, language)
    return goods[:size].query.sql_with_params()


def _matching(
    goods: QuerySet[Product, Row], filters: Filters, search: Search, shelf: Shelf
) -> QuerySet[Product, Row]:
    """Those that fulfil the filters, whatever the page."""
    found = _within(goods, filters, search)
    if filters.category:
        found = found.filter(category_id__in=shelf.category_and_below(filters.category))
    if filters.type:
        found = found.filter(type=filters.type)
    if filters.country:
        found = found.filter(country=filters.country.upper())
    return found


def within(filters: Filters, search: Search) -> QuerySet[Product]:
    """The goods that fulfil the search and the price: those that are counted by kind."""
    return _within(_visible(), filters, search)


def _within(
    goods: QuerySet[Product, Row], filters: Filters, search: Search
) -> QuerySet[Product, Row]:
    found = goods
    if search:
        found = found.filter(search.matches())
    if filters.price_min:
        found = found.filter(from_price__gte=_price(filters.price_min))
    if filters.price_max:
        found = found.filter(from_price__lte=_price(filters.price_max))
    return found


@dataclass(frozen=True)
class _Cursor:
    backwards: bool
    key: Any
    id: UUID


class _Pair(Func):
    """`(a, b)`. Compared as a whole an index seeks to it, however many products share one key."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def _beyond(cursor: _Cursor, *, downwards: bool) -> "Lookup[bool]":
    """Rows past the cursor."""
    compared = LessThan if downwards else GreaterThan
    return compared(_Pair(F("sort_key"), F("id")), _Pair(Value(cursor.key), Value(cursor.id)))


def _cursor(sort: str, row: Sequence[Any], *, backwards: bool) -> str:
    return cursor_at(sort, *row[-2:], backwards=backwards)


def cursor_at(sort: str, key: Any, at: UUID, *, backwards: bool = False) -> str:
    """The cursor of the page that begins behind (or ends before) the product `at`, whose key in
    that order is `key`."""
    text = key.isoformat() if isinstance(key, datetime) else str(key)
    packed = json.dumps([sort, backwards, text, at.hex], separators=(",", ":"))
    return urlsafe_b64encode(packed.encode()).rstrip(b"=").decode()


def _read_cursor(text: str, sort: str, parts: Sort) -> _Cursor | None:
    """The cursor, or None for none, for another order's, and for anything we did not write."""
    if not text or len(text) > 4000:
        return None
    try:
        packed = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        name, backwards, key, row = json.loads(packed)
        if name != sort:
            return None
        return _Cursor(backwards is True, parts.parse(key), UUID(row))
    except (ValueError, TypeError, AttributeError, InvalidOperation, RecursionError):
        return None

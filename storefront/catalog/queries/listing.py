"""The list page: filtered, sorted, one page at a time by key and never by offset or count.

A cursor says "after (or before) this key", so that a deep page costs what the first one costs.
Cursors and filters come from strangers: whatever they hold, there is an answer.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Expression, F, Q, QuerySet

from storefront.catalog.countries import codes_named
from storefront.catalog.models import Product
from storefront.catalog.models.columns import NO_PRICE, name_in, price_or_last
from storefront.catalog.queries.shelf import NOT_ON_CARDS, Shelf

PAGE_SIZE = 24
MOST_WORDS = 6


@dataclass(frozen=True)
class Filters:
    """What the reader asked for, as text; empty means "all". `after` is a cursor of ours."""

    q: str = ""
    category: str = ""
    type: str = ""
    country: str = ""
    sort: str = ""
    after: str = ""


@dataclass(frozen=True)
class ListPage:
    """One page of products; the cursors are None where there is nothing further."""

    products: list[Product]
    next: str | None
    previous: str | None


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


DEFAULT_SORT = "name"
SORTS = {
    "name": Sort(name_in, _name),
    "price": Sort(lambda _: price_or_last(), _price),
    "-price": Sort(lambda _: price_or_last(descending=True), _price, descending=True),
    "newest": Sort(lambda _: F("first_seen_at"), _moment, descending=True),
}


def visible_products(
    filters: Filters, shelf: Shelf, *, language: str, size: int = PAGE_SIZE
) -> ListPage:
    """The page of visible products that `filters` ask for; unknown filters find nothing."""
    name = filters.sort if filters.sort in SORTS else DEFAULT_SORT
    sort = SORTS[name]
    cursor = _read_cursor(filters.after, name, sort)
    backwards = cursor is not None and cursor.backwards
    found = _matching(filters, shelf).annotate(sort_key=sort.key(language))
    if cursor is not None:
        found = found.filter(_beyond(cursor, downwards=sort.descending != backwards))
    order = ("-sort_key", "-id") if sort.descending != backwards else ("sort_key", "id")
    rows: list[Any] = list(found.defer(*NOT_ON_CARDS).order_by(*order)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, cursor is not None)
    return ListPage(
        products=rows,
        next=_cursor(name, rows[-1], backwards=False) if rows and has_next else None,
        previous=_cursor(name, rows[0], backwards=True) if rows and has_previous else None,
    )


def _matching(filters: Filters, shelf: Shelf) -> QuerySet[Product]:
    found = Product.objects.filter(is_hidden=False, type__in=Product.Type.values)
    if filters.category:
        found = found.filter(category_id__in=shelf.category_and_below(filters.category))
    if filters.type:
        found = found.filter(type=filters.type)
    if filters.country:
        found = found.filter(country=filters.country.upper())
    for word in filters.q.split()[:MOST_WORDS]:
        named = Q(name_en__icontains=word) | Q(name_ru__icontains=word) | Q(brand__icontains=word)
        found = found.filter(named | Q(country__in=codes_named(word)))
    return found


@dataclass(frozen=True)
class _Cursor:
    backwards: bool
    key: Any
    id: UUID


def _beyond(cursor: _Cursor, *, downwards: bool) -> Q:
    """Rows past the cursor; the first condition alone is what an index can seek to."""
    to = "lt" if downwards else "gt"
    past = Q(**{f"sort_key__{to}": cursor.key}) | Q(sort_key=cursor.key, **{f"id__{to}": cursor.id})
    return Q(**{f"sort_key__{to}e": cursor.key}) & past


def _cursor(sort: str, row: Any, *, backwards: bool) -> str:
    key = row.sort_key
    text = key.isoformat() if isinstance(key, datetime) else str(key)
    packed = json.dumps([sort, backwards, text, row.pk.hex], separators=(",", ":"))
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

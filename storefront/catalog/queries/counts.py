"""How many goods each filter would leave, and what else to offer where none are left.

Without a search or a price the shelf has the numbers: nothing is counted for a page. Else what is
found is counted by kind, up to a bound.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from storefront.catalog.models import Product
from storefront.catalog.models.goods import NOT_ON_CARDS
from storefront.catalog.queries.finding import STEP, Search
from storefront.catalog.queries.listing import Filters, within
from storefront.catalog.queries.shelf import Kind, Shelf

# Counting more would cost more than it tells.
MOST_COUNTED = 2_000
NEAREST = 8
# With so many near things what others buy is no news.
ENOUGH = 4


@dataclass(frozen=True)
class Counts:
    """`total` is how many fulfil all filters, None where they were not counted; `at_least` so many
    are then known to fulfil search and price.

    The others: how many would be left with this value of one filter and the other filters as they
    are; a category counts what is below it, too.
    """

    total: int | None = None
    at_least: int = 0
    categories: Counter[int] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Found:
    """What fulfils search and price, whatever the other filters say: how many of each kind, or
    nothing but `at_least`, where there are too many to count."""

    kinds: tuple[Kind, ...] = ()
    at_least: int = 0


def counted(filters: Filters, search: Search) -> Found | None:
    """What is found, in one query; None, without any, where the shelf knows the numbers."""
    if not (search or filters.price_min or filters.price_max):
        return None
    some = within(filters, search).order_by().values_list("category_id", "type", "country")
    sql, parameters = some[: MOST_COUNTED + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_BY_KIND.format(sql), parameters)
        kinds = tuple(Kind(*row) for row in cursor.fetchall())
    is_many = sum(kind.number for kind in kinds) > MOST_COUNTED
    return Found(at_least=MOST_COUNTED) if is_many else Found(kinds)


def counts_of(found: Found | None, filters: Filters, shelf: Shelf) -> Counts:
    """The numbers beside the filters, of what was found or, without that, of the whole shelf."""
    kinds = shelf.kinds if found is None else found.kinds
    if kinds:
        return _added_up(kinds, filters, shelf)
    return Counts(at_least=found.at_least if found else 0)


_BY_KIND = """
    SELECT category, type, country, count(*)
    FROM ({}) AS found (category, type, country) GROUP BY category, type, country
"""


def _added_up(kinds: Iterable[Kind], filters: Filters, shelf: Shelf) -> Counts:
    wanted = shelf.category_and_below(filters.category)
    country = filters.country.upper()
    total, categories = 0, Counter[int | None]()
    types, countries = Counter[str](), Counter[str]()
    for kind in kinds:
        is_category = not filters.category or kind.category in wanted
        is_type = not filters.type or kind.type == filters.type
        is_country = not country or kind.country == country
        total += kind.number * (is_category and is_type and is_country)
        categories[kind.category] += kind.number * (is_type and is_country)
        types[kind.type] += kind.number * (is_category and is_country)
        countries[kind.country] += kind.number * (is_category and is_type)
    below = {
        category.id: sum(categories[one] for one in shelf.below(category.id))
        for category in shelf.categories
    }
    return Counts(total=total, categories=Counter(below), types=types, countries=countries)


@dataclass(frozen=True)
class Instead:
    """What is offered where nothing was found: what fulfils part of the search, else what people
    buy."""

    nearest: list[Product]
    popular: list[Product]


def offered_instead(search: Search, shelf: Shelf) -> Instead:
    """The nearest goods on sale, whatever the other filters say, and popular ones; one query."""
    wanted = Q(pk__in=shelf.home)
    if search:
        wanted |= search.matches_any()
    rows: list[Any] = list(
        Product.objects.filter(
            wanted, is_hidden=False, is_available=True, type__in=Product.Type.values
        )
        .annotate(place=search.fulfilled())
        .defer(*NOT_ON_CARDS)
        .order_by("-place", "id")[: 2 * NEAREST]
    )
    near = [row for row in rows if row.place >= STEP][:NEAREST]
    others = [row for row in rows if row.place < STEP][:NEAREST]
    return Instead(near, [] if len(near) >= ENOUGH else others)

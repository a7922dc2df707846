"""Reading margins: sums over a time, least margin first, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from storefront.catalog.models import Category, Product
from storefront.finance.models.margin import Booking, DailyMargin, OrderMargin, Share

FIGURES = ("sold", "refunded", "cost", "expected", "fees", "margin")
ZERO = Decimal(0)
# Dicts of a key and the figures; the stubs do not follow annotations.
Rows = Any
# Stand in for a product or a category where there is none, and sort before all others.
NO_PRODUCT, NO_CATEGORY = UUID(int=0), -1


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is looked at: days in UTC, both included, and perhaps one category or product."""

    since: date
    until: date
    category: int | None = None
    product: UUID | None = None


class Figures(NamedTuple):
    """Sums in the shop's currency. `expected` is what the cost was to be when it was ordered."""

    sold: Decimal = ZERO
    refunded: Decimal = ZERO
    cost: Decimal = ZERO
    expected: Decimal = ZERO
    fees: Decimal = ZERO
    margin: Decimal = ZERO


class Line(NamedTuple):
    """The figures of one order, product, category or day; `mark` is its place in the list."""

    key: Any
    figures: Figures
    mark: str


class Mark(NamedTuple):
    """After which line a page begins."""

    margin: Decimal
    key: Any


def totals(scope: Scope) -> Figures:
    """Of everything in scope."""
    found = _daily(scope).aggregate(**_sums())
    return Figures(*(found[f"the_{name}"] or ZERO for name in FIGURES))


def by_product(scope: Scope, *, after: Mark | None = None) -> Rows:
    """Products; of those without one there is one line."""
    return _grouped(scope, Coalesce("product_id", Value(NO_PRODUCT)), after)


def by_category(scope: Scope, *, after: Mark | None = None) -> Rows:
    """Categories as products have them, so that no figure is in two lines."""
    return _grouped(scope, Coalesce("product__category_id", Value(NO_CATEGORY)), after)


def by_day(scope: Scope, *, after: Mark | None = None) -> Rows:
    """Days that have any entry."""
    return _grouped(scope, F("day"), after)


def by_order(scope: Scope, *, after: Mark | None = None) -> Rows:
    """Orders whose first entry is of these days, each through its whole life."""
    rows = OrderMargin.objects.filter(
        currency=settings.STORE_CURRENCY, day__gte=scope.since, day__lte=scope.until
    )
    if after:
        later = Q(margin__gt=after.margin) | Q(id__gt=after.key)
        rows = rows.filter(later, margin__gte=after.margin)
    names = {f"the_{name}": F(name) for name in FIGURES}
    return rows.order_by("margin", "id").values("order_number", key=F("id"), **names)


def line(row: dict[str, Any]) -> Line:
    """Of a row of the lists above."""
    figures = Figures(*(row[f"the_{name}"] for name in FIGURES))
    return Line(row.get("order_number", row["key"]), figures, f"{figures.margin}:{row['key']}")


def order(number: str) -> Figures:
    """Of one order; nothing of one that has no entry."""
    rows = OrderMargin.objects.filter(order_number=number, currency=settings.STORE_CURRENCY)
    found = rows.values_list(*FIGURES).first()
    return Figures(*found) if found else Figures()


def shares(scope: Scope, *, number: str = "", after: int | None = None) -> QuerySet[Share]:
    """The entries that the figures are sums of, newest first, each with its part; of an order all
    there are. `after` is the last share of the page before.
    """
    rows = Share.objects.filter(currency=settings.STORE_CURRENCY).select_related("entry")
    if number:
        rows = rows.filter(entry__order_number=number)
    else:
        rows = rows.filter(day__gte=scope.since, day__lte=scope.until)
        if scope.product:
            rows = rows.filter(product_id=_nullable(scope.product, NO_PRODUCT))
    last = Share.objects.filter(pk=after).first() if after else None
    if last:
        rows = rows.filter(Q(day__lt=last.day) | Q(day=last.day, pk__lt=last.pk))
    found: QuerySet[Share] = rows.order_by("-day", "-pk")
    return found


def product_names(keys: Iterable[UUID]) -> dict[UUID, str]:
    """In the reader's language."""
    return _names(Product.objects.only("name_en", "name_ru"), keys)


def category_names(keys: Iterable[int]) -> dict[int, str]:
    """In the reader's language."""
    return _names(Category.objects.only("name_en", "name_ru"), keys)


def booking() -> Booking:
    """How far the figures go."""
    return Booking.objects.filter(pk=1).first() or Booking(pk=1)


def _names(rows: QuerySet[Any], keys: Iterable[Any]) -> dict[Any, str]:
    return {key: row.name for key, row in rows.in_bulk(list(keys)).items()}


def _daily(scope: Scope) -> QuerySet[DailyMargin]:
    rows = DailyMargin.objects.filter(
        currency=settings.STORE_CURRENCY, day__gte=scope.since, day__lte=scope.until
    )
    if scope.product:
        rows = rows.filter(product_id=_nullable(scope.product, NO_PRODUCT))
    if scope.category == NO_CATEGORY:
        rows = rows.filter(product__category=None)
    elif scope.category:
        rows = rows.filter(product__category_id=scope.category)
    return rows


def _grouped(scope: Scope, key: Any, after: Mark | None) -> Rows:
    rows: Rows = _daily(scope).values(key=key).annotate(**_sums())
    if after:
        rows = rows.filter(
            Q(the_margin__gt=after.margin) | Q(the_margin=after.margin, key__gt=after.key)
        )
    return rows.order_by("the_margin", "key")


def _nullable(key: Any, none: Any) -> Any:
    return None if key == none else key


def _sums() -> dict[str, Sum]:
    return {f"the_{name}": Sum(name) for name in FIGURES}

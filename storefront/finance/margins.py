"""The margin page's lists as people read them: names, money, and where each line leads."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from storefront.core import spreadsheets
from storefront.core.money import Money, money, quantize, shown
from storefront.finance.chart import Chart, chart
from storefront.finance.labels import labels, times
from storefront.finance.queries import margin as queries
from storefront.finance.queries.margin import Figures, Line, Mark, Scope

PAGE, MOST_LINES = 50, 1_000_000
DAY = timedelta(days=1)
_MARK = re.compile(r"(-?\d{1,14}(?:\.\d{1,4})?):([\w-]{1,40})\Z", re.ASCII)


class View(NamedTuple):
    """One way to list: the query, and how the key of a line is read."""

    rows: Callable[..., Any]
    key: Callable[[str], Any]


VIEWS = {
    "product": View(queries.by_product, UUID),
    "category": View(queries.by_category, int),
    "order": View(queries.by_order, int),
    "day": View(queries.by_day, date.fromisoformat),
}


@dataclass(frozen=True)
class Sums:
    """Figures as money. `excess` is what the cost was above what was expected; `percent` of what
    was sold, with one digit, is none where nothing was.
    """

    sold: Money
    refunded: Money
    cost: Money
    expected: Money
    excess: Money
    fees: Money
    margin: Money
    percent: Decimal | None

    @property
    def is_loss(self) -> bool:
        """Whether more went out than came in."""
        return bool(self.margin.amount < 0)


class Row(NamedTuple):
    """One line of the page: `inside` lists what it is made of, or else the entries themselves."""

    name: str
    sums: Sums
    inside: str


@dataclass(frozen=True)
class Page:
    """All of it; `after` is the mark of the next page, if there is one."""

    by: str
    scope: Scope
    within: str
    totals: Sums
    rows: list[Row]
    after: str
    chart: Chart | None
    labels: list[str]
    times: list[str]


def page(*, by: str, scope: Scope, after: str) -> Page:
    """Fifty lines of one list, least margin first."""
    view = VIEWS[by]
    found = [queries.line(row) for row in view.rows(scope, after=mark(by, after))[: PAGE + 1]]
    lines, drawn = found[:PAGE], _drawn(scope) if by == "day" else None
    language = get_language() or "en"
    return Page(
        by=by,
        scope=scope,
        within=_within(scope),
        totals=sums(queries.totals(scope)),
        rows=list(_rows(by, scope, lines)),
        after=lines[-1].mark if len(found) > PAGE else "",
        chart=drawn,
        labels=labels(drawn, settings.STORE_CURRENCY, language) if drawn else [],
        times=times(*_ends(scope), language),
    )


def mark(by: str, text: str) -> Mark | None:
    """Where a page begins, as the page before wrote it; from the start when it makes no sense."""
    if not (found := _MARK.match(text)):
        return None
    try:
        return Mark(Decimal(found[1]), VIEWS[by].key(found[2]))
    except (ValueError, InvalidOperation):
        return None


def sums(figures: Figures) -> Sums:
    """In the shop's currency."""
    currency, percent = settings.STORE_CURRENCY, None
    if figures.sold:
        percent = (figures.margin * 100 / figures.sold).quantize(Decimal("0.1"))
    whole = {name: money(amount, currency) for name, amount in figures._asdict().items()}
    return Sums(**whole, excess=money(figures.cost - figures.expected, currency), percent=percent)


def as_csv(*, by: str, scope: Scope) -> Iterator[str]:
    """The same list as lines of a file, at most MOST_LINES; amounts as they are kept."""
    return spreadsheets.lines(_cells(by, scope))


def _cells(by: str, scope: Scope) -> Iterator[list[str]]:
    yield [by, "name", "currency", *Figures._fields]
    rows = VIEWS[by].rows(scope)[:MOST_LINES]
    lines = map(queries.line, rows.iterator(2000) if by == "order" else list(rows))
    for name, line in _named(by, lines):
        amounts = [f"{amount:f}" for amount in line.figures]
        yield [line.key, spreadsheets.harmless(name), settings.STORE_CURRENCY, *amounts]


def _named(by: str, lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    if by in {"order", "day"}:
        for line in lines:
            yield line.key if by == "order" else date_format(line.key, "DATE_FORMAT"), line
        return
    known = list(lines)
    keys = [line.key for line in known]
    is_product = by == "product"
    names = queries.product_names(keys) if is_product else queries.category_names(keys)
    for line in known:
        yield names.get(line.key) or (_("No product") if is_product else _("No category")), line


def _rows(by: str, scope: Scope, lines: list[Line]) -> Iterator[Row]:
    days = {"since": scope.since.isoformat(), "until": scope.until.isoformat()}
    for name, line in _named(by, lines):
        sought = {
            "product": {**days, "product": line.key},
            "category": {**days, "category": line.key, "by": "product"},
            "order": {"order": line.key},
            "day": {"since": line.key, "until": line.key},
        }[by]
        address = reverse("finance:margin" if by == "category" else "finance:entries")
        yield Row(name, sums(line.figures), f"{address}?{urlencode(sought)}")


def _within(scope: Scope) -> str:
    """The name of the category that is looked at alone; nothing without one."""
    if scope.category is None:
        return ""
    return queries.category_names([scope.category]).get(scope.category) or _("No category")


def _ends(scope: Scope) -> tuple[datetime, datetime]:
    """From the start of the first day to the last moment of the last one."""
    return _start(scope.since), datetime.combine(scope.until, time.max, UTC)


def _drawn(scope: Scope) -> Chart | None:
    """The margin of each day from its start to its end; a day without entries has none."""
    since, until = _ends(scope)
    known = sorted(map(queries.line, queries.by_day(scope)), key=lambda line: line.key)
    points: list[tuple[datetime, Decimal]] = []
    for line in known:
        if points and points[-1][0] < _start(line.key) - DAY:
            points.append((points[-1][0] + DAY, queries.ZERO))
        points.append((_start(line.key), line.figures.margin))
    return chart(points, since=since, until=until, mark=None) if points else None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def exact(amount: Decimal, currency: str) -> str:
    """`$1.49`; with all its digits where it has more than the currency: `1.4925 USD`."""
    if quantize(amount, currency) == amount:
        return shown(money(amount, currency), get_language() or "en")
    return f"{amount.normalize():f} {currency}"

"""What the float's page shows: figures in money and words, read in ten questions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import get_language

from storefront.core.money import Money, money
from storefront.finance.chart import Chart, chart
from storefront.finance.labels import labels, times
from storefront.finance.models.balance import Alerts, BalanceReading
from storefront.finance.queries import balance as queries

# How many days the chart shows, by the reader's choice; the first unless chosen.
DAYS = (7, 1, 30, 90)
POINTS, ROWS = 168, 24


@dataclass(frozen=True)
class Row:
    """One line of the table below the chart. `difference` is what our books do not explain."""

    at: datetime
    available: Money
    balance: Money
    reserved: Money
    difference: Money | None


@dataclass(frozen=True)
class Figures:
    """The partner's figures and ours, as of `at`."""

    at: datetime
    available: Money
    balance: Money
    reserved: Money
    overdraft: Money
    overdraft_limit: Money | None
    claimed: Money
    under_way: Money
    spendable: Money
    expected: Money | None
    difference: Money | None
    # Whether the partner's figures make its own `available`.
    adds_up: bool


@dataclass(frozen=True)
class Dashboard:
    """All of it. Without figures the partner has never answered yet."""

    figures: Figures | None
    # Why the last question had no answer, and when it was asked.
    error: BalanceReading | None
    runway: int | None
    pace: Money
    burn_hour: Money
    burn_day: Money
    burn_week: Money
    waiting: queries.Waiting
    waiting_cost: Money
    cases: int
    alerts: Alerts
    threshold: Money | None
    is_low: bool
    days: int
    chart: Chart | None
    labels: list[str]
    times: list[str]
    rows: list[Row]


def dashboard(*, now: datetime, days: int) -> Dashboard:
    """As things are; `days` is one of DAYS."""
    last = queries.last_reading()
    answer = last if last and not last.error else queries.last_answer()
    currency = answer.currency if answer else settings.PARTNER_CURRENCY
    alerts, burnt = queries.alerts(), queries.burn(currency, now=now)
    waiting = queries.waiting(currency)
    since, language = now - timedelta(days=days), get_language() or "en"
    readings = [
        reading
        for reading in queries.history(since=since, until=now, points=POINTS)
        if reading.currency == currency
    ]
    points = [(r.at, r.available) for r in readings if r.available is not None]
    drawn = chart(points, since=since, until=now, mark=alerts.threshold) if points else None
    return Dashboard(
        figures=figures(answer) if answer else None,
        error=last if last and last.error else None,
        runway=queries.runway(answer, burnt) if answer else None,
        pace=money(burnt.an_hour, currency),
        burn_hour=money(burnt.hour, currency),
        burn_day=money(burnt.day, currency),
        burn_week=money(burnt.week, currency),
        waiting=waiting,
        waiting_cost=money(waiting.cost, currency),
        cases=queries.open_cases(),
        alerts=alerts,
        threshold=None if alerts.threshold is None else money(alerts.threshold, currency),
        is_low=answer is not None and queries.is_low(answer, alerts),
        days=days,
        chart=drawn,
        labels=labels(drawn, currency, language) if drawn else [],
        times=times(since, now, language),
        rows=[_row(reading) for reading in readings[: -ROWS - 1 : -1]],
    )


def figures(reading: BalanceReading) -> Figures:
    """Of a reading that has figures."""
    balance, limit = _money(reading, "balance"), _money(reading, "overdraft_limit")
    nothing = money(queries.ZERO, reading.currency)
    credit = reading.overdraft_limit if reading.is_overdraft_allowed else None
    return Figures(
        at=reading.at,
        available=_money(reading, "available"),
        balance=balance,
        reserved=_money(reading, "reserved"),
        overdraft=max(nothing, -balance),
        overdraft_limit=limit if reading.is_overdraft_allowed else None,
        claimed=_money(reading, "claimed"),
        under_way=_money(reading, "under_way"),
        spendable=money(queries.spendable(reading), reading.currency),
        expected=None if reading.expected is None else _money(reading, "expected"),
        difference=_difference(reading),
        adds_up=reading.available == reading.free + (credit or queries.ZERO),
    )


def _row(reading: BalanceReading) -> Row:
    amounts = {name: _money(reading, name) for name in ("available", "balance", "reserved")}
    return Row(at=reading.at, difference=_difference(reading), **amounts)


def _difference(reading: BalanceReading) -> Money | None:
    """What moved the balance beside our purchases: above zero a top-up, below it a question."""
    if reading.expected is None:
        return None
    return money(reading.free - reading.expected, reading.currency)


def _money(reading: BalanceReading, name: str) -> Money:
    return money(getattr(reading, name), reading.currency)

"""Reading the float: what was said, what is spent, what waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet, Sum

from storefront.cases.models import Case
from storefront.finance.models.balance import Alerts, BalanceReading
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.queries import waiting_for_funds
from storefront.fulfillment.states import ACTIVE
from storefront.ledger.models import Entry, Kind

DAY, WEEK = timedelta(days=1), timedelta(days=7)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Burn:
    """What purchases cost in the last hour, day and week, in the partner's currency."""

    hour: Decimal
    day: Decimal
    week: Decimal

    @property
    def an_hour(self) -> Decimal:
        """By the last day; by the last week when the last day had no purchase."""
        return self.day / 24 if self.day else self.week / (7 * 24)


@dataclass(frozen=True)
class Waiting:
    """Orders that wait for a top-up: how many, what they will cost, since when the first."""

    orders: int
    cost: Decimal
    since: datetime | None


def last_reading() -> BalanceReading | None:
    """The last question, answered or not."""
    return BalanceReading.objects.order_by("-at", "-pk").first()


def last_answer() -> BalanceReading | None:
    """The last figures there are."""
    return BalanceReading.objects.filter(error="").order_by("-at", "-pk").first()


def alerts() -> Alerts:
    """As saved, or as they are before anybody did."""
    return Alerts.objects.filter(pk=1).first() or Alerts(pk=1)


def under_way(currency: str) -> Decimal:
    """What is expected to be charged for orders the partner has and has not finished."""
    rows = _open(currency).exclude(partner_order_id="")
    return rows.aggregate(total=Sum("expected_cost"))["total"] or ZERO


def waiting(currency: str) -> Waiting:
    """For funds alone."""
    sums = waiting_for_funds(currency).aggregate(
        orders=Count("line__order_id", distinct=True),
        cost=Sum("expected_cost"),
        since=Min("created_at"),
    )
    return Waiting(sums["orders"], sums["cost"] or ZERO, sums["since"])


def spent(currency: str, *, after: datetime, until: datetime) -> Decimal:
    """Costs booked after the one time and until the other."""
    rows = _costs(currency).filter(at__gt=after, at__lte=until)
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO


def burn(currency: str, *, now: datetime) -> Burn:
    """By the ledger."""
    sums = (
        _costs(currency)
        .filter(at__gt=now - WEEK, at__lte=now)
        .aggregate(
            hour=Sum("amount", filter=Q(at__gt=now - timedelta(hours=1))),
            day=Sum("amount", filter=Q(at__gt=now - DAY)),
            week=Sum("amount"),
        )
    )
    return Burn(*(sums[name] or ZERO for name in ("hour", "day", "week")))


def runway(reading: BalanceReading, burnt: Burn) -> int | None:
    """Whole hours until all of it is spent at this pace; None while nothing is bought."""
    if not burnt.an_hour:
        return None
    return int(max(ZERO, spendable(reading)) / burnt.an_hour)


def spendable(reading: BalanceReading) -> Decimal:
    """What the partner lets us spend, less what is spoken for. Of a reading with figures."""
    return (reading.available or ZERO) - (reading.claimed or ZERO)


def is_low(reading: BalanceReading, alerts: Alerts) -> bool:
    """Whether less can be spent than finance wants to be told of."""
    available, threshold = reading.available, alerts.threshold
    return available is not None and threshold is not None and available < threshold


def history(*, since: datetime, until: datetime, points: int) -> list[BalanceReading]:
    """The last figures of each of so many equal parts of the time, oldest first."""
    width = (until - since) / points
    rows = BalanceReading.objects.raw(
        "SELECT DISTINCT ON (part) * FROM (SELECT *,"
        " floor(extract(epoch FROM at - %(since)s) / %(width)s) AS part"
        " FROM finance_balancereading WHERE error = '' AND at > %(since)s AND at <= %(until)s)"
        " AS readings ORDER BY part, at DESC, id DESC",
        {"since": since, "until": until, "width": Decimal(width // timedelta(seconds=1))},
    )
    return list(rows)


def open_cases() -> int:
    """How many there are in the inbox."""
    return Case.objects.filter(closed_at=None).count()


def _open(currency: str) -> QuerySet[Purchase]:
    # In the words of the index of open purchases.
    return Purchase.objects.filter(status__in=sorted(ACTIVE), cost_currency=currency)


def _costs(currency: str) -> QuerySet[Entry]:
    rows: QuerySet[Entry] = Entry.objects.filter(kind=Kind.COST, currency=currency)
    return rows

"""The words beside a chart: amounts and moments at equal distances. Pure."""

from datetime import UTC, datetime, timedelta

from babel.dates import format_skeleton

from storefront.catalog.labels import short_money
from storefront.finance.chart import Chart

_DAY = timedelta(days=1)


def labels(drawn: Chart, currency: str, language: str) -> list[str]:
    """The amounts of its scale, from the top down."""
    return [short_money(amount, currency, language) for amount in drawn.labels]


def times(since: datetime, until: datetime, language: str) -> list[str]:
    """Five moments, both ends among them: hours of one day, else days, in UTC."""
    moments = [since + (until - since) * part / 4 for part in range(5)]
    form = "Hm" if until - since <= _DAY else "MMMd"
    return [format_skeleton(form, at, tzinfo=UTC, locale=language) for at in moments]

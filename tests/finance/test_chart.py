"""The chart's geometry: what is drawn is where it belongs, on a scale of round steps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.finance.chart import HEIGHT, STEPS, WIDTH, chart

START = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)
amounts = st.decimals(min_value=-100_000, max_value=10_000_000, places=2)


def test_a_line_holds_each_amount_until_the_next() -> None:
    points = [(START, Decimal(0)), (START + DAY / 2, Decimal(400))]
    drawn = chart(points, since=START, until=START + DAY, mark=Decimal(100))
    assert drawn.line == f"M0 {HEIGHT}H500V0H{WIDTH}"
    assert (drawn.zero, drawn.mark) == (HEIGHT, 225)
    assert drawn.labels == [400, 300, 200, 100, 0]


@given(st.lists(amounts, min_size=1, max_size=5), st.none() | st.decimals(0, 10**6, places=2))
def test_every_amount_and_zero_are_within_the_picture(
    given: list[Decimal], mark: Decimal | None
) -> None:
    points = [(START + DAY * at / 5, amount) for at, amount in enumerate(given)]
    drawn = chart(points, since=START, until=START + DAY, mark=mark)
    high, low = drawn.labels[0], drawn.labels[-1]
    assert len(drawn.labels) == STEPS + 1
    assert all(low <= amount <= high for amount in [Decimal(0), *given])
    assert 0 <= drawn.zero <= HEIGHT
    assert mark is None or 0 <= (drawn.mark or 0) <= HEIGHT


def test_nothing_can_not_be_drawn() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        chart([], since=START, until=START + DAY, mark=None)

"""From cost to price: ten percent on top, rounded up, never across currencies without a rate."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.pricing import NoRate, retail

COSTS = st.decimals(min_value="0.0001", max_value="1000000", places=4)


def usd(cost: str) -> Decimal:
    return retail(Decimal(cost), currency="USD", into="USD", rates={})


@pytest.mark.parametrize(
    ("cost", "price"),
    [("10", "11.00"), ("2.2", "2.42"), ("9.09", "10.00"), ("9.10", "10.01"), ("0.0001", "0.01")],
)
def test_ten_percent_on_top_rounded_up_to_the_cent(cost: str, price: str) -> None:
    assert usd(cost) == Decimal(price)


def test_minor_units_are_those_of_the_shops_currency() -> None:
    rates = {("USD", "JPY"): Decimal("150.5"), ("USD", "KWD"): Decimal("0.307")}
    assert retail(Decimal(10), currency="USD", into="JPY", rates=rates) == Decimal(1656)
    assert retail(Decimal(10), currency="USD", into="KWD", rates=rates) == Decimal("3.377")


def test_a_rate_counts_in_its_own_direction_only() -> None:
    with pytest.raises(NoRate):
        retail(Decimal(1), currency="EUR", into="USD", rates={("USD", "EUR"): Decimal(1)})


@given(COSTS)
def test_no_price_is_below_cost_plus_margin_nor_a_cent_above_it(cost: Decimal) -> None:
    exact = cost * Decimal("1.1")
    price = usd(str(cost))
    assert exact <= price < exact + Decimal("0.01")


@given(COSTS, COSTS)
def test_what_costs_more_is_never_cheaper(one: Decimal, other: Decimal) -> None:
    low, high = sorted([one, other])
    assert usd(str(low)) <= usd(str(high))

"""The expected cost of a free amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_api import custom_cost

MONEY = st.decimals(0, 10**9, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("amount", "rate", "percent", "fixed", "cost"),
    [
        ("100", "0.272", "-2", "0", "26.656"),
        ("100", "0.272", "0", "0", "27.2"),
        ("50", "1", "3.5", "0.25", "52.00"),
        (
            "1234567890123456.78",
            "0.1234567890123456789",
            "1.25",
            "0",
            "154320984876543.2209706790249984567912750",
        ),
        ("0.01", "0.00027229408441116409", "-2", "0", "0.000002668482027229408082"),
    ],
)
def test_the_formula_is_exact(amount: str, rate: str, percent: str, fixed: str, cost: str) -> None:
    assert custom_cost(
        amount=Decimal(amount),
        rate=Decimal(rate),
        markup_percent=Decimal(percent),
        markup_fixed=Decimal(fixed),
    ) == Decimal(cost)


@given(amount=MONEY, rate=MONEY, fixed=MONEY)
def test_without_percent_it_is_a_plain_conversion(
    amount: Decimal, rate: Decimal, fixed: Decimal
) -> None:
    cost = custom_cost(amount=amount, rate=rate, markup_percent=Decimal(0), markup_fixed=fixed)
    assert cost - fixed == amount * rate

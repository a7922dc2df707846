"""From cost to price: percent and fixed part on top, an ending, upward, and never below margin."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.pricing import DEFAULT_TERMS, ENDINGS, Terms, custom_cost, retail
from storefront.core.money import decimals

COSTS = st.decimals(min_value="0.0001", max_value="1000000", places=4)
RATES = st.decimals(min_value="0.0000000001", max_value="100000", places=10)
PERCENTS = st.decimals(min_value="-99.9999", max_value="500", places=4)
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])
TERMS = st.builds(
    Terms,
    percent=PERCENTS,
    fixed=st.decimals(min_value="-100", max_value="100", places=4),
    rounding=st.sampled_from(["none", *ENDINGS]),
    minimum_margin_percent=st.decimals(min_value="0", max_value="100", places=4),
    minimum_margin_fixed=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("12.3456")]),
)


def usd(cost: str, **terms: str) -> Decimal:
    numbers = {
        name: value if name == "rounding" else Decimal(value) for name, value in terms.items()
    }
    made = Terms(**({"percent": Decimal(10)} | numbers))  # type: ignore[arg-type]  # by name
    return retail(Decimal(cost), rate=Decimal(1), terms=made, currency="USD")


@pytest.mark.parametrize(
    ("cost", "price"),
    [("10", "11.00"), ("2.2", "2.42"), ("9.09", "10.00"), ("9.10", "10.01"), ("0.0001", "0.01")],
)
def test_ten_percent_on_top_rounded_up_to_the_cent_where_no_rule_is(cost: str, price: str) -> None:
    asked = retail(Decimal(cost), rate=Decimal(1), terms=DEFAULT_TERMS, currency="USD")
    assert asked == Decimal(price)


@pytest.mark.parametrize(
    ("rounding", "cost", "price"),
    [
        ("99", "9", "9.99"), ("99", "9.10", "10.99"), ("99", "0.10", "0.99"),
        ("50", "9", "10.50"), ("50", "0.2", "0.50"), ("50", "9.55", "11.50"),
        ("whole", "9", "10"), ("whole", "10", "11"), ("whole", "10.1", "12"),
    ],
)  # fmt: skip
def test_a_price_ends_as_the_rule_says_and_never_below_what_it_was(
    rounding: str, cost: str, price: str
) -> None:
    assert usd(cost, rounding=rounding) == Decimal(price)


@pytest.mark.parametrize(
    ("currency", "rounding", "price"),
    [
        ("JPY", "none", "1656"), ("JPY", "99", "1699"), ("JPY", "50", "1750"),
        ("JPY", "whole", "1700"), ("KWD", "none", "1655.500"), ("KWD", "99", "1655.990"),
        ("KWD", "50", "1655.500"), ("KWD", "whole", "1656"),
    ],
)  # fmt: skip
def test_endings_fit_currencies_of_none_and_three_decimals(
    currency: str, rounding: str, price: str
) -> None:
    terms = Terms(percent=Decimal(10), rounding=rounding)
    asked = retail(Decimal(10), rate=Decimal("150.5"), terms=terms, currency=currency)
    assert asked == Decimal(price)


def test_a_fixed_part_comes_on_top_of_the_percents() -> None:
    assert usd("10", percent="5", fixed="0.30") == Decimal("10.80")


@pytest.mark.parametrize(
    ("terms", "price"),
    [
        ({"percent": "-20"}, "10.00"),
        ({"percent": "0", "fixed": "-1"}, "10.00"),
        ({"percent": "3", "minimum_margin_percent": "5"}, "10.50"),
        ({"percent": "5", "minimum_margin_percent": "5"}, "10.50"),
        ({"percent": "-20", "minimum_margin_percent": "0.001"}, "10.01"),
        ({"percent": "3", "minimum_margin_fixed": "0.75"}, "10.75"),
        ({"percent": "3", "minimum_margin_percent": "9", "minimum_margin_fixed": "0.75"}, "10.90"),
    ],
)
def test_a_price_that_would_lose_money_is_raised_to_the_minimum_margin(
    terms: dict[str, str], price: str
) -> None:
    assert usd("10", **terms) == Decimal(price)


@pytest.mark.parametrize(
    ("amount", "percent", "fixed", "cost"),
    [
        ("100", "-2", "0", "26.66"),  # 26.656
        ("100", None, None, "27.20"),
        ("50", "5", "0.25", "14.53"),
        ("0.1", "0", "0.0178", "0.05"),  # 0.045
    ],
)
def test_a_custom_cost_is_the_partners_formula(
    amount: str, percent: str | None, fixed: str | None, cost: str
) -> None:
    made = custom_cost(
        Decimal(amount),
        rate=Decimal("0.272"),
        percent=Decimal(percent) if percent else None,
        fixed=Decimal(fixed) if fixed else None,
        currency="USD",
    )
    assert made == Decimal(cost)


@given(COSTS, RATES, TERMS, CURRENCIES)
def test_no_price_is_below_cost_plus_the_minimum_margin(
    cost: Decimal, rate: Decimal, terms: Terms, currency: str
) -> None:
    price = retail(cost, rate=rate, terms=terms, currency=currency)
    assert price > 0
    assert price * 100 >= cost * rate * (100 + terms.minimum_margin_percent)
    assert price >= cost * rate + terms.minimum_margin_fixed
    assert price * 100 >= cost * rate * (100 + terms.percent) + 100 * terms.fixed


@given(COSTS, RATES, TERMS, CURRENCIES)
def test_a_price_is_payable_and_less_than_one_step_above_what_it_must_be(
    cost: Decimal, rate: Decimal, terms: Terms, currency: str
) -> None:
    price = retail(cost, rate=rate, terms=terms, currency=currency)
    minor = price.scaleb(decimals(currency))
    assert minor == minor.to_integral_value()
    ours = cost * rate
    must = max(
        ours * (100 + terms.percent) / 100 + terms.fixed,
        ours * (100 + terms.minimum_margin_percent) / 100,
        ours + terms.minimum_margin_fixed,
    )
    whole = 100 if currency == "JPY" else 1
    coin = Decimal(1).scaleb(-decimals(currency))
    assert price < must + (coin if terms.rounding == "none" else whole)


@given(COSTS, COSTS, RATES, TERMS, CURRENCIES)
def test_what_costs_more_is_never_cheaper(
    one: Decimal, other: Decimal, rate: Decimal, terms: Terms, currency: str
) -> None:
    low, high = sorted([one, other])
    asked = [retail(cost, rate=rate, terms=terms, currency=currency) for cost in (low, high)]
    assert asked[0] <= asked[1]

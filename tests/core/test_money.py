"""Money is exact, rounds in one place, and is shown in the reader's language."""

from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.money import as_minor, money, quantize, shown


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.425", "USD", "2.43"),
        ("2.424", "USD", "2.42"),
        ("1000.5", "JPY", "1001"),
        ("1.2345", "KWD", "1.235"),
    ],
)
def test_amounts_round_half_up_to_the_minor_unit(amount: str, currency: str, rounded: str) -> None:
    assert quantize(Decimal(amount), currency) == Decimal(rounded)


def test_another_rounding_must_be_asked_for() -> None:
    assert quantize(Decimal("2.429"), "USD", ROUND_DOWN) == Decimal("2.42")


@given(st.integers(0, 10**12))
def test_minor_units_are_exact(cents: int) -> None:
    assert as_minor(Decimal(cents).scaleb(-2), "USD") == cents


@pytest.mark.parametrize(("amount", "currency"), [("0.005", "USD"), ("1.5", "JPY")])
def test_a_fraction_of_a_minor_unit_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="minor units"):
        as_minor(Decimal(amount), currency)


@pytest.mark.parametrize(("language", "text"), [("en", "$1,025.50"), ("ru", "1\xa0025,50\xa0$")])
def test_money_is_shown_by_language(language: str, text: str) -> None:
    assert shown(money(Decimal("1025.5"), "USD"), language) == text

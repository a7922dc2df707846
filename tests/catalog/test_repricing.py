"""Stored prices follow cost, rule and rate, in one statement that agrees with the arithmetic."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from storefront.catalog import pricing, repricing
from storefront.catalog.models import Category, ExchangeRate, PriceRule, Product, Sku
from storefront.catalog.repricing import reprice
from tests.catalog.conftest import NOON
from tests.catalog.shelves import stock_product, stock_sku
from tests.catalog.test_pricing import COSTS, PERCENTS, RATES, TERMS

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def rule(**columns: Any) -> PriceRule:
    scope = next((name for name in ("sku", "product", "category") if name in columns), "shop")
    defaults = {"scope": scope, "percent": Decimal(20), "currency": "USD", "changed_by": "tests"}
    return PriceRule.objects.create(**defaults | columns)


def rate(base: str, value: str, *, days: int = 0) -> ExchangeRate:
    return ExchangeRate.objects.create(
        base=base, quote="USD", rate=Decimal(value), on=TODAY + timedelta(days), source="the bank"
    )


def category(key: int, parent: Category | None = None) -> Category:
    return Category.objects.create(id=key, name_en=f"Shelf {key}", slug=f"c{key}", parent=parent)


def priced(sku: Sku) -> Decimal | None:
    reprice(now=NOON)
    return Sku.objects.values_list("price", flat=True).get(pk=sku.pk)


@pytest.fixture
def apple() -> Product:
    return stock_product("Apple", now=NOON)


@pytest.fixture
def card(apple: Product) -> Sku:
    """Costs nine dollars."""
    return stock_sku(apple, now=NOON)


def sql(expression: str, columns: dict[str, Decimal]) -> Decimal:
    """The value of an expression over one row of these columns."""
    names = ", ".join(columns)
    values = ", ".join(f"{value:f}::numeric" for value in columns.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {expression} FROM (VALUES ({values})) AS row ({names})",  # noqa: S608  numbers
            repricing.parameters(now=NOON),
        )
        return Decimal(cursor.fetchone()[0])


@profile(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(COSTS, RATES, TERMS, st.sampled_from(["USD", "JPY", "KWD"]))
def test_the_price_in_sql_is_the_price_in_python(
    settings: Any, cost: Decimal, rate: Decimal, terms: pricing.Terms, currency: str
) -> None:
    settings.STORE_CURRENCY = currency
    step, end = pricing.ending(terms.rounding, currency)
    columns = {
        "cost": cost, "exchange": rate, "percent": terms.percent, "fixed": terms.fixed,
        "minimum_margin_percent": terms.minimum_margin_percent,
        "minimum_margin_fixed": terms.minimum_margin_fixed,
        "step": Decimal(step), "grain": Decimal(1) / step, "ending": Decimal(end),
    }  # fmt: skip
    asked = pricing.retail(cost, rate=rate, terms=terms, currency=currency)
    assert sql(repricing.PRICE, columns) == asked


@profile(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    COSTS, RATES, PERCENTS, st.decimals(min_value="-50", max_value="50", places=4),
    st.sampled_from(["USD", "JPY", "KWD"]),
)  # fmt: skip
def test_a_custom_cost_in_sql_is_the_one_in_python(
    settings: Any,
    amount: Decimal,
    rate: Decimal,
    percent: Decimal,
    fixed: Decimal,
    currency: str,
) -> None:
    settings.PARTNER_CURRENCY = currency
    columns = {"amount": amount, "rate": rate, "markup_percent": percent, "markup_fixed": fixed}
    cost = pricing.custom_cost(amount, rate=rate, percent=percent, fixed=fixed, currency=currency)
    assert sql(repricing.CUSTOM_COST, columns) == cost


def test_without_a_rule_ten_percent_are_on_top(card: Sku) -> None:
    Sku.objects.update(price=None, price_currency="")
    assert priced(card) == Decimal("9.90")
    assert Sku.objects.get().price_currency == "USD"


def test_only_rows_that_differ_are_written(card: Sku, apple: Product) -> None:
    stock_sku(apple, now=NOON, price=Decimal(8))
    assert reprice(now=NOON) == 1
    assert reprice(now=NOON) == 0


def test_repricing_says_nothing_about_the_age_of_the_cost(card: Sku) -> None:
    rule()
    reprice(now=NOON + timedelta(days=1))
    card.refresh_from_db()
    assert (card.price, card.priced_at, card.changed_at) == (Decimal("10.80"), NOON, NOON)


def test_the_most_specific_rule_counts_alone(card: Sku, apple: Product) -> None:
    top = category(1)
    below = category(2, top)
    Product.objects.update(category=category(3, below))
    rule(percent=Decimal(100))
    assert priced(card) == Decimal("18.00")
    rule(category=top, percent=Decimal(80), fixed=Decimal(1))
    assert priced(card) == Decimal("17.20")
    rule(category=below, percent=Decimal(60))
    assert priced(card) == Decimal("14.40")
    rule(product=apple, percent=Decimal(40), rounding="99")
    assert priced(card) == Decimal("12.99")
    rule(sku=card, percent=Decimal(20))
    assert priced(card) == Decimal("10.80")


def test_a_rule_is_for_its_own_shelf_and_what_is_below_it_only(card: Sku) -> None:
    top = category(1)
    Product.objects.update(category=category(2, top))
    rule(category=category(3, top), percent=Decimal(80))
    assert priced(card) == Decimal("9.90")


def test_categories_in_a_circle_have_their_own_rules(card: Sku) -> None:
    one = category(1)
    two = category(2, one)
    Category.objects.filter(pk=one.pk).update(parent=two)
    Product.objects.update(category=one)
    rule(category=two, percent=Decimal(50))
    assert priced(card) == Decimal("13.50")
    rule(category=one, percent=Decimal(30))
    assert priced(card) == Decimal("11.70")


def test_the_newest_rate_of_today_or_before_counts(card: Sku) -> None:
    Sku.objects.update(cost_currency="EUR")
    assert priced(card) is None
    rate("EUR", "3", days=-20)
    rate("EUR", "1.15")
    rate("EUR", "9", days=1)
    rate("GBP", "5")
    assert priced(card) == Decimal("11.39")  # 9 x 1.15 x 1.1, up


def test_a_rate_counts_in_its_own_direction_only(card: Sku) -> None:
    Sku.objects.update(cost_currency="EUR")
    ExchangeRate.objects.create(base="USD", quote="EUR", rate=2, on=TODAY, source="the bank")
    assert priced(card) is None


def test_the_shop_may_change_its_currency(card: Sku, settings: Any) -> None:
    settings.STORE_CURRENCY = "EUR"
    ExchangeRate.objects.create(base="USD", quote="EUR", rate=2, on=TODAY, source="the bank")
    assert priced(card) == Decimal("19.80")
    assert Sku.objects.get().price_currency == "EUR"
    rule(fixed=Decimal(1), currency="USD")  # of a dollar, which is none of ours any more
    assert priced(card) is None


def test_a_price_beyond_all_reason_is_none(card: Sku) -> None:
    Sku.objects.update(cost=Decimal(10) ** 9)
    assert priced(card) is None


def test_the_price_of_any_amount_is_that_of_the_smallest(apple: Product) -> None:
    sku = stock_sku(
        apple, now=NOON, denomination_type="custom", cost=None, cost_currency="", face_value=None,
        price=None, price_currency="", rate=Decimal("0.272"), markup_percent=Decimal(-2),
        minimum=Decimal(10), maximum=Decimal(500),
    )  # fmt: skip
    assert priced(sku) == Decimal("2.94")  # 10 x 0.272 x 0.98 is 2.67, and ten percent
    Sku.objects.update(markup_fixed=Decimal(-3))
    assert priced(sku) is None  # the partner would pay us
    Sku.objects.update(markup_fixed=None, maximum=None)
    assert priced(sku) is None

"""Any amount: read as people write it, priced by the server while one types, refused in words."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.amounts import LONGEST, read_amount
from storefront.catalog.models import Sku
from storefront.catalog.queries import NotBuyable, Reason
from tests.catalog.conftest import NOON
from tests.catalog.shelves import settle, stock_product, stock_sku
from tests.shopping import Elements

AMOUNT = "custom-amount"


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("en", "25", "25"), ("en", " 25.50 ", "25.50"), ("en", "1,000", "1000"),
        ("en", "12,345.60", "12345.60"), ("en", "0.001", "0.001"), ("en", "007", "7"),
        ("ru", "10,50", "10.50"), ("ru", "10.50", "10.50"), ("ru", "1 000,5", "1000.5"),
        ("ru", "1\N{NO-BREAK SPACE}000", "1000"), ("ru", "0,500", "0.500"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_the_language_writes_them(
    language: str, typed: str, amount: str
) -> None:
    assert read_amount(typed, language) == Decimal(amount)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "typed",
    [
        "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT ZERO}", "1e3", "-5", "+5", "$25", "0x10",
        "1_000", "NaN", "Infinity", "ten", "10.", ".5", "10..5", "1 0", "1,0,0", "25 USD",
        "10\x0050",
        "\N{ARABIC-INDIC DIGIT FIVE}", "5\N{SUPERSCRIPT TWO}", "\N{MINUS SIGN}5", "9" * 25,
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_and_never_guessed(language: str, typed: str) -> None:
    assert why_not(typed, language) == Reason.AMOUNT_UNREADABLE


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "10,50"), ("en", "1 000"), ("ru", "1.000"), ("ru", "1,000")]
)
def test_what_could_mean_two_sums_is_refused(language: str, typed: str) -> None:
    assert why_not(typed, language) == Reason.AMOUNT_UNREADABLE


@pytest.mark.parametrize("typed", ["", "  ", "\t"])
def test_nothing_is_no_amount(typed: str) -> None:
    assert why_not(typed, "en") == Reason.AMOUNT_MISSING


@given(st.text(max_size=LONGEST + 1), st.sampled_from(["en", "ru", ""]))
def test_whatever_is_typed_is_an_amount_or_a_refusal(typed: str, language: str) -> None:
    with suppress(NotBuyable):
        amount = read_amount(typed, language)
        assert amount.is_finite()
        assert amount >= 0


def why_not(typed: str, language: str) -> Reason:
    with pytest.raises(NotBuyable) as refused:
        read_amount(typed, language)
    return refused.value.reason


@pytest.fixture
def careem(db: None) -> Any:
    """Any amount from 10 to 500 dirhams, at noon."""
    careem = stock_product("Careem", now=NOON, denomination_type="custom")
    sku = stock_sku(
        careem, now=NOON, name_en="Any amount", denomination_type="custom", cost=None,
        cost_currency="", face_value=None, face_currency="AED", price=Decimal("2.94"),
        rate=Decimal("0.272"), markup_percent=Decimal(-2), minimum=Decimal(10),
        maximum=Decimal(500),
    )  # fmt: skip
    settle(now=NOON)
    with time_machine.travel(NOON, tick=False):
        yield sku


def asked(sku: Sku, amount: str, path: str = "/products/careem/") -> Elements:
    answer = Client().get(path, {"sku": str(sku.pk), "amount": amount, "quantity": "2"})
    assert answer.status_code == 200
    return Elements(answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def price_on(page: Elements) -> str:
    return page.having("id", "quote")[0]["data-chosen-price"]


def test_the_page_asks_for_the_amount_and_says_where_it_starts(careem: Sku) -> None:
    page = Elements(Client().get("/products/careem/").content.decode())
    assert "Amount in AED From AED10.00 to AED500.00" in page.text.replace("\xa0", "")
    assert price_on(page) == "from $2.94"
    assert page.having("data-testid", "custom-amount")[0]["hx-get"] == "/products/careem/"
    assert page.having("formaction")[0]["formaction"] == "/products/careem/price/"


def test_the_price_of_an_amount_is_computed_by_the_server(careem: Sku) -> None:
    page = asked(careem, "100")
    assert price_on(page) == "$29.33"  # 100 x 0.272 x 0.98 is 26.66, and ten percent
    assert "You get AED100" in page.text
    assert not page.having("data-testid", "form-error")
    russian = asked(careem, "100,50", "/ru/products/careem/")
    assert price_on(russian) == "29,47 $"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Give an amount in digits."),
        ("9.99", "The smallest amount is AED10.00."),
        ("500.01", "The largest amount is AED500.00."),
        ("10.001", "in steps of AED0.01."),
        ("1e3", "Write the amount in digits, like 25 or 25.50."),
        ("-5", "Write the amount in digits"),
        ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT ZERO}", "Write the amount in digits"),
        ("<b>5</b>", "Write the amount in digits"),
    ],
)
def test_what_cannot_be_bought_is_said_beside_the_amount(
    careem: Sku, typed: str, words: str
) -> None:
    page = asked(careem, typed)
    assert words in page.text.replace("AED ", "AED")
    assert price_on(page) == ""
    field = page.having("data-testid", "custom-amount")[0]
    assert (field["aria-invalid"], field["value"]) == ("true", typed)


def test_steps_are_said_before_they_are_broken(careem: Sku) -> None:
    Sku.objects.update(step=Decimal(5))
    page = asked(careem, "12")
    assert "to AED500.00, in steps of AED5.00" in page.text.replace("AED ", "AED")
    assert "Amounts go from AED10.00 in steps of AED5.00." in page.text.replace("AED ", "AED")


def test_without_scripts_a_button_shows_the_price(careem: Sku) -> None:
    answer = Client().post(
        "/products/careem/price/",
        {"sku": str(careem.pk), "amount": "100", "quantity": "1", "csrfmiddlewaretoken": "secret"},
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/products/careem/?sku=")
    assert "secret" not in answer["Location"]
    shown = Client().get(answer["Location"])
    assert price_on(Elements(shown.content.decode())) == "$29.33"
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize("sku_id", ["", "x", "00000000-0000-0000-0000-000000000007"])
def test_a_price_is_shown_for_the_pages_own_goods_only(careem: Sku, sku_id: str) -> None:
    other = stock_sku(stock_product("Apple", now=NOON), now=NOON, price=Decimal("7.77"))
    for key in (sku_id, str(other.pk)):
        page = Client().get("/products/careem/", {"sku": key, "amount": "100"})
        assert page.status_code == 200
        assert "$29.33" not in page.content.decode()
        assert "$7.77" not in page.content.decode()


def test_a_page_of_any_amount_costs_one_query_more(
    careem: Sku, django_assert_max_num_queries: Any
) -> None:
    Client().get("/products/careem/")  # which reads the shelf that has changed
    with django_assert_max_num_queries(4):
        Client().get("/products/careem/")

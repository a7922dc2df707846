"""Staff's word on prices: seen before it is saved, obeyed at once, refused where it is wrong."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from storefront.catalog import actions
from storefront.catalog.models import AmountLimits, CatalogState, ExchangeRate, PriceRule, Sku
from storefront.catalog.queries import NotBuyable, Reason, buyable_sku
from storefront.catalog.queries.changes import margin_percent, margins_of
from tests.catalog.conftest import NOON
from tests.catalog.shelves import settle, stock_product, stock_sku
from tests.catalog.test_admin import staff
from tests.catalog.test_repricing import category, rate, rule
from tests.shopping import Answer, fields_of

pytestmark = pytest.mark.django_db
ADD = "admin:catalog_pricerule_add"
RULE = {
    "scope": "shop", "percent": "20", "fixed": "0", "rounding": "99",
    "minimum_margin_percent": "0", "minimum_margin_fixed": "0",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def card() -> Sku:
    """Costs nine dollars, is sold at 9.90."""
    sku = stock_sku(stock_product("Apple", now=NOON), now=NOON)
    settle(now=NOON)
    return sku


def price_of(sku: Sku) -> Decimal | None:
    return Sku.objects.values_list("price", flat=True).get(pk=sku.pk)


def confirm(client: Client, page: Answer) -> Answer:
    """Press the button of a preview, as it was shown."""
    assert page.status_code == 200, page.headers
    return client.post(page.wsgi_request.path, fields_of(page.content.decode()))


def test_a_rule_is_shown_before_it_is_saved_and_obeyed_once_it_is(
    client: Client, card: Sku
) -> None:
    staff(client)
    version = CatalogState.objects.get().version
    page = client.post(reverse(ADD), RULE)
    words = " ".join(page.content.decode().split())
    assert "<b>1</b> of 1 SKUs would get another price: 1 a higher one" in words
    for figure in ("Apple", "9.00", "9.90", "10.99", "9.1 %", "18.1 %"):
        assert figure in words
    assert (PriceRule.objects.count(), price_of(card)) == (0, Decimal("9.90"))
    assert confirm(client, page).status_code == 302
    saved = PriceRule.objects.get()
    assert (saved.currency, saved.changed_by, saved.changed_at) == (
        "USD", "olga@shop.example", NOON,
    )  # fmt: skip
    assert price_of(card) == Decimal("10.99")
    card.product.refresh_from_db()
    assert card.product.from_price == Decimal("10.99")
    assert CatalogState.objects.get().version > version


def test_what_was_not_seen_is_not_saved(client: Client, card: Sku) -> None:
    staff(client)
    page = client.post(reverse(ADD), RULE)
    Sku.objects.update(cost=Decimal(50))
    again = confirm(client, page)
    assert "Something changed since you looked" in again.content.decode()
    assert "60.99" in again.content.decode()
    assert not PriceRule.objects.exists()
    forged = client.post(reverse(ADD), RULE | {"_seen": "yes"})
    assert forged.status_code == 200
    assert not PriceRule.objects.exists()
    confirm(client, again)
    assert price_of(card) == Decimal("60.99")


def test_a_changed_and_a_removed_rule_are_shown_first_as_well(client: Client, card: Sku) -> None:
    staff(client)
    actions.save_rule(rule=rule(percent=Decimal(20)), by="olga", now=NOON)
    key = PriceRule.objects.get().pk
    change = reverse("admin:catalog_pricerule_change", args=[key])
    page = client.post(change, RULE | {"percent": "5"})
    assert "1 a lower one" in " ".join(page.content.decode().split())
    assert price_of(card) == Decimal("10.80")
    confirm(client, page)
    assert price_of(card) == Decimal("9.99")
    remove = reverse("admin:catalog_pricerule_delete", args=[key])
    page = client.get(remove)
    assert PriceRule.objects.exists()
    confirm(client, page)
    assert (PriceRule.objects.exists(), price_of(card)) == (False, Decimal("9.90"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scope": "sku"}, "Say for which one."),
        ({"scope": "shop", "category": "1"}, "Leave this empty"),
        ({"percent": "-100"}, "Percents go from above -100"),
        ({"percent": "abc"}, "Enter a number."),
        ({"minimum_margin_fixed": "-1"}, "A minimum margin is not below zero."),
        ({"rounding": "98"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(
    client: Client, card: Sku, fields: dict[str, str], words: str
) -> None:
    staff(client)
    category(1)
    page = client.post(reverse(ADD), RULE | fields)
    assert words in page.content.decode()
    assert not PriceRule.objects.exists()


def test_the_shop_has_one_rule(client: Client, card: Sku) -> None:
    staff(client)
    rule()
    assert "The shop has a rule already" in client.post(reverse(ADD), RULE).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        rule()


@pytest.mark.parametrize(
    "columns",
    [
        {"percent": Decimal(-100)}, {"minimum_margin_percent": Decimal(-1)},
        {"minimum_margin_fixed": Decimal(-1)}, {"rounding": "98"}, {"currency": ""},
        {"scope": "category"}, {"scope": "everything"},
    ],
)  # fmt: skip
def test_the_database_refuses_a_rule_that_makes_no_sense(columns: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(**columns)


def test_a_reader_neither_previews_nor_saves(client: Client, card: Sku) -> None:
    staff(client, "view_pricerule", "view_exchangerate")
    key = rule().pk
    assert client.post(reverse(ADD), RULE).status_code == 403
    change = reverse("admin:catalog_pricerule_change", args=[key])
    assert client.post(change, RULE).status_code == 403
    assert client.get(reverse("admin:catalog_pricerule_delete", args=[key])).status_code == 403


def test_a_rate_is_shown_before_prices_follow_it(client: Client, card: Sku) -> None:
    Sku.objects.update(cost_currency="EUR", price=None, price_currency="")
    staff(client)
    row = {"base": "eur", "quote": "USD", "rate": "1.10", "on": NOON.date(), "source": "ECB"}
    page = client.post(reverse("admin:catalog_exchangerate_add"), row)
    assert "1 their first one" in " ".join(page.content.decode().split())
    confirm(client, page)
    assert price_of(card) == Decimal("10.89")
    assert str(ExchangeRate.objects.get()) == "1 EUR = 1.1 USD (2026-11-23)"
    gone = client.get(
        reverse("admin:catalog_exchangerate_delete", args=[ExchangeRate.objects.get().pk])
    )
    assert "1 would have no price and could not be bought" in " ".join(
        gone.content.decode().split()
    )
    confirm(client, gone)
    assert price_of(card) is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"base": "XXQ"}, "There is no such currency."),
        ({"base": "USD"}, "A rate joins two different currencies."),
        ({"rate": "0"}, "A rate is above zero."),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused_in_words(
    client: Client, fields: dict[str, str], words: str
) -> None:
    staff(client)
    row = {"base": "EUR", "quote": "USD", "rate": "1.10", "on": NOON.date(), "source": "ECB"}
    page = client.post(reverse("admin:catalog_exchangerate_add"), row | fields)
    assert words in page.content.decode()
    assert not ExchangeRate.objects.exists()


def set_rate(*words: str) -> str:
    said = StringIO()
    call_command("set_rate", *words, stdout=said)
    return said.getvalue()


@pytest.mark.fault("F95")
def test_without_a_rate_nothing_is_sold_until_a_command_brings_one(card: Sku) -> None:
    Sku.objects.update(cost_currency="EUR")
    actions.save_rate(rate=rate("GBP", "1.30"), by="olga", now=NOON)
    with pytest.raises(NotBuyable) as refused:
        buyable_sku(card.pk, 1, NOON)
    assert refused.value.reason == Reason.UNPRICED
    assert "no price for it in our currency" in str(refused.value)
    words = set_rate("eur", "usd", "1.10", "--source", "ECB")
    assert words == "1 EUR = 1.1 USD (2026-11-23): 1 prices changed\n"
    assert buyable_sku(card.pk, 1, NOON).unit_price == Decimal("10.89")


def test_a_rate_of_the_same_day_is_replaced_and_an_older_one_changes_nothing(card: Sku) -> None:
    Sku.objects.update(cost_currency="EUR")
    set_rate("EUR", "USD", "1.10", "--source", "ECB")
    assert "1 prices changed" in set_rate("EUR", "USD", "1.20", "--source", "the bank")
    assert ExchangeRate.objects.get().source == "the bank"
    older = set_rate("EUR", "USD", "0.90", "--source", "ECB", "--on", "2026-11-01")
    assert "0 prices changed" in older
    assert price_of(card) == Decimal("11.88")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["EUR", "USD", "ten", "--source", "x"], "ten is not a number"),
        (["EUR", "USD", "NaN", "--source", "x"], "must be a decimal number"),
        (["EUR", "USD", "-1", "--source", "x"], "A rate is above zero"),
        (["EUR", "USD", "0", "--source", "x"], "A rate is above zero."),
        (["EUR", "EUR", "1", "--source", "x"], "two different currencies"),
        (["EUR", "QQQ", "1", "--source", "x"], "no such currency"),
        (["EUR", "USD", "1", "--source", ""], "cannot be blank"),
        (["EUR", "USD", "110", "--source", "x"], "give --force if it is right"),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused_by_the_command(words: list[str], why: str) -> None:
    rate("EUR", "1.10", days=-1)
    with pytest.raises(CommandError, match=why):
        set_rate(*words)
    assert ExchangeRate.objects.count() == 1


def test_a_rate_that_jumped_may_be_forced() -> None:
    rate("EUR", "1.10", days=-1)
    assert "110" in set_rate("EUR", "USD", "110", "--source", "x", "--force")


def test_staffs_bounds_of_an_amount_count_at_once(client: Client, card: Sku) -> None:
    careem = stock_sku(
        card.product, now=NOON, denomination_type="custom", cost=None, cost_currency="",
        face_value=None, face_currency="AED", price=Decimal("2.94"), rate=Decimal("0.272"),
        markup_percent=Decimal(-2), minimum=Decimal(10), maximum=Decimal(500),
    )  # fmt: skip
    staff(client)
    add = reverse("admin:catalog_amountlimits_add")
    fixed = client.post(add, {"sku": str(card.pk), "minimum": "20"})
    assert "This SKU has a fixed value." in fixed.content.decode()
    confirm(client, client.post(add, {"sku": str(careem.pk), "minimum": "20", "step": "5"}))
    assert price_of(careem) == Decimal("5.87")  # 20 x 0.272 x 0.98 is 5.33, and ten percent
    with pytest.raises(NotBuyable):
        buyable_sku(careem.pk, 1, NOON, Decimal(10))
    actions.delete_limits(limits=AmountLimits.objects.get(), by="olga", now=NOON)
    assert price_of(careem) == Decimal("2.94")


def test_staff_read_what_each_sku_earns(card: Sku) -> None:
    other = stock_sku(card.product, now=NOON, cost_currency="EUR")
    margins = margins_of([card.pk, other.pk], now=NOON)
    assert margins == {card.pk: (Decimal(9), Decimal("9.90"))}
    assert margin_percent(Decimal("9.90"), Decimal(9)) == Decimal("9.1")
    assert margin_percent(None, Decimal(9)) is None
    assert margins_of([], now=NOON) == {}


def test_a_rate_for_tomorrow_counts_tomorrow(card: Sku) -> None:
    Sku.objects.update(cost_currency="EUR")
    actions.save_rate(rate=rate("EUR", "1.10"), by="olga", now=NOON)
    actions.save_rate(rate=rate("EUR", "1.20", days=1), by="olga", now=NOON)
    assert price_of(card) == Decimal("10.89")
    actions.save_rate(rate=rate("GBP", "1.20", days=1), by="olga", now=NOON + timedelta(days=1))
    assert price_of(card) == Decimal("11.88")

"""From a cart to an order: what is promised, what is refused, and once however often one clicks."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils.timezone import now

from storefront.catalog.models import CatalogState, Sku
from storefront.checkout.models import Consent
from storefront.orders.models import AccessLink, Order
from storefront.payments.models import Payment
from tests.shopping import (
    CONSENTS,
    Customer,
    Elements,
    complaints,
    fields_of,
    payment_behind,
    reprice,
    stock,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Customer:
    return Customer()


def nothing_happened() -> bool:
    return not Order.objects.exists() and not Payment.objects.exists()


def test_an_order_copies_what_was_promised(alice: Customer) -> None:
    apple = stock()
    alice.add(apple, 2)
    payment = payment_behind(alice.check_out("Alice@Example.com"))

    order = payment.order
    assert (order.status, order.email, order.locale) == (
        "awaiting_payment", "alice@example.com", "en",
    )  # fmt: skip
    assert (payment.status, payment.amount, payment.currency) == ("open", Decimal("19.80"), "USD")
    (line,) = order.lines.all()
    assert (line.sku, line.quantity, line.max_per_order) == (apple, 2, 5)
    assert (line.unit_amount, line.unit_cost) == (Decimal("9.90"), Decimal(9))
    assert [event.kind for event in order.events.all()] == ["placed"]
    assert alice.get("/cart/").context["cart"].lines == [], "the cart became the order"


def test_each_consent_is_kept_word_for_word(alice: Customer) -> None:
    alice.order()
    consents = Consent.objects.order_by("code")
    assert [(row.code, row.address) for row in consents] == [
        ("start", "127.0.0.1"), ("withdrawal", "127.0.0.1"),
    ]  # fmt: skip
    shown = Customer()
    shown.add(stock("Steam"))
    page = Elements(shown.get("/checkout/").content.decode()).text
    assert all(row.text in page for row in consents)


def test_an_order_remembers_the_language_it_was_placed_in(alice: Customer) -> None:
    alice.add(stock())
    shown = fields_of(alice.get("/ru/checkout/").content.decode())
    answer = alice.post("/ru/checkout/", {**shown, "email": "alice@example.com", **CONSENTS})
    assert answer["Location"].startswith("/ru/pay/")
    assert Order.objects.get().locale == "ru"


REFUSED: list[dict[str, Any]] = [
    {"email": ""},
    {"email": "alice"},
    {"email": "alice@example.com\nBcc: mallory@example.com"},
    {"email": "alice@example.com, mallory@example.com"},
    {"email": "a" * 250 + "@example.com"},
    {"email": "alice\0@example.com"},
    {"consent_start": ""},
    {"consent_withdrawal": ""},
    {"consent_start": "false"},
]


@pytest.mark.parametrize("fields", REFUSED)
def test_a_form_with_something_wrong_is_shown_again_and_orders_nothing(
    alice: Customer, fields: dict[str, Any]
) -> None:
    alice.add(stock())
    answer = alice.check_out(**fields)
    assert answer.status_code == 400
    assert complaints(answer) >= 1
    assert nothing_happened()
    wrong = Elements(answer.content.decode()).having("aria-invalid")
    assert [field["name"] for field in wrong] == list(fields)


def test_without_a_form_nothing_is_ordered(alice: Customer) -> None:
    alice.add(stock())
    answer = alice.post("/checkout/", {})
    assert (answer.status_code, complaints(answer)) == (400, 3)
    assert nothing_happened()


def test_an_empty_cart_is_not_an_order(alice: Customer) -> None:
    for answer in (alice.get("/checkout/"), alice.check_out()):
        assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert nothing_happened()


@pytest.mark.fault("F102")
@pytest.mark.parametrize(
    "name", ["amount", "price", "currency", "unit_amount", "sku", "quantity", "total", "status"]
)
def test_f102_what_the_form_did_not_ask_for_is_refused(alice: Customer, name: str) -> None:
    alice.add(stock())
    answer = alice.check_out(**{name: "0.01"})
    assert (answer.status_code, complaints(answer)) == (400, 1)
    assert nothing_happened()


@pytest.mark.parametrize("shown", ["", "0", "9.90 USD", "f" * 64, "\0"])
def test_another_cart_than_todays_sends_the_customer_back_to_look(
    alice: Customer, shown: str
) -> None:
    alice.add(stock())
    answer = alice.check_out(shown=shown)
    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert nothing_happened()
    assert "changed while this page was open" in alice.get("/cart/").content.decode()


def test_goods_swapped_under_an_open_checkout_page_are_not_bought_unseen(alice: Customer) -> None:
    """Not even when they cost the same."""
    seen, swapped = stock("Apple"), stock("Steam")
    alice.add(seen)
    shown = fields_of(alice.get("/checkout/").content.decode())
    alice.post(f"/cart/{seen.pk}/remove/", {})
    alice.add(swapped)

    answer = alice.post("/checkout/", {**shown, "email": "alice@example.com", **CONSENTS})

    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert nothing_happened()


@pytest.mark.fault("F96")
def test_a_price_that_rises_under_an_open_checkout_page_is_never_charged_unseen(
    alice: Customer,
) -> None:
    """Not even when another tab has said yes to the new one."""
    apple = stock()
    alice.add(apple)
    shown = fields_of(alice.get("/checkout/").content.decode())
    form = {**shown, "email": "alice@example.com", **CONSENTS}

    reprice(apple, "12.00")
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert alice.post("/checkout/", form)["Location"] == "/cart/"
        other_tab = fields_of(alice.get("/cart/").content.decode())
        alice.post("/cart/prices/", {"shown": other_tab["shown"]})
        assert alice.post("/checkout/", form)["Location"] == "/cart/"
        assert nothing_happened()

        assert payment_behind(alice.check_out()).amount == Decimal("12.00")


@pytest.mark.fault("F96")
def test_a_price_that_rises_after_the_order_is_not_the_customers_concern(alice: Customer) -> None:
    apple = stock()
    order = alice.order(apple)
    reprice(apple, "99.00")
    Sku.objects.update(is_hidden=True)
    assert alice.decide(order.payments.get()).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.total_amount) == ("paid", Decimal("9.90"))
    assert order.payments.get().amount == Decimal("9.90")


def test_prices_nobody_confirmed_for_long_are_not_ordered_at(alice: Customer) -> None:
    alice.add(stock())
    long_ago = now() - timedelta(days=1)
    Sku.objects.update(priced_at=long_ago)
    CatalogState.objects.update(priced_at=long_ago)
    assert alice.check_out()["Location"] == "/cart/"
    assert nothing_happened()


def test_a_second_click_leads_to_the_same_payment(alice: Customer) -> None:
    """Its request left with the cookie and the form of the first, before that was answered."""
    alice.add(stock())
    form = {**fields_of(alice.get("/checkout/").content.decode()), **CONSENTS}
    form |= {"email": "alice@example.com"}
    again = Customer()
    again.cookies[settings.SESSION_COOKIE_NAME] = alice.cookies[settings.SESSION_COOKIE_NAME].value

    first = alice.post("/checkout/", form)
    second = again.post("/checkout/", form)

    assert second["Location"] == first["Location"]
    assert Order.objects.count() == Payment.objects.count() == 1
    for browser in (alice, again):
        assert browser.get(first["Location"]).status_code == 200, "whichever answer arrived"


def test_the_second_clicks_way_in_is_short_hashed_and_only_for_that_form(alice: Customer) -> None:
    alice.add(stock())
    form = {**fields_of(alice.get("/checkout/").content.decode()), **CONSENTS}
    form |= {"email": "alice@example.com"}
    order = payment_behind(alice.post("/checkout/", form)).order

    (link,) = AccessLink.objects.all()
    assert link.order == order
    assert form["attempt"].encode() not in bytes(link.token_hash)
    assert link.expires_at - link.created_at <= timedelta(minutes=10)

    mallory = Customer()
    for attempt in ("", "a" * 43, form["attempt"][:-1], form["attempt"] + "=", "\0"):
        assert mallory.post("/checkout/", form | {"attempt": attempt})["Location"] == "/cart/"
    AccessLink.objects.update(
        created_at=now() - timedelta(hours=1), expires_at=now() - timedelta(seconds=1)
    )
    assert mallory.post("/checkout/", form)["Location"] == "/cart/"
    assert mallory.get(f"/orders/{order.number}/").status_code == 404


def test_the_next_cart_is_the_next_order_even_with_an_old_form(alice: Customer) -> None:
    first = alice.order()
    alice.add(stock("Steam"))
    old_form = fields_of(alice.get("/checkout/").content.decode())
    second = payment_behind(alice.check_out(**old_form)).order
    assert first != second
    alice.add(stock("Xbox"))
    third = payment_behind(alice.check_out(attempt=old_form["attempt"])).order
    assert len({first, second, third}) == 3


@override_settings(PAYMENT_PROVIDER="cash")
def test_a_shop_that_cannot_take_money_says_so_and_orders_nothing(alice: Customer) -> None:
    alice.add(stock())
    answer = alice.check_out()
    assert (answer.status_code, complaints(answer)) == (503, 1)
    assert nothing_happened()


def test_the_session_that_bought_gets_a_new_key_and_the_old_one_sees_nothing(
    alice: Customer,
) -> None:
    alice.add(stock())
    alice.get("/checkout/")
    before = alice.cookies[settings.SESSION_COOKIE_NAME].value
    order = payment_behind(alice.check_out()).order

    assert alice.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert alice.get(f"/orders/{order.number}/").status_code == 200
    thief = Customer()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert thief.get(f"/orders/{order.number}/").status_code == 404
    assert thief.check_out()["Location"] == "/cart/", "nor is its cart there to order once more"
    assert Order.objects.count() == 1


@pytest.mark.fault("F50")
@pytest.mark.django_db(transaction=True)
def test_f50_while_the_database_can_only_be_read_the_shelf_is_there_and_nothing_is_ordered(
    alice: Customer,
) -> None:
    sku = stock()
    alice.raise_request_exception = False
    alice.add(sku)
    shown = alice.get("/checkout/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        assert alice.get(sku.product.get_absolute_url()).status_code == 200
        assert Customer().get("/products/").status_code == 200
        answer = alice.post("/checkout/", fields_of(shown) | {"email": "a@example.com"} | CONSENTS)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET default_transaction_read_only")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert nothing_happened()

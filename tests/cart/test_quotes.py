"""A price that was shown is kept for a quarter of an hour; then nothing changes in silence."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils.timezone import now

from storefront.catalog.models import PriceRule
from storefront.orders.models import Order
from tests.shopping import Customer, Elements, fields_of, hooked, payment_behind, reprice, stock

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F96")]

LATER = timedelta(minutes=16)


@pytest.fixture
def alice() -> Customer:
    return Customer()


def in_a_while(wait: timedelta) -> datetime:
    return now() + wait


def test_a_price_that_rises_is_kept_for_a_quarter_of_an_hour(alice: Customer) -> None:
    apple = stock()
    alice.add(apple, 2)
    reprice(apple, "12.00")
    (line,) = alice.get("/cart/").context["cart"].lines
    assert (str(line.total.amount), line.price_before) == ("19.80", None)
    assert payment_behind(alice.check_out()).amount == Decimal("19.80")


def test_after_that_old_and_new_are_shown_and_nothing_is_bought_before_a_yes(
    alice: Customer,
) -> None:
    apple = stock()
    alice.add(apple, 2)
    reprice(apple, "12.00")
    with time_machine.travel(in_a_while(LATER)):
        for _ in range(2):  # looking says nothing
            page = alice.get("/cart/").content.decode()
            assert hooked(page, "price-changed")
            assert "$9.90 → $12.00" in Elements(page).text
            assert alice.get("/checkout/")["Location"] == "/cart/"
            assert alice.check_out()["Location"] == "/cart/"
        assert not Order.objects.exists()

        answer = alice.post("/cart/prices/", {"shown": fields_of(page)["shown"]})
        assert (answer.status_code, answer["Location"]) == (302, "/cart/")
        assert payment_behind(alice.check_out()).amount == Decimal("24.00")


def test_the_yes_is_to_what_was_shown_and_to_nothing_else(alice: Customer) -> None:
    apple = stock()
    alice.add(apple)
    reprice(apple, "12.00")
    with time_machine.travel(in_a_while(LATER)):
        shown = fields_of(alice.get("/cart/").content.decode())["shown"]
        reprice(apple, "15.00")
        for sent in ({"shown": shown}, {}, {"shown": ""}, {"shown": [shown, shown]}):
            assert alice.post("/cart/prices/", sent).status_code in {200, 400}
        assert alice.get("/checkout/")["Location"] == "/cart/"


def test_a_price_that_was_seen_again_is_kept_from_then_on(alice: Customer) -> None:
    apple = stock()
    alice.add(apple)
    with time_machine.travel(in_a_while(timedelta(minutes=14))):
        alice.get("/cart/")
    reprice(apple, "12.00")
    with time_machine.travel(in_a_while(timedelta(minutes=28))):
        assert str(alice.get("/cart/").context["cart"].total.amount) == "9.90"
    with time_machine.travel(in_a_while(timedelta(minutes=30))):
        assert alice.get("/cart/").context["cart"].has_new_prices, "not for ever, by looking at it"


def test_a_lower_price_is_given_at_once_and_shown(alice: Customer) -> None:
    apple = stock()
    alice.add(apple)
    reprice(apple, "9.50")
    page = alice.get("/cart/")
    assert "$9.90 → $9.50" in Elements(page.content.decode()).text
    assert str(page.context["cart"].total.amount) == "9.50"


def test_a_price_is_not_kept_below_what_the_goods_must_bring(alice: Customer) -> None:
    apple = stock()
    alice.add(apple)
    apple.cost, apple.price = Decimal("9.80"), Decimal("10.78")
    apple.save()
    assert alice.get("/checkout/").status_code == 200, "it still brings more than it costs"
    PriceRule.objects.create(
        scope="shop", percent=10, minimum_margin_percent=5, currency="USD", changed_by="staff"
    )
    assert "$9.90 → $10.78" in Elements(alice.get("/cart/").content.decode()).text
    assert alice.get("/checkout/")["Location"] == "/cart/"

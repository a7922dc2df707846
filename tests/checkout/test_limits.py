"""How much and how often one customer may: by client, mail address, account and household."""

from typing import Any

import pytest
from django.conf import settings as shop
from pytest_django import Settings

from storefront.checkout.views.paying import MOST_TRIES
from storefront.core.models import Allowance
from storefront.orders.models import Order
from tests.shopping import Answer, Customer, Elements, complaints, pay_page, payment_behind, stock

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F106")]


@pytest.fixture(autouse=True)
def _real_windows(settings: Settings) -> None:
    settings.WAIT_SCALE = 1.0


@pytest.fixture
def alice() -> Customer:
    return Customer()


def is_too_many(answer: Answer) -> bool:
    """A page in words that says when to come back."""
    if answer.status_code != 429:
        return False
    assert int(answer["Retry-After"]) > 0
    assert "a little too often" in Elements(answer.content.decode()).text
    return True


def until_too_many(call: Any, most: int = shop.CHECKOUT_LIMIT + 1) -> int:
    """How often it may be called before it is refused."""
    for count in range(most + 1):
        if is_too_many(call()):
            return count
    raise AssertionError("never refused")


def test_the_checkout_takes_so_many_forms_of_a_client_and_stays_readable(alice: Customer) -> None:
    alice.add(stock())
    assert until_too_many(lambda: alice.post("/checkout/", {})) == shop.CHECKOUT_LIMIT
    assert alice.get("/checkout/").status_code == 200
    assert alice.add(stock("Steam")).status_code == 302
    assert not Order.objects.exists()


def test_the_payment_page_does_too(alice: Customer) -> None:
    payment = alice.order().payments.get()
    until_too_many(lambda: alice.decide(payment, "guess"))
    assert alice.get(pay_page(payment)).status_code == 200
    payment.refresh_from_db()
    assert payment.status == "open"


def test_an_order_is_paid_again_only_so_often(alice: Customer) -> None:
    order = alice.order()

    def try_a_card() -> Answer:
        answer = alice.post(f"/checkout/{order.number}/")
        if answer.status_code == 302:
            alice.decide(payment_behind(answer), "decline")
        return answer

    assert until_too_many(try_a_card, MOST_TRIES + 1) == MOST_TRIES


@pytest.mark.parametrize(("proxies", "spoofed"), [(0, "198.51.100.7"), (1, "evil, 198.51.100.7")])
def test_a_forged_address_buys_no_more_tries(
    alice: Customer, settings: Settings, proxies: int, spoofed: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    alice.add(stock())
    until_too_many(lambda: alice.post("/checkout/", {}, headers={"X-Forwarded-For": spoofed}))
    more = f"203.0.113.9, {spoofed}"
    assert is_too_many(alice.post("/checkout/", {}, headers={"X-Forwarded-For": more}))


def test_behind_a_proxy_another_client_is_another(alice: Customer, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    alice.add(stock())
    alices = {"X-Forwarded-For": "198.51.100.7"}
    until_too_many(lambda: alice.post("/checkout/", {}, headers=alices))
    bobs = {"X-Forwarded-For": "198.51.100.8"}
    assert Customer().post("/checkout/", {}, headers=bobs).status_code == 302


def buy(customer: Customer, quantity: int, email: str) -> Answer:
    customer.add(stock(f"Card {Order.objects.count()}"), quantity)
    return customer.check_out(email)


def test_one_address_orders_so_much_in_a_day_and_is_told(
    alice: Customer, settings: Settings
) -> None:
    settings.DAILY_UNITS = 12
    assert buy(alice, 10, "alice@example.com").status_code == 302
    before = list(Allowance.objects.order_by("pk").values_list("whole_at", flat=True))
    answer = buy(alice, 3, "Alice@Example.com")
    assert (answer.status_code, complaints(answer)) == (409, 1)
    assert "More than we sell to one customer in a day" in answer.content.decode()
    assert Order.objects.count() == 1
    after = list(Allowance.objects.order_by("pk").values_list("whole_at", flat=True))
    assert max(before) == max(after), "what was refused costs nothing"
    assert alice.check_out("bob@example.com").status_code == 302, "somebody else may"


def test_a_household_orders_three_times_as_much(settings: Settings) -> None:
    settings.DAILY_UNITS = 4
    answers = [buy(Customer(), 4, f"person{n}@example.com").status_code for n in range(4)]
    assert answers == [302, 302, 302, 409]


def test_more_at_once_than_a_day_allows_is_refused_the_first_time(
    alice: Customer, settings: Settings
) -> None:
    settings.DAILY_UNITS = 4
    assert buy(alice, 5, "alice@example.com").status_code == 409

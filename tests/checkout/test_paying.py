"""The demonstration's payment page: one decision, by whom the order belongs to."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import override_settings
from django.utils.timezone import now

from storefront.checkout.actions import UNPAID_LIFETIME, expire_unpaid
from storefront.fulfillment.models import Purchase
from storefront.orders.models import Order
from storefront.payments.models import Payment
from tests.shopping import Customer, hooked, pay_page, payment_behind, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Customer:
    return Customer()


def statuses(payment: Payment) -> tuple[str, str, int]:
    """Payment, order, and how many purchases were written."""
    payment.refresh_from_db()
    order = Order.objects.get(pk=payment.order_id)
    return payment.status, order.status, Purchase.objects.filter(line__order=order).count()


OPEN = ("open", "awaiting_payment", 0)
PAID = ("authorised", "paid", 1)
DECLINED = ("declined", "awaiting_payment", 0)


def test_looking_decides_nothing(alice: Customer) -> None:
    payment = alice.order().payments.get()
    page = pay_page(payment)
    for address in (page, f"{page}?decision=accept", f"{page}?verification_result=confirmed"):
        assert alice.get(address).status_code == 200
        assert alice.head(address).status_code == 200
    assert statuses(payment) == OPEN


@pytest.mark.parametrize("decision", ["", "ACCEPT", "yes", "accept\0", "captured"])
def test_only_the_two_buttons_decide(alice: Customer, decision: str) -> None:
    payment = alice.order().payments.get()
    assert alice.decide(payment, decision).status_code == 400
    assert alice.post(pay_page(payment)).status_code == 400
    assert statuses(payment) == OPEN


def test_accepting_marks_the_order_paid_and_writes_what_to_buy(alice: Customer) -> None:
    payment = alice.order().payments.get()
    answer = alice.decide(payment)
    assert answer["Location"] == f"/orders/{payment.order.number}/"
    assert statuses(payment) == PAID


def test_what_the_browser_says_of_the_amount_is_not_read(alice: Customer) -> None:
    payment = alice.order().payments.get()
    sent = {"decision": "accept", "amount": "0.01", "currency": "IDR"}
    alice.post(pay_page(payment), sent)
    assert statuses(payment) == PAID
    assert str(payment.amount) == "9.9000"


@pytest.mark.parametrize(
    ("first", "second", "end"),
    [
        ("accept", "accept", PAID),
        ("accept", "decline", PAID),
        ("decline", "accept", DECLINED),
        ("decline", "decline", DECLINED),
    ],
)
def test_the_first_decision_holds(
    alice: Customer, first: str, second: str, end: tuple[str, str, int]
) -> None:
    payment = alice.order().payments.get()
    alice.decide(payment, first)
    answer = alice.decide(payment, second)
    assert answer.status_code == 302
    assert statuses(payment) == end
    assert payment.events.count() == 1
    assert not hooked(alice.get(pay_page(payment)).content.decode(), "pay-now")


def test_a_declined_payment_is_followed_by_another(alice: Customer) -> None:
    order = alice.order()
    alice.decide(order.payments.get(), "decline")
    answer = alice.post(f"/checkout/{order.number}/")
    second = payment_behind(answer)
    assert alice.post(f"/checkout/{order.number}/")["Location"] == answer["Location"]
    alice.decide(second)
    assert statuses(second) == PAID
    assert [row.status for row in order.payments.order_by("created_at")] == [
        "declined", "authorised",
    ]  # fmt: skip


def test_a_paid_order_is_not_paid_again(alice: Customer) -> None:
    order = alice.paid_order()
    answer = alice.post(f"/checkout/{order.number}/")
    assert answer["Location"] == f"/orders/{order.number}/"
    assert order.payments.count() == 1


def test_f104_a_strangers_payment_does_not_exist(alice: Customer) -> None:
    payment = alice.order().payments.get()
    mallory = Customer()
    mallory.order()  # has a session and an order of her own
    for address in (pay_page(payment), f"/pay/{uuid4()}/"):
        assert mallory.get(address).status_code == 404
        assert mallory.post(address, {"decision": "accept"}).status_code == 404
        assert mallory.post(address, {"decision": "decline"}).status_code == 404
    assert mallory.post(f"/checkout/{payment.order.number}/").status_code == 404
    assert statuses(payment) == OPEN


@override_settings(PAYMENT_PROVIDER="stripe")
def test_f69_in_a_shop_with_another_provider_the_page_does_not_exist(alice: Customer) -> None:
    with override_settings(PAYMENT_PROVIDER="demo"):
        payment = alice.order().payments.get()
    assert alice.get(pay_page(payment)).status_code == 404
    assert alice.decide(payment).status_code == 404
    assert statuses(payment) == OPEN


def test_a_shop_that_can_no_longer_take_money_says_so_on_the_order(alice: Customer) -> None:
    order = alice.order()
    alice.decide(order.payments.get(), "decline")
    with override_settings(PAYMENT_PROVIDER="cash"):
        answer = alice.post(f"/checkout/{order.number}/")
    assert answer["Location"] == f"/orders/{order.number}/"
    page = alice.get(answer["Location"]).content.decode()
    assert "take payments at the moment" in page
    assert order.payments.count() == 1


def grow_old(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(
        created_at=now() - UNPAID_LIFETIME - timedelta(seconds=1)
    )


def test_an_order_nobody_paid_closes_with_its_payment(alice: Customer) -> None:
    payment = alice.order().payments.get()
    assert expire_unpaid(now=now()) == 0
    grow_old(payment.order)
    assert expire_unpaid(now=now()) == 1
    assert statuses(payment) == ("expired", "expired", 0)
    assert expire_unpaid(now=now()) == 0

    alice.decide(payment)
    assert statuses(payment) == ("expired", "expired", 0)
    assert not hooked(alice.get(pay_page(payment)).content.decode(), "pay-now")
    assert alice.post(f"/checkout/{payment.order.number}/")["Location"].startswith("/orders/")


def test_a_paid_order_never_expires(alice: Customer) -> None:
    order = alice.paid_order()
    grow_old(order)
    assert expire_unpaid(now=now()) == 0
    assert statuses(order.payments.get()) == PAID


@pytest.mark.parametrize("step", ["accept", "look", "pay again"])
def test_a_promise_ends_in_time_even_when_nothing_swept_it(alice: Customer, step: str) -> None:
    payment = alice.order().payments.get()
    grow_old(payment.order)
    if step == "accept":
        alice.decide(payment)
    elif step == "look":
        assert not hooked(alice.get(pay_page(payment)).content.decode(), "pay-now")
    else:
        alice.post(f"/checkout/{payment.order.number}/")
    assert statuses(payment) == ("expired", "expired", 0)


def test_the_pages_of_buying_are_kept_by_no_cache(alice: Customer) -> None:
    payment = alice.order().payments.get()
    alice.add(stock("Steam"))
    for address in ("/cart/", "/checkout/", pay_page(payment)):
        answer = alice.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]

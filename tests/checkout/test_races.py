"""Two clicks at the same moment, on a database that really has two connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import now

from storefront.checkout.actions import UNPAID_LIFETIME, expire_unpaid
from storefront.checkout.views.paying import MOST_TRIES
from storefront.fulfillment.models import Purchase
from storefront.orders.models import Order
from storefront.payments.actions import open_for
from storefront.payments.models import Payment, PaymentEvent
from tests.shopping import CONSENTS, Customer, fields_of, pay_page, stock

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 20


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Each call in a thread and on a connection of its own, all starting together."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(timeout=10)
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def alice() -> Customer:
    return Customer()


def tabs_of(customer: Customer, count: int = CLICKS) -> list[Customer]:
    """As many requests of the same browser: each left with the cookie it has now."""
    key = customer.cookies[settings.SESSION_COOKIE_NAME].value
    tabs = [Customer() for _ in range(count)]
    for tab in tabs:
        tab.cookies[settings.SESSION_COOKIE_NAME] = key
    return tabs


def test_f54_many_clicks_on_the_checkouts_button_are_one_order(alice: Customer) -> None:
    alice.add(stock())
    form = {**fields_of(alice.get("/checkout/").content.decode()), **CONSENTS}
    form |= {"email": "alice@example.com"}

    tabs = tabs_of(alice)
    answers = at_once(*(lambda tab=tab: tab.post("/checkout/", form) for tab in tabs))

    assert Order.objects.count() == Payment.objects.count() == 1
    page = pay_page(Payment.objects.get())
    assert {answer["Location"] for answer in answers} == {page}
    assert [tab.get(page).status_code for tab in tabs] == [200] * CLICKS


def test_f54_two_tabs_of_the_same_cart_are_one_order(alice: Customer) -> None:
    alice.add(stock())
    forms = [fields_of(alice.get("/checkout/").content.decode()) for _ in range(4)]
    sent = [{**form, **CONSENTS, "email": "alice@example.com"} for form in forms]
    assert len({form["attempt"] for form in sent}) == 4
    tabs = tabs_of(alice, 4)
    at_once(
        *(lambda tab=tab, form=form: tab.post("/checkout/", form)
          for tab, form in zip(tabs, sent, strict=True))
    )  # fmt: skip
    assert Order.objects.count() == 1


def test_f54_many_clicks_on_pay_again_open_one_payment(alice: Customer) -> None:
    order = alice.order()
    alice.decide(order.payments.get(), "decline")
    tabs = tabs_of(alice, MOST_TRIES)
    answers = at_once(*(lambda tab=tab: tab.post(f"/checkout/{order.number}/") for tab in tabs))
    opened = Payment.objects.get(order=order, status="open")
    assert {answer["Location"] for answer in answers} == {pay_page(opened)}


def test_many_decisions_at_once_are_one(alice: Customer) -> None:
    payment = alice.order().payments.get()
    tabs = tabs_of(alice)
    decisions = ["accept", "decline"] * (CLICKS // 2)
    answers = at_once(
        *(lambda tab=tab, decision=decision: tab.decide(payment, decision)
          for tab, decision in zip(tabs, decisions, strict=True))
    )  # fmt: skip
    assert {answer.status_code for answer in answers} == {302}
    payment.refresh_from_db()
    assert PaymentEvent.objects.filter(payment=payment).count() == 1
    bought = Purchase.objects.count()
    order = Order.objects.get()
    assert (payment.status, order.status, bought) in {
        ("authorised", "paid", 1), ("declined", "awaiting_payment", 0),
    }  # fmt: skip


def test_paying_and_expiring_at_once_end_in_one_of_both(alice: Customer) -> None:
    payment = alice.order().payments.get()
    just_late = payment.order.created_at + UNPAID_LIFETIME + timedelta(seconds=1)
    (tab,) = tabs_of(alice, 1)
    at_once(lambda: tab.decide(payment), lambda: expire_unpaid(now=just_late))
    payment.refresh_from_db()
    assert (payment.status, Order.objects.get().status, Purchase.objects.count()) in {
        ("authorised", "paid", 1), ("expired", "expired", 0),
    }  # fmt: skip


def test_a_payment_opened_while_its_order_expires_does_not_stay_open(alice: Customer) -> None:
    order = alice.order()
    alice.decide(order.payments.get(), "decline")
    just_late = order.created_at + UNPAID_LIFETIME + timedelta(seconds=1)
    opened, expiring = Event(), Event()

    def opens() -> None:
        with transaction.atomic():
            open_for(order=order, now=now())
            opened.set()
            expiring.wait(timeout=10)
            _until_somebody_waits()

    def expires() -> int:
        opened.wait(timeout=10)
        expiring.set()
        return expire_unpaid(now=just_late)

    assert at_once(opens, expires)[1] == 1
    assert Order.objects.get().status == "expired"
    assert {payment.status for payment in Payment.objects.all()} == {"declined", "expired"}


def _until_somebody_waits() -> None:
    """Until another connection is stuck behind a lock of this one."""
    deadline = now() + timedelta(seconds=10)
    with connection.cursor() as cursor:
        while now() < deadline:
            cursor.execute("select 1 from pg_locks where not granted")
            if cursor.fetchone():
                return
    raise AssertionError("nobody waited")

"""Confirmations: twice, late, at once, of the wrong amount."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections

from storefront.checkout.actions import UNPAID_LIFETIME, expire_unpaid
from storefront.core import states
from storefront.fulfillment.actions.starting import accept_payment
from storefront.fulfillment.models import Purchase
from storefront.orders.models import OrderEvent
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.states import Status
from tests.factories import PaymentFactory
from tests.fulfillment.bench import Bench, Wish


def confirm(bench: Bench, payment: Payment, amount: str = "10.50", currency: str = "USD") -> None:
    accept_payment(
        payment=Payment.objects.get(pk=payment.pk),
        reference=f"hold-{payment.pk}",
        amount=Decimal(amount),
        currency=currency,
        by="till",
        now=bench.clock(),
    )


@pytest.mark.fault("F56")
def test_f56_a_confirmation_that_comes_again_buys_nothing_more(bench: Bench) -> None:
    order = bench.order(Wish(quantity=4))
    payment = bench.pay(order)
    bench.tick()

    with pytest.raises(states.NotAllowed):
        confirm(bench, payment, "42")

    assert len(bench.legs(order)) == 2
    assert bench.posts() == 2


@pytest.mark.fault("F56")
def test_f56_confirmations_at_the_same_time_are_one(bench: Bench) -> None:
    order = bench.order()
    payment = payments.open_for(order=order, now=bench.clock())
    bench.till.hold(f"hold-{payment.pk}", payment.amount)

    def once(_: int) -> str:
        try:
            confirm(bench, payment)
        except (states.LostRace, states.NotAllowed) as error:
            return type(error).__name__
        finally:
            connections.close_all()
        return "accepted"

    with ThreadPoolExecutor(8) as people:
        outcomes = list(people.map(once, range(8)))

    assert outcomes.count("accepted") == 1
    assert Purchase.objects.count() == 1
    assert OrderEvent.objects.filter(to_status="paid").count() == 1


@pytest.mark.fault("F54")
def test_f54_many_clicks_on_pay_make_one_payment(bench: Bench) -> None:
    order = bench.order()

    def click(_: int) -> Payment:
        try:
            return payments.open_for(order=order, now=bench.clock())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as fingers:
        assert len({payment.pk for payment in fingers.map(click, range(20))}) == 1


@pytest.mark.parametrize(
    ("amount", "currency"), [("10.49", "USD"), ("10.51", "USD"), ("10.50", "EUR")]
)
@pytest.mark.fault("F60")
def test_f60_another_amount_or_currency_confirms_nothing(
    bench: Bench, amount: str, currency: str
) -> None:
    order = bench.order()
    payment = payments.open_for(order=order, now=bench.clock())

    with pytest.raises(payments.WrongAmount):
        confirm(bench, payment, amount, currency)

    assert bench.status(order) == "awaiting_payment"
    assert bench.payment(order).status == Status.OPEN
    assert bench.legs(order) == []


@pytest.mark.fault("F58")
def test_f58_an_order_that_expired_is_not_paid_late(bench: Bench) -> None:
    order = bench.order()
    payment = payments.open_for(order=order, now=bench.clock())
    bench.clock.move(UNPAID_LIFETIME * 2)
    assert expire_unpaid(now=bench.clock()) == 1

    with pytest.raises(states.NotAllowed):
        confirm(bench, payment)

    assert (bench.status(order), bench.payment(order).status) == ("expired", Status.EXPIRED)
    assert bench.legs(order) == []


@pytest.mark.fault("F58")
def test_f58_a_paid_order_does_not_expire(bench: Bench) -> None:
    order = bench.paid()
    bench.clock.move(UNPAID_LIFETIME * 2)

    assert expire_unpaid(now=bench.clock()) == 0

    assert bench.payment(order).status == Status.AUTHORISED


@pytest.mark.fault("F59")
def test_f59_a_second_payment_of_a_paid_order_changes_nothing(bench: Bench) -> None:
    order = bench.order()
    first = payments.open_for(order=order, now=bench.clock())
    payments.close(payment=first, to=Status.DECLINED, by="till", now=bench.clock())
    second = bench.pay(order)
    third = PaymentFactory.create(order=order, provider="till", created_at=bench.clock())

    for late in (first, third):
        with pytest.raises(states.NotAllowed):
            confirm(bench, late)

    assert Payment.objects.get(pk=second.pk).status == Status.AUTHORISED
    assert Payment.objects.get(pk=third.pk).status == Status.OPEN
    assert len(bench.legs(order)) == 1


def test_a_paid_order_opens_no_other_payment(bench: Bench) -> None:
    order = bench.paid()

    with pytest.raises(payments.NotPayable):
        payments.open_for(order=order, now=bench.clock())

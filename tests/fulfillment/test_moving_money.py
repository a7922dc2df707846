"""Captures, voids and refunds of one payment: nothing twice, nothing too much, whoever is there.

The payments here are rows of their own, without the orders and histories that invariants look at.
"""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections

from storefront.ledger.models import Entry
from storefront.payments import actions as payments
from storefront.payments.models import Capture, Payment, PaymentEvent, Refund
from storefront.payments.providers import ProviderTrouble
from storefront.payments.states import Status
from tests.factories import NOON, OrderFactory, PaymentFactory
from tests.fulfillment.till import Till


@pytest.fixture
def held(transactional_db: None, till: Till) -> Payment:
    """10.50 of alice's money are held."""
    payment = PaymentFactory.create(provider="till", authorised=True)
    till.hold(payment.provider_reference, payment.amount)
    return payment


@pytest.fixture
def captured(held: Payment) -> Payment:
    """A payment of 10.50 of which 5.25 were taken."""
    capture(held, "5.25")
    held.refresh_from_db()
    return held


def capture(payment: Payment, amount: str) -> None:
    payments.capture(payment=payment, amount=Decimal(amount), by="system", now=NOON)


def refund(payment: Payment, amount: str, reference: str = "case-1") -> None:
    payments.refund(
        payment=payment,
        amount=Decimal(amount),
        reference=reference,
        reason="goodwill",
        by="carol",
        now=NOON,
    )


@pytest.mark.parametrize("status", [Status.OPEN, Status.VOIDED, Status.DECLINED, Status.EXPIRED])
def test_a_payment_that_holds_nothing_is_not_captured(
    transactional_db: None, till: Till, status: Status
) -> None:
    payment = PaymentFactory.create(provider="till", status=status)

    with pytest.raises(payments.NotHeld):
        capture(payment, "1")

    assert till.calls == []
    assert not Capture.objects.exists()


@pytest.mark.parametrize("status", [Status.OPEN, Status.CAPTURED, Status.DECLINED, Status.EXPIRED])
def test_a_payment_that_holds_nothing_is_not_released(
    transactional_db: None, till: Till, status: Status
) -> None:
    payment = PaymentFactory.create(provider="till", status=status)

    with pytest.raises(payments.NotHeld):
        payments.void(payment=payment, by="system", now=NOON)

    assert till.calls == []


def test_more_than_was_held_is_not_captured(held: Payment, till: Till) -> None:
    with pytest.raises(payments.TooMuch):
        capture(held, "10.51")

    assert till.calls == []


def test_what_was_decided_first_is_what_is_captured(held: Payment, till: Till) -> None:
    till.bad_day("before")
    with pytest.raises(ProviderTrouble):
        capture(held, "10.50")

    capture(held, "5.25")

    held.refresh_from_db()
    assert held.captured_amount == till.sum_of("capture", "held-1") == Decimal("10.50")


@pytest.mark.parametrize("what", ["capture", "void"])
def test_workers_at_the_same_time_have_one_effect(held: Payment, till: Till, what: str) -> None:
    def once(_: int) -> None:
        try:
            payment = Payment.objects.get(pk=held.pk)
            if what == "capture":
                capture(payment, "10.50")
            elif payment.status == Status.AUTHORISED:
                payments.void(payment=payment, by="system", now=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(once, range(6)))

    assert till.sum_of(what, "held-1") == Decimal("10.50")
    assert PaymentEvent.objects.count() == 1
    assert Entry.objects.count() == (1 if what == "capture" else 0)


@pytest.mark.parametrize("amount", ["0", "-1", "5.26", "10.50"])
@pytest.mark.fault("F64")
def test_f64_a_refund_of_nothing_or_of_too_much_is_refused(captured: Payment, amount: str) -> None:
    with pytest.raises((payments.TooMuch, ValueError)):
        refund(captured, amount)

    assert not Refund.objects.exists()


@pytest.mark.fault("F64")
def test_f64_the_database_refuses_to_give_back_more_than_was_taken(captured: Payment) -> None:
    with pytest.raises(IntegrityError):
        Payment.objects.filter(pk=captured.pk).update(refunded_amount=Decimal("5.26"))


@pytest.mark.fault("F63")
def test_f63_a_refund_whose_answer_is_lost_happens_once(captured: Payment, till: Till) -> None:
    till.bad_day("late", "before")
    for _ in range(2):
        with pytest.raises(ProviderTrouble):
            refund(captured, "5.25")

    refund(captured, "5.25")
    refund(captured, "5.25")
    till.catch_up()

    assert till.sum_of("refund", "held-1") == Decimal("5.25")
    assert Refund.objects.get().status == "done"
    assert Entry.objects.get(kind="refund").amount == Decimal("5.25")


@pytest.mark.fault("F63")
def test_f63_two_colleagues_who_refund_at_once_give_back_no_more_than_was_taken(
    captured: Payment, till: Till
) -> None:
    def one(number: int) -> str:
        try:
            refund(Payment.objects.get(pk=captured.pk), "2.00", f"case-{number}")
        except payments.TooMuch:
            return "too much"
        finally:
            connections.close_all()
        return "given"

    with ThreadPoolExecutor(6) as staff:
        outcomes = list(staff.map(one, range(6)))

    assert outcomes.count("given") == 2
    assert till.sum_of("refund", "held-1") == 4


def test_an_order_has_one_taken_payment_by_the_database_itself(transactional_db: None) -> None:
    order = OrderFactory.create(paid=True)
    PaymentFactory.create(order=order, authorised=True)

    with pytest.raises(IntegrityError):
        PaymentFactory.create(order=order, captured=True)

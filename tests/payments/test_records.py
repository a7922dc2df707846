"""What the database refuses, whoever writes: the last wall behind the actions."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from storefront.core.appendonly import NeverChanges
from storefront.orders.states import Status
from storefront.payments.models import Capture, Payment, Refund
from tests.shopping import order_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment() -> Payment:
    order = order_in(Status.AWAITING_PAYMENT)
    return Payment.objects.create(
        order=order, provider="demo", amount=Decimal("9.90"), currency="USD", created_at=now()
    )


def refused(payment: Payment, **columns: Any) -> bool:
    try:
        with transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**columns)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "columns",
    [
        {"amount": 0},
        {"amount": "-1"},
        {"captured_amount": "9.91"},
        {"captured_amount": "-0.01"},
        {"refunded_amount": "0.01"},
        {"captured_amount": "5.00", "refunded_amount": "5.01"},
        {"captured_amount": "5.00", "refunded_amount": "-0.01"},
    ],
)
def test_no_payment_holds_sums_that_cannot_be(payment: Payment, columns: dict[str, Any]) -> None:
    assert refused(payment, **columns)


def test_sums_that_can_be_are_written(payment: Payment) -> None:
    assert not refused(payment, captured_amount="9.90", refunded_amount="9.90")


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ("open", "open", False),
        ("authorised", "captured", False),
        ("authorised", "authorised", False),
        ("declined", "open", True),
        ("expired", "authorised", True),
    ],
)
def test_an_order_is_paid_by_one_payment(
    payment: Payment, first: str, second: str, fits: bool
) -> None:
    Payment.objects.filter(pk=payment.pk).update(status=first)
    copy = Payment(
        order=payment.order, provider="demo", amount=payment.amount, currency="USD",
        created_at=now(), status=second,
    )  # fmt: skip
    try:
        with transaction.atomic():
            copy.save()
    except IntegrityError:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize("amount", ["0", "-0.01"])
def test_no_effect_is_of_nothing_or_less(payment: Payment, amount: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Capture.objects.create(payment=payment, amount=amount, created_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.create(
            payment=payment, amount=amount, created_at=now(), reference="r", reason="", by="olga"
        )


def test_a_payment_is_taken_once(payment: Payment) -> None:
    Capture.objects.create(payment=payment, amount="1", created_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Capture.objects.create(payment=payment, amount="1", created_at=now())


def test_what_happened_to_a_payment_is_not_rewritten(payment: Payment) -> None:
    event = payment.events.create(at=now(), by="x", from_status="open", to_status="authorised")
    event.by = "y"
    with pytest.raises(NeverChanges):
        event.save()
    with pytest.raises(NeverChanges):
        event.delete()
    with pytest.raises(NeverChanges):
        payment.events.update(by="y")


def test_a_payment_says_little_of_itself(payment: Payment) -> None:
    payment.provider_reference = "pi_secret"
    assert "pi_secret" not in str(payment) + repr(payment)

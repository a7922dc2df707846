"""What comes to Stripe's receiver and is not Stripe's fresh word: refused, and nothing changed."""

import hmac
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from storefront.payments.models import Payment
from storefront.webhooks.models import StripeEvent
from tests.fake_stripe import FakeStripe
from tests.fake_stripe.server import SECRET
from tests.fake_stripe.shop import PATH, follow, send, session_of, through_stripe
from tests.shopping import Customer, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings: Any) -> Iterator[FakeStripe]:
    with through_stripe(settings) as stripe:
        yield stripe


@pytest.fixture
def payment(fake: FakeStripe) -> Payment:
    """Alice's order; she is on Stripe's page."""
    alice = Customer()
    alice.add(stock())
    alice.check_out()
    opened = Payment.objects.get()
    session_of(fake, opened)
    return opened


@pytest.mark.fault("F62")
@pytest.mark.parametrize("shift", [-360, -86_400, 301, 86_400])
def test_a_time_too_long_ago_or_to_come_is_refused(
    fake: FakeStripe, payment: Payment, shift: int
) -> None:
    fake.pay(payment.session_reference)
    body, header = fake.signed(fake.events[-1], at=int(now().timestamp()) + shift)
    assert is_refused(send(fake, {}, data=body, headers={"Stripe-Signature": header}))


@pytest.mark.fault("F62")
@pytest.mark.parametrize(
    "header",
    ["", "é", "t=1", "t=١٧٩٥٤٣٥٢٠٠,v1=" + "0" * 64, "v1=" + "0" * 64, "t={now}", "t={now},v1=",
     "t={now},v1=" + "0" * 64, "t={now},v0={mac}", "t={now},v1={mac}0", "t={now},v1={mac},t=1",
     "t={now},t={now},v1={mac}", "T={now},V1={mac}", "t={now},v1=é", "{now}", "t=+{now},v1={mac}"],
)  # fmt: skip
def test_a_signature_that_is_none_is_refused(
    fake: FakeStripe, payment: Payment, header: str
) -> None:
    fake.pay(payment.session_reference)
    body, right = fake.signed(fake.events[-1])
    at, mac = right.split(",")[0][2:], right.split("v1=")[1][:64]
    shown = header.format(now=at, mac=mac)
    assert is_refused(send(fake, {}, data=body, headers={"Stripe-Signature": shown}))


@pytest.mark.fault("F62")
def test_a_body_that_was_changed_is_refused(fake: FakeStripe, payment: Payment) -> None:
    fake.pay(payment.session_reference)
    body, header = fake.signed(fake.events[-1])
    changed = body.replace(b"complete", b"expired ")
    assert changed != body
    assert is_refused(send(fake, {}, data=changed, headers={"Stripe-Signature": header}))


@pytest.mark.fault("F62")
@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "1", "[" * 100_000, "\ufeff{}", '{"id": "evt_1"}',
     '{"id": 1, "object": "event", "type": "x", "data": {"object": {}}}',
     '{"id": "evt_1\\u0000", "object": "event", "type": "x", "data": {"object": {}}}',
     '{"id": "evt_1", "object": "event", "type": "x", "data": []}'],
)  # fmt: skip
def test_a_body_that_is_no_event_is_refused_though_it_is_signed(
    fake: FakeStripe, body: str
) -> None:
    raw, header = _signed(fake, body.encode())
    assert is_refused(send(fake, {}, data=raw, headers={"Stripe-Signature": header}))
    raw, header = _signed(fake, b"\xff\xfe")
    assert is_refused(send(fake, {}, data=raw, headers={"Stripe-Signature": header}))


@pytest.mark.fault("F62")
def test_a_body_that_is_too_large_is_refused_unread(fake: FakeStripe) -> None:
    raw, header = _signed(fake, b" " * 300_000)
    answer = send(fake, {}, data=raw, headers={"Stripe-Signature": header})
    assert (answer.status_code, StripeEvent.objects.count()) == (413, 0)


def test_other_methods_and_shops_without_stripe_have_no_receiver(
    fake: FakeStripe, settings: Any
) -> None:
    assert Client().get(PATH).status_code == 405
    settings.PAYMENT_PROVIDER = "demo"
    assert Client().post(PATH).status_code == 404


def test_events_of_others_and_of_no_use_are_kept_and_change_nothing(
    fake: FakeStripe, payment: Payment
) -> None:
    fake.tell("checkout.session.completed", {"id": "cs_test_other", "object": "checkout.session"})
    fake.tell("invoice.paid", {"id": "in_1", "object": "invoice", "payment_intent": {"a": 1}})
    for event in fake.events:
        assert send(fake, event).status_code == 200
    follow()
    assert send(fake, fake.events[0]).status_code == 200, "again, while it waits"
    follow(now() + timedelta(minutes=11))
    rows = StripeEvent.objects.order_by("type").values_list("type", "status")
    assert list(rows) == [("checkout.session.completed", "parked"), ("invoice.paid", "ignored")]
    payment.refresh_from_db()
    assert payment.status == "open"


def _signed(fake: FakeStripe, body: bytes) -> tuple[bytes, str]:
    """Any bytes with a genuine signature."""
    at = fake.now()
    mac = hmac.new(SECRET.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return body, f"t={at},v1={mac}"


def is_refused(answer: Any) -> bool:
    """With 400, nothing said and nothing kept."""
    is_quiet = (answer.status_code, answer.content) == (400, b"")
    return is_quiet and not StripeEvent.objects.exists()

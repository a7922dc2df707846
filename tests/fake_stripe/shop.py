"""The shop of these tests, taking its money through the fake, and what it is told by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils.timezone import now

from storefront.fulfillment.actions import confirming
from storefront.payments.models import Payment
from storefront.payments.queries import due
from storefront.webhooks import payment_inbox
from storefront.webhooks.models import StripeEvent
from tests.fake_stripe.account import Object
from tests.fake_stripe.server import KEY, SECRET, FakeStripe, running

PATH = "/webhooks/stripe/"


@contextmanager
def through_stripe(settings: Any) -> Iterator[FakeStripe]:
    """Point the settings at a fake of one's own."""
    with running() as stripe:
        settings.PAYMENT_PROVIDER = "stripe"
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, SECRET
        settings.STRIPE_API_URL = stripe.url
        yield stripe


def session_of(stripe: FakeStripe, payment: Payment) -> Object:
    """The page that was opened for this payment."""
    payment.refresh_from_db()
    return stripe.sessions[payment.session_reference]


def send(fake: FakeStripe, event: Object, **changes: Any) -> Any:
    """Stripe delivers one event."""
    body, header = fake.signed(event)
    told = {"data": body, "headers": {"Stripe-Signature": header}} | changes
    return Client().post(PATH, content_type="application/json; charset=utf-8", **told)


def hear(fake: FakeStripe, kind: str) -> None:
    """The shop is sent the newest event of a kind, and follows it."""
    assert send(fake, fake.last(kind)).status_code == 200
    follow()


def follow(at: datetime | None = None) -> None:
    """What the queue would do."""
    for event in StripeEvent.objects.filter(status="received"):
        payment_inbox.apply(event_id=event.pk, now=at or now())


def sweep(payment: Payment, after: timedelta) -> None:
    """The beat's tick, so long from now."""
    moment = now() + after
    if payment.pk in due(now=moment, most=10):
        confirming.tend(payment_id=payment.pk, now=moment)

"""What reads strangers' bytes without a page around it: webhooks, numbers, parts of an eSIM."""

import json
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from partner_api import signing
from partner_api.secret import Secret
from storefront.checkout.phones import DIAL_CODES, international, spellings
from storefront.core.refs import as_order_number
from storefront.esim.parts import Parts
from storefront.orders.goods import Goods
from storefront.webhooks.models import PartnerEvent, StripeEvent
from tests.fake_stripe.server import SECRET
from tests.fuzz.nasty import address, fuzzed, headers, texts

KEY = "550e8400-e29b-41d4-a716-446655440000"
EVENT = "order.status_changed"

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([EVENT, KEY, "\0", "\ud800", "9" * 400, "K7QF-3M9D-XA4T"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "data", "object", "order", "external_id", "status", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def deliver(path: str, body: bytes, sent: dict[str, str], kind: str = "application/json") -> Any:
    """As a stranger's program would."""
    return Client(REMOTE_ADDR=address()).generic("POST", path, body, kind, headers=sent)


@pytest.mark.django_db
@fuzzed
@given(body=texts, sent=st.dictionaries(st.sampled_from(["x-timestamp", "x-signature"]), headers))
def test_bytes_that_nobody_signed_are_refused_and_leave_nothing(
    body: bytes, sent: dict[str, str]
) -> None:
    assert 400 <= deliver("/webhooks/partner/", body, sent).status_code < 500
    assert not PartnerEvent.objects.exists()


@pytest.mark.django_db
@fuzzed
@given(event=st.just(EVENT) | st.text(max_size=20), data=anything, more=anything)
@example(EVENT, {"order": {"id": "\ud800", "external_id": "\0"}}, None)
@example(EVENT, {"order": {"external_id": "9" * 400}}, float("nan"))
def test_whatever_was_signed_is_stored_or_refused(event: str, data: Any, more: Any) -> None:
    document = {"event": event, "idempotency_key": KEY, "data": data, "more": more}
    timestamp = str(int(time.time()))
    message = signing.webhook_message(timestamp, event, KEY)
    sent = {
        "X-Timestamp": timestamp,
        "X-Signature": signing.sign(message, settings.PARTNER_API_SECRETS[0]),
    }
    answer = deliver("/webhooks/partner/", json.dumps(document).encode(), sent)
    assert answer.status_code in {200, 400, 401}


@pytest.fixture
def through_stripe(settings: Settings) -> None:
    """A shop that takes its money through Stripe; nobody is asked anything here."""
    settings.PAYMENT_PROVIDER, settings.STRIPE_WEBHOOK_SECRET = "stripe", SECRET


@pytest.mark.django_db
@fuzzed
@given(body=texts, header=headers)
@example(b"{}", "t=1,v1=" + "0" * 64)
def test_bytes_that_stripe_did_not_sign_are_refused_and_leave_nothing(
    through_stripe: None, body: bytes, header: str
) -> None:
    assert deliver("/webhooks/stripe/", body, {"Stripe-Signature": header}).status_code == 400
    assert not StripeEvent.objects.exists()


events = st.fixed_dictionaries(
    {
        "id": st.just("evt_1") | anything,
        "type": st.sampled_from(
            ["checkout.session.completed", "charge.dispute.closed", "refund.failed"]
        ),
        "object": st.just("event"),
        "data": st.fixed_dictionaries(
            {
                "object": anything
                | st.fixed_dictionaries({"object": anything, "id": anything, "status": anything})
            }
        ),
    }
)
REFUND = {"id": "evt_2", "type": "refund.failed", "object": "event"}


@pytest.mark.django_db
@fuzzed
@given(told=anything | events)
@example(REFUND | {"data": {"object": {"object": "refund", "status": "\0"}}})
@example(REFUND | {"data": {"object": {"object": "refund", "status": "\ud800"}}})
def test_whatever_stripe_signed_is_stored_or_refused(through_stripe: None, told: Any) -> None:
    body, at = json.dumps(told).encode(), str(int(time.time()))
    mac = signing.sign(f"{at}.".encode() + body, SECRET)
    answer = deliver("/webhooks/stripe/", body, {"Stripe-Signature": f"t={at},v1={mac}"})
    assert answer.status_code in {200, 400}


@fuzzed
@given(st.text())
def test_any_words_make_an_order_number_or_something_like_it(words: str) -> None:
    made = as_order_number(words)
    assert as_order_number(made) == made


@fuzzed
@given(st.text() | texts.map(lambda raw: raw.decode("latin-1")), st.sampled_from([*DIAL_CODES, ""]))
@example("²²²²²²²²²", "AE")
@example("+٩٧١٥٠١٢٣٤٥٦٧", "AE")
def test_any_words_are_a_phone_number_in_its_one_spelling_or_none(words: str, country: str) -> None:
    number = international(words, country)
    assert number is None or (number.isascii() and number[0] == "+" and 8 <= len(number) <= 16)
    assert number is None or number in spellings(number, country)
    assert number is None or international(number, country) == number


@fuzzed
@given(
    code=st.text(), named=st.dictionaries(st.sampled_from(["LPA", "ICCID", "SM-DP+"]), st.text())
)
@example("LPA:1$host$code\n", {})
@example("lpa:", {"ICCID": "²" * 19})
def test_what_is_drawn_linked_or_asked_about_is_well_formed(
    code: str, named: dict[str, str]
) -> None:
    extra = tuple((label, Secret(value)) for label, value in named.items())
    parts = Parts.of(Goods(code=Secret(code), serial=None, expiry=None, extra=extra), is_esim=True)
    assert parts is not None
    if parts.number:
        text = parts.number.reveal()
        assert text.isascii()
        assert text.isdecimal()
    if parts.scannable:
        text = parts.scannable.reveal()
        assert text.isascii()
        assert text.isprintable()
        assert " " not in text
    assert Parts.from_sealed_form(parts.sealed_form()) == parts

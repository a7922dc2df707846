"""Webhooks: what is genuine, what is refused, and how."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_api import WebhookEvent, WebhookRefused, read_webhook, signing
from partner_api.webhooks import MAX_BODY
from tests.partner_api import samples

SECRET = "secret-of-the-webhooks"
NOW = 1768478058.0
TIMESTAMP = "1768478058"
EVENT = "order.status_changed"
KEY = "550e8400-e29b-41d4-a716-446655440000"


def body_of(event: object = EVENT, key: object = KEY, **more: Any) -> bytes:
    document = {"event": event, "idempotency_key": key, "data": {"order": samples.order()}, **more}
    return json.dumps(document).encode()


def headers_for(
    event: str = EVENT, key: str = KEY, timestamp: str = TIMESTAMP, secret: str = SECRET
) -> dict[str, str]:
    message = signing.webhook_message(timestamp, event, key)
    return {"X-Timestamp": timestamp, "X-Signature": signing.sign(message, secret)}


def read(
    body: bytes, headers: dict[str, str], secrets: tuple[str, ...] = (SECRET,)
) -> WebhookEvent:
    return read_webhook(body, headers, secrets=secrets, now=NOW)


def refusal(body: bytes, headers: dict[str, str]) -> int:
    with pytest.raises(WebhookRefused) as caught:
        read(body, headers)
    return caught.value.status


def test_a_genuine_delivery_tells_where_to_look() -> None:
    body = body_of()
    assert read(body, headers_for()) == WebhookEvent(
        event=EVENT,
        idempotency_key=KEY,
        timestamp=int(NOW),
        body_sha256=hashlib.sha256(body).hexdigest(),
        order_id=samples.ORDER_ID,
        external_id=samples.EXTERNAL_ID,
    )


def test_header_names_come_in_any_case() -> None:
    headers = {name.upper(): value for name, value in headers_for().items()}
    assert read(body_of(), headers).is_known


def test_while_secrets_rotate_old_and_new_are_accepted_and_a_third_is_not() -> None:
    for secret in ("new", "old"):
        assert read(body_of(), headers_for(secret=secret), secrets=("new", "old")).is_known
    assert refusal(body_of(), headers_for(secret="third")) == 401


@pytest.mark.parametrize(
    "signature",
    ["", "0" * 64, "é" * 64, "a" * 63, "a" * 65, headers_for()["X-Signature"].upper(),
     headers_for()["X-Signature"] + "\n", "sha256=" + headers_for()["X-Signature"]],
)  # fmt: skip
def test_a_signature_that_is_none_is_401(signature: str) -> None:
    assert refusal(body_of(), {"X-Timestamp": TIMESTAMP, "X-Signature": signature}) == 401


@pytest.mark.parametrize(
    "timestamp",
    ["", "１７６８４７８０５８", " 1768478058", "1768478058,1768478058", "+1768478058", "1e9",
     "1768478058.0", "1" * 20, str(int(NOW) - 301), str(int(NOW) + 301)],
)  # fmt: skip
def test_a_timestamp_that_is_none_or_too_far_is_401_even_when_signed(timestamp: str) -> None:
    assert refusal(body_of(), headers_for(timestamp=timestamp)) == 401


def test_a_header_given_twice_is_401() -> None:
    headers = headers_for()
    assert refusal(body_of(), {**headers, "x-timestamp": headers["X-Timestamp"]}) == 401


def test_no_headers_is_401() -> None:
    assert refusal(body_of(), {}) == 401


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ("order.status_change", "d" + KEY),
        ("order.status_changed5", KEY[1:]),
        (EVENT, KEY.upper()),
        (EVENT, KEY.replace("-", "")),
        (EVENT, "{" + KEY + "}"),
        (EVENT, "urn:uuid:" + KEY),
        (EVENT, KEY + "\n"),
        (EVENT + "\n", KEY),
        ("ORDER.STATUS_CHANGED", KEY),
        ("order", KEY),
        ("", KEY),
    ],
)
def test_a_shifted_boundary_or_a_loose_key_is_400_even_when_signed(event: str, key: str) -> None:
    assert refusal(body_of(event, key), headers_for(event, key)) == 400


def test_our_own_order_signature_is_no_webhook() -> None:
    """The same secret signs both, over a message of the same shape."""
    for external_id in (samples.EXTERNAL_ID, "x" + KEY, KEY):
        message = signing.order_message(TIMESTAMP, samples.SKU_ID, external_id)
        headers = {"X-Timestamp": TIMESTAMP, "X-Signature": signing.sign(message, SECRET)}
        parts = samples.SKU_ID + external_id
        for cut in (36, len(parts) - 36):
            assert refusal(body_of(parts[:cut], parts[cut:]), headers) == 400


def test_an_unknown_event_is_genuine_but_nothing_to_act_on() -> None:
    event = read(body_of("balance.low"), headers_for("balance.low"))
    assert (event.event, event.is_known) == ("balance.low", False)


@pytest.mark.parametrize(
    "data",
    [None, [], 7, {}, {"order": None}, {"order": {"id": 7, "external_id": None}},
     {"order": {"id": "../../admin", "external_id": "a b"}}],
)  # fmt: skip
def test_hints_that_are_none_are_left_out(data: object) -> None:
    event = read(body_of(data=data), headers_for())
    assert (event.order_id, event.external_id) == (None, None)


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"[" * 60_000, b'{"a":' * 12_000, b"\xff\xfe{\x00}\x00",
     b"\xef\xbb\xbf" + body_of(), b"event=order.status_changed", b'{"event": NaN}',
     body_of()[:-1] + b', "event": "order.status_changed"}', body_of(key=None), body_of(event=7)],
)  # fmt: skip
def test_a_body_that_is_no_delivery_is_400(body: bytes) -> None:
    assert refusal(body, headers_for()) == 400


def test_a_body_above_the_cap_is_413_before_anything_is_read() -> None:
    assert refusal(b"[" * (MAX_BODY + 1), {}) == 413


def test_what_is_refused_says_nothing_of_the_body() -> None:
    with pytest.raises(WebhookRefused) as caught:
        read(b'{"pin": "SECRET-PIN" oops', headers_for())
    chain = repr(caught.value) + repr(caught.value.__context__) + repr(caught.value.__cause__)
    assert "SECRET-PIN" not in chain


@given(
    body=st.binary(max_size=200),
    timestamp=st.text(max_size=12) | st.just(TIMESTAMP),
    signature=st.text(max_size=70) | st.just("a" * 64),
)
def test_no_bytes_and_headers_raise_anything_else(
    body: bytes, timestamp: str, signature: str
) -> None:
    assert refusal(body, {"X-Timestamp": timestamp, "X-Signature": signature}) in {400, 401}

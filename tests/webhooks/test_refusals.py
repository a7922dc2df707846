"""What is not a genuine, fresh, well-formed delivery: refused, and nothing changed."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from partner_api import signing
from storefront.webhooks.models import PartnerEvent
from tests.catalog import goods
from tests.webhooks.conftest import EVENT, FORGED_PIN, PATH, Letter, is_stored, post

NOON = 1_795_435_200  # 2026-11-23 12:00 UTC
KEY = "550e8400-e29b-41d4-a716-446655440000"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def letter(**changes: Any) -> Letter:
    """A delivery that is right in all that `changes` does not spoil."""
    unit = {"pin": FORGED_PIN, "serial_number": "", "expiration_date": None}
    item = {"sku_id": goods.APPLE.skus[0].id, "quantity": 1, "delivery_data": [unit]}
    order = {"id": "12161770-8560-4377-9795-e8a70aaceb07", "external_id": "GD-ABC-01-X",
             "status": "completed", "items": [item]}  # fmt: skip
    return Letter(**{"key": KEY, "data": {"order": order}} | changes)


def is_refused(response: Any, status: int) -> bool:
    """Refused so, without a word about why, and without a trace of it."""
    return (
        (response.status_code, response.content) == (status, b"")
        and not PartnerEvent.objects.exists()
        and not is_stored(FORGED_PIN)
    )


def test_the_letter_these_tests_spoil_is_accepted_as_it_is() -> None:
    assert post(letter()).status_code == 200
    assert PartnerEvent.objects.count() == 1
    assert is_stored(KEY)
    assert not is_stored(FORGED_PIN)


RIGHT = letter(timestamp=str(NOON)).signed()["X-Signature"]


@pytest.mark.parametrize(
    "signature",
    ["", RIGHT.upper(), RIGHT[:63], RIGHT + "0", "0" * 64, "é" * 64, "ａ" * 64, RIGHT + " " + RIGHT,
     f"sha256={RIGHT}", f"{RIGHT},{RIGHT}"],
)  # fmt: skip
@pytest.mark.fault("F74")
def test_a_signature_that_is_wrong_is_refused(signature: str) -> None:
    assert is_refused(post(letter(headers={"X-Signature": signature})), 401)


def test_a_signature_made_with_another_secret_is_refused() -> None:
    assert is_refused(post(letter(secret="the-secret-of-mallory")), 401)


def test_a_signature_made_with_the_token_is_refused(settings: Any) -> None:
    assert is_refused(post(letter(secret=settings.PARTNER_API_TOKEN)), 401)


@pytest.mark.parametrize(
    "timestamp",
    [str(NOON - 301), str(NOON + 301), "1e9", f" {NOON}", f"{NOON} ", f"+{NOON}",
     "１７９５４３５２００", "17954_35200", f"{NOON}.0", "1" * 20, "0", "-1", "NaN",
     "2026-11-23T12:00:00Z"],
)  # fmt: skip
@pytest.mark.fault("F75")
def test_a_timestamp_that_is_stale_early_or_odd_is_refused_though_signed(timestamp: str) -> None:
    assert is_refused(post(letter(timestamp=timestamp)), 401)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_the_last_second_of_the_window_is_accepted(seconds: int) -> None:
    assert post(letter(timestamp=str(NOON + seconds))).status_code == 200


@pytest.mark.parametrize("missing", ["X-Timestamp", "X-Signature"])
@pytest.mark.fault("F75")
def test_a_missing_header_is_refused(missing: str) -> None:
    headers = letter().signed()
    del headers[missing]
    answer = Client().post(PATH, letter().body(), content_type="application/json", headers=headers)
    assert is_refused(answer, 401)


@pytest.mark.fault("F75")
def test_a_header_given_twice_is_refused() -> None:
    """A server joins the two with a comma."""
    assert is_refused(post(letter(headers={"X-Timestamp": f"{NOON},{NOON}"})), 401)


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (EVENT[:-1], EVENT[-1] + KEY),
        (EVENT + KEY[0], KEY[1:]),
        (EVENT, KEY.upper()),
        (EVENT, KEY.replace("-", "")),
        (EVENT, "{" + KEY + "}"),
        (EVENT, ""),
        ("", EVENT + KEY),
    ],
)
@pytest.mark.fault("F76")
def test_a_shifted_boundary_is_refused_though_the_signature_fits(event: str, key: str) -> None:
    assert is_refused(post(letter(event=event, key=key)), 400)


@pytest.mark.fault("F77")
def test_the_signature_of_our_own_order_is_no_webhook() -> None:
    """One secret signs both, and the order's message has the shape of a webhook's."""
    sku, external_id = goods.APPLE.skus[0].id, "GD-ABCDEFGHIJKL-01-X"
    signature = signing.sign(
        signing.order_message(str(NOON), sku, external_id), "secret-of-the-sandbox-for-tests"
    )
    forged = letter(event=sku, key=external_id, headers={"X-Signature": signature})
    assert (
        forged.signed()["X-Signature"] == Letter(event=sku, key=external_id).signed()["X-Signature"]
    ), "the signature does fit"
    assert is_refused(post(forged), 400)


BODY = letter().body()


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"null",
        b"[]",
        b"[" * 30_000,
        b'{"a":' * 10_000,
        BODY[:-1],
        b"\xef\xbb\xbf" + BODY,
        BODY.decode().encode("utf-16"),
        BODY.replace(b"completed", b"comp\xffleted"),
        BODY[:-1] + b', "event": "order.status_changed"}',
        BODY[:-1] + b', "x": NaN}',
        BODY[:-1] + b', "x": 1e999999}',
        BODY[:-1] + b', "x": ' + b"9" * 5000 + b"}",
        b"event=order.status_changed&idempotency_key=" + KEY.encode(),
        letter(key=KEY).body().replace(KEY.encode(), b"\\u0000"),
    ],
)  # fmt: skip
@pytest.mark.fault("F87")
def test_a_body_that_is_no_delivery_is_refused(body: bytes) -> None:
    assert is_refused(post(letter(), body=body), 400)


@pytest.mark.parametrize(
    "data",
    [None, 7, "text", [], {}, {"order": None}, {"order": []}, {"order": {}},
     {"order": {"id": None, "external_id": 12345}},
     {"order": {"id": "x" * 65, "external_id": "../../etc/passwd"}},
     {"order": {"id": "a\u0000b", "external_id": "' OR 1=1 --"}},
     {"order": {"id": {"$gt": ""}, "external_id": ["GD"]}}],
)  # fmt: skip
def test_data_that_name_no_order_are_stored_without_a_name(data: Any) -> None:
    """It is signed, so it is genuine as far as anyone can know; there is just nowhere to look."""
    assert post(letter(data=data)).status_code == 200
    row = PartnerEvent.objects.get()
    assert (row.external_id, row.partner_order_id) == ("", "")


@pytest.mark.fault("F87")
def test_a_body_above_64_kib_is_refused() -> None:
    assert is_refused(post(letter(), body=BODY + b" " * 65_536), 413)


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "",
     "application/jsonp", "text/json"],
)  # fmt: skip
@pytest.mark.fault("F87")
def test_a_body_that_does_not_call_itself_json_is_refused(content_type: str) -> None:
    assert is_refused(post(letter(), content_type=content_type), 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_by_its_other_spellings_is_accepted(content_type: str) -> None:
    assert post(letter(), content_type=content_type).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options", "trace"])
@pytest.mark.fault("F87")
def test_only_post_delivers(method: str) -> None:
    answer = getattr(Client(), method)(PATH, headers=letter().signed())
    assert answer.status_code == 405
    assert not PartnerEvent.objects.exists()


@pytest.mark.parametrize("path", ["/webhooks/partner", "/webhooks/partner/"])
def test_both_spellings_of_the_path_take_a_delivery_without_a_redirect(path: str) -> None:
    assert post(letter(), path=path).status_code == 200


@pytest.mark.parametrize("path", ["/ru/webhooks/partner/", "/webhooks/", "/webhooks/partner/x"])
def test_other_paths_are_not_the_receiver(path: str) -> None:
    assert post(letter(), path=path).status_code == 404
    assert not PartnerEvent.objects.exists()


@pytest.mark.parametrize("secret", ["new-secret-0123456789", "old-secret-0123456789"])
@pytest.mark.fault("F89")
def test_while_secrets_rotate_both_are_accepted(settings: Any, secret: str) -> None:
    settings.PARTNER_API_SECRETS = ("new-secret-0123456789", "old-secret-0123456789")
    assert post(letter(secret=secret)).status_code == 200


@pytest.mark.fault("F89")
def test_a_secret_that_was_retired_is_refused(settings: Any) -> None:
    settings.PARTNER_API_SECRETS = ("new-secret-0123456789",)
    assert is_refused(post(letter(secret="old-secret-0123456789")), 401)


@pytest.mark.parametrize("signature", [RIGHT, "0" * 64])
def test_no_answer_sets_a_cookie_or_a_session(signature: str) -> None:
    client = Client()
    client.cookies["session"] = "x" * 32
    headers = letter().signed() | {"X-Signature": signature}
    answer = client.post(PATH, letter().body(), content_type="application/json", headers=headers)
    assert not answer.cookies
    assert not Session.objects.exists()


def test_a_request_for_another_host_is_refused() -> None:
    answer = post(letter(), SERVER_NAME="evil.test")
    assert answer.status_code == 400
    assert not PartnerEvent.objects.exists()


def test_a_refusal_is_logged_without_what_was_in_the_body(caplog: pytest.LogCaptureFixture) -> None:
    post(letter(headers={"X-Signature": "0" * 64}))
    assert "does not match" in caplog.text
    assert FORGED_PIN not in caplog.text

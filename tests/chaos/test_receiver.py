"""The receiver behind its real server: whatever is thrown at it, a clear no within a second."""

import gzip
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from partner_api.sandbox.forgeries import FORGED_PIN
from partner_api.sandbox.wire import encode
from tests.chaos.letters import PATH, body_about, deliver, head, headers_of, raw
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.stack

DOCUMENT = body_about("ORD-FROM-OUTSIDE")
SMALL = encode(DOCUMENT)


def request(
    shop: Stack, body: bytes, *, method: str = "POST", path: str = PATH, **changes: str | None
) -> bytes:
    """A request with our body and the right headers, but for `changes`; None leaves one out."""
    headers: dict[str, Any] = {"Content-Length": str(len(body)), **headers_of(shop, DOCUMENT)}
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    kept = {name: value for name, value in headers.items() if value is not None}
    return head(method, path, kept) + body


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


Make = Callable[[Stack], bytes]
THROWN: dict[str, tuple[Make, set[int]]] = {
    "ten megabytes": (lambda shop: request(shop, b" " * 10_000_000), {413}),
    "a hundred thousand brackets": (lambda shop: request(shop, b"[" * 100_000), {413}),
    "sixty thousand brackets": (lambda shop: request(shop, b"[" * 60_000), {400}),
    "sixty thousand nested objects": (lambda shop: request(shop, b'{"a":' * 12_000), {400}),
    "no body": (lambda shop: request(shop, b""), {400}),
    "no body and no length": (lambda shop: request(shop, b"", Content_Length=None), {400}),
    "chunks": (
        lambda shop: request(
            shop, chunked(SMALL), Content_Length=None, Transfer_Encoding="chunked"
        ),
        {400},
    ),
    "chunks and a length": (
        lambda shop: request(shop, chunked(SMALL), Transfer_Encoding="chunked"),
        {400},
    ),
    "GET": (lambda shop: request(shop, b"", method="GET"), {405}),
    "a form": (
        lambda shop: request(shop, b"event=x", Content_Type="application/x-www-form-urlencoded"),
        {415},
    ),
    "a byte order mark": (lambda shop: request(shop, b"\xef\xbb\xbf" + SMALL), {400}),
    "broken UTF-8": (lambda shop: request(shop, SMALL.replace(b"ORD", b"\xff\xfe")), {400}),
    "gzip": (
        lambda shop: request(shop, gzip.compress(SMALL), Content_Encoding="gzip"),
        {400},
    ),
    "a gzip bomb": (
        lambda shop: request(shop, gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"),
        {400},
    ),
    "a body that ends too early": (
        lambda shop: request(shop, SMALL[:-9], Content_Length=str(len(SMALL) - 9)),
        {400},
    ),
    "a signature that is not ASCII": (
        lambda shop: request(shop, SMALL, X_Signature="é" * 64),
        {400, 401},
    ),
    "full-width digits": (
        lambda shop: request(shop, SMALL, X_Timestamp="１７９５４３５２００"),
        {400, 401},
    ),
    "a header with an underscore": (
        lambda shop: request(shop, SMALL).replace(b"X-Signature", b"X_Signature"),
        {400, 401},
    ),
    "two timestamps": (
        lambda shop: request(shop, SMALL).replace(
            b"X-Timestamp", b"X-Timestamp: 1795435200\r\nX-Timestamp"
        ),
        {401},
    ),
    "two signatures": (
        lambda shop: request(shop, SMALL).replace(
            b"X-Signature", b"X-Signature: " + b"0" * 64 + b"\r\nX-Signature"
        ),
        {401},
    ),
    "another path": (lambda shop: request(shop, SMALL, path="/ru/webhooks/partner/"), {404}),
    "another host": (lambda shop: request(shop, SMALL).replace(b"127.0.0.1", b"evil.test"), {400}),
}  # fmt: skip


@pytest.mark.parametrize("name", THROWN)
@pytest.mark.fault("F74", "F75", "F87")
def test_it_says_no_within_a_second(shop: Stack, name: str) -> None:
    make, statuses = THROWN[name]
    thrown = make(shop)
    begun = time.monotonic()
    answer = raw(shop, thrown)
    took = time.monotonic() - begun

    first, _, rest = answer.partition(b"\r\n")
    assert int(first.split()[1]) in statuses, answer[:200]
    assert took < 1
    assert b"set-cookie" not in rest.lower()
    assert not shop.rows(
        "select 1 from webhooks_partnerevent where external_id = 'ORD-FROM-OUTSIDE'"
    )


def test_the_same_request_unspoilt_is_accepted(shop: Stack) -> None:
    """With and without the last slash, one row for both: it is the same delivery."""
    document = body_about("ORD-UNSPOILT")
    body = encode(document)
    for path in (PATH, PATH.rstrip("/")):
        headers = {"Content-Length": str(len(body)), **headers_of(shop, document)}
        answer = raw(shop, head("POST", path, headers) + body)
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
    assert shop.rows(
        "select count(*) from webhooks_partnerevent where external_id = 'ORD-UNSPOILT'"
    ) == [(1,)]


def test_a_sender_that_goes_away_in_the_middle_breaks_nothing(shop: Stack) -> None:
    raw(shop, request(shop, SMALL[:100], Content_Length=str(len(SMALL))), patience=0.2)
    assert deliver(shop, body_about("ORD-AFTER-THE-HALF")).status_code == 200


def test_no_request_of_this_file_was_an_error_of_ours(shop: Stack) -> None:
    web = (shop.folder / "web.log").read_text()
    assert '"POST /webhooks/partner/ HTTP/1.1" 200' in web, "the log tells what was answered"
    assert '"POST /webhooks/partner/ HTTP/1.1" 500' not in web
    assert "Internal Server Error: /webhooks/" not in web


def test_a_hundred_deliveries_are_each_answered_at_once(shop: Stack) -> None:
    times = []
    for number in range(100):
        document = body_about(f"ORD-{number}", status="completed")
        begun = time.monotonic()
        assert deliver(shop, document).status_code == 200
        times.append(time.monotonic() - begun)
    assert sorted(times)[98] < 0.5


@pytest.mark.fault("F89")
def test_while_the_secret_is_replaced_webhooks_signed_with_the_old_one_are_heard(
    shop: Stack,
) -> None:
    secrets = f"the-new-secret-0123456789,{shop.environment['PARTNER_API_SECRET']}"
    other = replace(shop, web_port=shop.spare_port, processes={})
    other.start("web", PARTNER_API_SECRET=secrets)
    try:
        wait_for(lambda: other.answers("/health/ready"))
        assert deliver(other, body_about("ORD-ROTATED")).status_code == 200
    finally:
        other.kill("web")


def test_what_the_body_says_is_nowhere_in_the_table(shop: Stack) -> None:
    unit = {"pin": FORGED_PIN, "serial_number": "SN-FORGED", "expiration_date": "2027-01-15"}
    items = [{"sku_id": "x", "status": "completed", "delivery_data": [unit]}]
    document = body_about("ORD-WITH-A-PIN", status="completed", items=items)
    assert deliver(shop, document).status_code == 200
    (row,) = shop.rows(
        "select whole::text from webhooks_partnerevent whole where external_id = 'ORD-WITH-A-PIN'"
    )
    assert document["idempotency_key"] in row[0]
    for told in (FORGED_PIN, "SN-FORGED", "2027-01-15", "completed"):
        assert told not in row[0]
        assert told.encode().hex() not in row[0]

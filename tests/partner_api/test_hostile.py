"""Nothing the partner sends can raise anything but the library's own errors.

Three layers: any bytes on the wire, any JSON in the place of any part of a good answer, and the
special documents that are known to break readers. All over real sockets.
"""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partner_api import (
    ConfigurationError,
    NotFound,
    PartnerClient,
    PartnerError,
    RequestsTransport,
    Temporary,
    UnknownOutcome,
)
from tests.partner_api import samples
from tests.partner_api.stub import Stub, answer, sends, serving

Call = Callable[[PartnerClient], object]


def listed(rows: list[Any]) -> dict[str, Any]:
    return {"success": True, "data": rows, "meta": {"next_cursor": None}}


def one(value: object) -> dict[str, Any]:
    return {"success": True, "data": value}


READING: dict[str, tuple[Call, dict[str, Any]]] = {
    "me": (lambda client: client.me(), one(samples.partner())),
    "balance": (lambda client: client.balance(), one(samples.balance())),
    "ledger": (
        lambda client: list(client.balance_transactions()),
        listed([samples.transaction()]),
    ),
    "products": (
        lambda client: list(client.products()),
        listed([samples.product(fields=[{"code": "phone", "options": ["a"], "regex": "/^a$/"}])]),
    ),
    "product": (
        lambda client: client.product(samples.PRODUCT_ID),
        one(samples.product()),
    ),
    "pricelist": (
        lambda client: list(client.pricelist()),
        listed([samples.price_row(), samples.custom_price_row()]),
    ),
    "categories": (lambda client: client.categories(), one([samples.category()])),
    "orders": (lambda client: list(client.orders()), listed([samples.order()])),
    "find": (
        lambda client: client.find_order(samples.EXTERNAL_ID),
        listed([samples.order()]),
    ),
    "order": (lambda client: client.order(samples.ORDER_ID), one(samples.order())),
    "esim": (lambda client: client.esim_status(samples.ICCID), one(samples.esim_status())),
}
PLACING: dict[str, tuple[Call, dict[str, Any]]] = {
    "buy": (
        lambda client: client.create_order(
            external_id=samples.EXTERNAL_ID, sku_id=samples.SKU_ID, quantity=1
        ),
        one(samples.order()),
    ),
    "top up": (
        lambda client: client.top_up_esim(iccid=samples.ICCID, external_id=samples.EXTERNAL_ID),
        one(samples.top_up()),
    ),
}
CALLS = READING | PLACING


@pytest.fixture(scope="module")
def wire() -> Iterator[tuple[Stub, PartnerClient]]:
    """One server and one client for all examples of a test; Hypothesis makes hundreds."""
    with serving() as stub:
        transport = RequestsTransport(read_timeout=1, deadline=2, tries=1)
        client = PartnerClient(
            base_url=stub.url, token="token", secret="secret", transport=transport
        )
        yield stub, client
        client.close()


def attempt(wire: tuple[Stub, PartnerClient], name: str) -> PartnerError | None:
    """Make the call; anything but an answer or an error of the right branch fails the test."""
    error: PartnerError | None = None
    try:
        CALLS[name][0](wire[1])
    except PartnerError as raised:
        error = raised
    if error is None:
        return None
    assert str(error).isprintable()
    assert isinstance(error, Temporary | ConfigurationError | NotFound) == (
        name in READING or isinstance(error, ConfigurationError)
    )
    return error


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every part of a document."""
    yield path
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    for key in keys:
        yield from paths(value[key], (*path, key))


def replaced(document: Any, path: tuple[Any, ...], value: object) -> Any:
    """A copy of the document with another value in that place."""
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = replaced(document[path[0]], path[1:], value)
    return copy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
    | st.sampled_from(["", "0", "-1", "29.09", "1e400", "\ud800", "\x00", "2026-13-01T00:00:00Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(data=st.data())
@settings(max_examples=150)
@pytest.mark.fault("F27", "F33")
def test_any_json_in_any_place_of_a_good_answer(
    wire: tuple[Stub, PartnerClient], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(CALLS)))
    document = CALLS[name][1]
    places = list(paths(document))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places))
        try:
            document = replaced(document, place, data.draw(JSON))
        except (KeyError, IndexError, TypeError):
            continue
    wire[0].will(answer(200, document))
    attempt(wire, name)


HEADER = st.sampled_from(
    ["Date", "Retry-After", "Content-Type", "Content-Encoding", "Content-Length", "Location",
     "Set-Cookie", "Transfer-Encoding", "Connection", "X-Request-Id", "WWW-Authenticate", "Link"]
)  # fmt: skip
BYTES = st.binary(max_size=60) | st.sampled_from(
    [b"gzip", b"deflate, gzip", b"br", b"zstd", b"chunked", b"close", b"-1", b"9" * 30, b"\xff",
     b"http://[::1", b"a=b; expires=never", b"text/html; charset=nope", b"Mon, 99 Jan"]
)  # fmt: skip


@given(
    name=st.sampled_from(sorted(CALLS)),
    status=st.integers(100, 999) | st.sampled_from([200, 201, 204, 302, 401, 404, 422, 429, 503]),
    headers=st.lists(st.tuples(HEADER, BYTES), max_size=4),
    body=st.binary(max_size=200) | st.sampled_from([b"{}", b"[]", b'{"success":true,"data":{}}']),
)
@settings(max_examples=150)
def test_any_status_headers_and_body(
    wire: tuple[Stub, PartnerClient],
    name: str,
    status: int,
    headers: list[tuple[str, bytes]],
    body: bytes,
) -> None:
    head = b"".join(key.encode() + b": " + value + b"\r\n" for key, value in headers)
    wire[0].will(sends(f"HTTP/1.1 {status} x\r\n".encode() + head + b"\r\n" + body))
    attempt(wire, name)


@given(raw=st.binary(max_size=300), name=st.sampled_from(sorted(CALLS)))
@settings(max_examples=150)
def test_any_bytes_instead_of_an_answer(
    wire: tuple[Stub, PartnerClient], raw: bytes, name: str
) -> None:
    wire[0].will(sends(raw))
    assert attempt(wire, name) is not None


MONSTERS = {
    "nan": '{"success": true, "data": NaN}',
    "infinity": '{"success": true, "data": -Infinity}',
    "five thousand digits": '{"success": true, "data": ' + "9" * 5000 + "}",
    "huge exponent": '{"success": true, "data": 1e400}',
    "tiny exponent": '{"success": true, "data": 1e-400}',
    "heavy zero": '{"success": true, "data": 0e999999999}',
    "endless exponent": '{"success": true, "data": 1e' + "9" * 30 + "}",
    "open brackets": "[" * 100_000,
    "open braces": '{"a":' * 100_000,
    "nested": '{"success": true, "data": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "twice the same key": '{"success": false, "success": true, "data": {}}',
    "byte order mark": '\ufeff{"success": true, "data": {}}',
    "not an object": "[]",
}


@pytest.mark.parametrize("monster", MONSTERS.values(), ids=MONSTERS.keys())
@pytest.mark.parametrize("name", ["balance", "buy"])
@pytest.mark.fault("F33")
def test_documents_that_break_readers(
    wire: tuple[Stub, PartnerClient], monster: str, name: str
) -> None:
    wire[0].will(answer(200, monster.encode()))
    error = attempt(wire, name)
    assert isinstance(error, UnknownOutcome if name == "buy" else Temporary)


@pytest.mark.parametrize("money", ["NaN", "Infinity", "1e400", '"29.09"', "-1", "9" * 5000, "true"])
@pytest.mark.fault("F33")
def test_money_that_is_none_leaves_the_outcome_unknown(
    wire: tuple[Stub, PartnerClient], money: str
) -> None:
    raw = json.dumps(one(samples.order(total_amount="@"))).replace('"@"', money)
    wire[0].will(answer(200, raw.encode()))
    assert isinstance(attempt(wire, "buy"), UnknownOutcome)


def test_whole_numbers_are_money_too(wire: tuple[Stub, PartnerClient]) -> None:
    """The counterpart of the test above: it must not pass because everything is refused."""
    wire[0].will(answer(200, one(samples.order(total_amount=29))))
    order = wire[1].order(samples.ORDER_ID)
    assert order.total_amount == Decimal(29)

"""The table of answers: what each one allows to do next."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from partner_api import (
    AlreadyExists,
    ConfigurationError,
    MalformedAnswer,
    NotFound,
    OutOfFunds,
    OutOfStock,
    PartnerClient,
    PartnerError,
    Rejected,
    Temporary,
    Throttled,
    ThrottledRead,
    UnknownOutcome,
)
from partner_api import errors as errors_module
from tests.partner_api import samples
from tests.partner_api.conftest import NOW
from tests.partner_api.stub import Stub, answer

INVALID = {"message": "The given data was invalid.", "errors": {"item.fields.phone": ["Wrong."]}}
TAKEN = {"message": "Invalid.", "errors": {"external_id": ["has already been taken"]}}


def place(client: PartnerClient) -> None:
    client.create_order(external_id=samples.EXTERNAL_ID, sku_id=samples.SKU_ID, quantity=1)


def failure(stub: Stub, call: Callable[[], object]) -> PartnerError:
    with pytest.raises(PartnerError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (409, {"message": "conflict"}, AlreadyExists),
        (409, b"", AlreadyExists),
        (422, TAKEN, AlreadyExists),
        (400, {"error": "external_id is not unique"}, AlreadyExists),
        (400, {"error": {"code": "duplicate_order", "message": "?"}}, AlreadyExists),
        (422, {"success": False, "message": "This order already exists"}, AlreadyExists),
        (422, INVALID, Rejected),
        (400, {"success": False, "message": "SKU is not for sale"}, Rejected),
        (404, {"message": "SKU not found"}, Rejected),
        (422, {"message": "Out of stock"}, OutOfStock),
        (400, {"error": {"code": "insufficient_stock"}}, OutOfStock),
        (402, b"<html>pay</html>", OutOfFunds),
        (422, {"message": "Insufficient balance"}, OutOfFunds),
        (400, {"error": {"code": "insufficient_funds", "message": "No."}}, OutOfFunds),
        (422, {"message": "Недостаточно средств"}, OutOfFunds),
        (401, {"message": "Unauthenticated."}, ConfigurationError),
        (403, b"<html>", ConfigurationError),
        (404, {"message": "The route api/orders could not be found."}, ConfigurationError),
        (405, {"message": "The POST method is not supported"}, ConfigurationError),
        (400, b"<html>bad request</html>", UnknownOutcome),
        (422, b"", UnknownOutcome),
        (404, b"<html>nginx</html>", UnknownOutcome),
        (408, {}, UnknownOutcome),
        (418, {}, UnknownOutcome),
        (425, {}, UnknownOutcome),
        (429, {}, Throttled),
        (429, {}, UnknownOutcome),
        (500, INVALID, UnknownOutcome),
        (503, TAKEN, UnknownOutcome),
        (302, b"", UnknownOutcome),
        (200, b"<html>welcome</html>", UnknownOutcome),
        (200, b"", UnknownOutcome),
        (204, b"", UnknownOutcome),
        (200, b'{"success": true, "data"', UnknownOutcome),
        (200, {"success": False, "message": "Insufficient balance"}, UnknownOutcome),
        (201, {"success": True, "data": None}, UnknownOutcome),
        (200, [], UnknownOutcome),
        (200, {"success": True, "data": samples.order(total_amount="29.09")}, UnknownOutcome),
        (200, {"success": True, "data": samples.order(total_amount=-1)}, UnknownOutcome),
    ],
)
def test_the_answer_to_an_order_is_read_by_the_table(
    stub: Stub, client: PartnerClient, status: int, body: object, kind: type[PartnerError]
) -> None:
    stub.will(answer(status, body))
    error = failure(stub, lambda: place(client))
    assert isinstance(error, kind)
    assert error.status == status
    assert error.endpoint == "create_order"
    assert isinstance(error, UnknownOutcome) == issubclass(kind, UnknownOutcome | Throttled)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {"message": "Order not found"}, NotFound),
        (404, b"<html>nginx</html>", Temporary),
        (404, {"message": "The route could not be found"}, ConfigurationError),
        (401, {"message": "Unauthenticated."}, ConfigurationError),
        (403, b"", ConfigurationError),
        (429, b"", ThrottledRead),
        (302, b"", MalformedAnswer),
        (200, b"<html>login</html>", MalformedAnswer),
        (200, {"success": False, "message": "no"}, MalformedAnswer),
        (200, {"success": True, "data": None}, MalformedAnswer),
        (422, TAKEN, Temporary),
        (402, {}, Temporary),
        (500, {}, Temporary),
    ],
)
def test_the_answer_to_a_reading_call_never_speaks_about_the_order_s_fate(
    stub: Stub, client: PartnerClient, status: int, body: object, kind: type[PartnerError]
) -> None:
    """A lookup that fails must never look like "rejected" or "out of funds"."""
    stub.will(answer(status, body))
    error = failure(stub, lambda: client.order(samples.ORDER_ID))
    assert isinstance(error, kind)
    assert isinstance(error, Temporary | ConfigurationError | NotFound)
    assert not isinstance(error, UnknownOutcome)


def test_a_list_that_is_not_found_is_a_wrong_path_and_no_empty_list(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(answer(404, {"message": "Not Found"}))
    error = failure(stub, lambda: client.find_order(samples.EXTERNAL_ID))
    assert isinstance(error, ConfigurationError)


def test_an_error_carries_what_the_answer_told(stub: Stub, client: PartnerClient) -> None:
    stub.will(answer(422, INVALID, {"X-Request-Id": "req-7"}))
    error = failure(stub, lambda: place(client))
    assert isinstance(error, Rejected)
    assert error.request_id == "req-7"
    assert error.field_errors == {"item.fields.phone": ("Wrong.",)}
    assert "given data was invalid" in error.excerpt
    assert str(error) == (
        "create_order: rejected, status 422, request req-7, answer The given data was invalid."
        " | item.fields.phone | Wrong."
    )


def test_a_refused_signature_names_the_clock(stub: Stub, client: PartnerClient) -> None:
    slow = datetime.fromtimestamp(NOW - 600, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    stub.will(answer(401, {"message": "Invalid signature"}, {"Date": slow}))
    error = failure(stub, lambda: place(client))
    assert isinstance(error, ConfigurationError)
    assert error.clock_skew == -600


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30), ("0", 0), ("86400", 900), ("999999999999999999999", None), ("-5", None),
        ("1.5", None), ("soon", None), ("", None), ("NaN", None), ("１０", None),
        ("Thu, 15 Jan 2026 11:55:18 GMT", 60), ("Thu, 15 Jan 2026 11:00:00 GMT", 0),
        ("Fri, 15 Jan 2027 11:00:00 GMT", 900), ("Thu, 99 Jan 2026 11:00:00 GMT", None),
        ("Thu, 15 Jan 99999 11:00:00 GMT", None), ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
    ],
)  # fmt: skip
def test_retry_after_is_read_from_a_number_a_date_or_garbage(
    stub: Stub, client: PartnerClient, header: str, seconds: int | None
) -> None:
    stub.will(answer(429, {}, {"Retry-After": header.encode().decode("latin-1")}))
    assert failure(stub, lambda: place(client)).retry_after == seconds


@pytest.mark.parametrize(
    "secret",
    [
        samples.PIN, samples.ICCID, "ABCD-EFGH-IJKL-MNOP", "LPA:1$rsp.example.net$ABC-123-DEF",
        "+971 50 123 45 67", "VOUCHER123456", "1234567",
    ],
)  # fmt: skip
def test_excerpts_hold_nothing_that_could_be_a_code(
    stub: Stub, client: PartnerClient, secret: str
) -> None:
    body = {
        "message": f"Delivered {secret} already",
        "errors": {"external_id": [f"has {secret}"]},
        "data": samples.order(items=[samples.item(delivery_data=[{"pin": secret}])]),
        "trace": [secret],
    }
    for status in (200, 400, 401, 422, 500):
        stub.will(answer(status, body))
        error = failure(stub, lambda: place(client))
        shown = f"{error}{error!r}{vars(error)}"
        assert secret not in shown
        assert secret.partition("-")[0] not in shown
        stub.will(answer(status, f"<html><title>{secret}</title>{secret}".encode()))
        assert secret not in f"{failure(stub, lambda: place(client))}"


def test_an_excerpt_is_one_short_printable_line(stub: Stub, client: PartnerClient) -> None:
    stub.will(answer(422, {"message": "a\nb\x1b[31m\u202e " + "word " * 500}))
    excerpt = failure(stub, lambda: place(client)).excerpt
    assert excerpt.isprintable()
    assert excerpt.startswith("a b [31m word")
    assert len(excerpt) <= 301


def test_the_drawing_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors_module.__doc__ or "")
    classes = {
        name
        for name, value in vars(errors_module).items()
        if isinstance(value, type) and issubclass(value, PartnerError) and value is not PartnerError
    }
    assert set(drawn) == classes

"""Who may call, what strangers get, and the partner's own account."""

import pytest

from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer
from tests.partner_api.sandbox.goods import CARD

READS = [
    "/me", "/balance", "/balance/history", "/catalog/products", "/catalog/products/x",
    "/catalog/pricelist", "/catalog/categories", "/orders", "/orders/x",
    "/services/esim/8944422711108338982/status",
]  # fmt: skip


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("header", [None, "Bearer wrong", "sandbox-token", "bearer sandbox-token"])
def test_a_stranger_is_refused_everywhere(alice: Buyer, path: str, header: str | None) -> None:
    alice.session.headers["Authorization"] = header  # type: ignore[assignment]  # None leaves it out
    answer = alice.get(path)
    assert answer.status_code == 401
    assert answer.json() == {"message": "Unauthenticated."}


def test_a_stranger_can_not_buy(sandbox: Sandbox, alice: Buyer) -> None:
    alice.session.headers["Authorization"] = "Bearer wrong"
    assert alice.order(CARD).status_code == 401
    assert sandbox.control.ledger()["orders"] == []


@pytest.mark.parametrize("accept", ["*/*", "text/html", ""])
def test_who_does_not_accept_json_is_sent_to_the_log_in_page(alice: Buyer, accept: str) -> None:
    alice.session.headers.update({"Authorization": "Bearer wrong", "Accept": accept})
    answer = alice.get("/me")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login")
    assert "text/html" in answer.headers["Content-Type"]


def test_an_unknown_path_is_not_found(alice: Buyer) -> None:
    answer = alice.get("/nothing")
    assert (answer.status_code, list(answer.json())) == (404, ["message"])


def test_a_wrong_method_is_refused(alice: Buyer) -> None:
    answer = alice.session.delete(alice.url + "/orders", timeout=5)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, POST"


def test_head_has_no_body(alice: Buyer) -> None:
    answer = alice.session.head(alice.url + "/balance", timeout=5)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_body_that_is_too_large_is_refused(alice: Buyer) -> None:
    answer = alice.session.post(alice.url + "/orders", data=b" " * (1024 * 1024 + 1), timeout=5)
    assert answer.status_code == 413


def test_the_partner_knows_who_it_is(alice: Buyer) -> None:
    partner = alice.data("/me")["partner"]
    assert list(partner) == ["uuid", "name", "email", "currency", "is_active", "balance"]
    assert partner["balance"] == alice.data("/balance") == {
        "balance": 10000, "currency": "USD", "reserved_amount": 0, "available_balance": 10100,
        "allow_overdraft": True, "overdraft_limit": 100, "is_overdrafted": False,
    }  # fmt: skip


def test_a_ledger_row_has_the_references_keys(alice: Buyer) -> None:
    [row] = alice.data("/balance/history")
    assert list(row) == [
        "type", "amount", "balance_after", "currency", "created_at", "order_id", "payment_method",
        "fee_amount", "original_amount", "original_currency", "exchange_rate",
    ]  # fmt: skip
    assert row["payment_method"] == "bank_transfer"


def test_the_ledger_pages_without_losing_rows_of_the_same_second(alice: Buyer) -> None:
    for _ in range(7):
        alice.buy(CARD)
    rows, cursor = [], None
    while True:
        answer = alice.get("/balance/history", per_page=3, **({"cursor": cursor} if cursor else {}))
        rows += answer.json()["data"]
        cursor = answer.json()["meta"]["next_cursor"]
        if cursor is None:
            break
    assert [row["type"] for row in rows] == ["charge"] * 7 + ["topup"]
    assert len({row["balance_after"] for row in rows}) == 8


def test_every_answer_tells_the_sandboxs_time_and_a_request_id(
    sandbox: Sandbox, alice: Buyer
) -> None:
    sandbox.control.time({"offset": 86_400})
    headers = alice.get("/balance").headers
    assert headers["Date"].endswith("GMT")
    assert len(headers["X-Request-Id"]) == 36
    created = alice.data("/orders", date_from="2000-01-01T00:00:00Z")
    assert created == []

"""The control API over HTTP: the judge's truth, what it refuses, and the page for people."""

import pytest
import requests

from partner_api.sandbox.server import Running
from tests.partner_api.sandbox.buyer import Buyer, Json
from tests.partner_api.sandbox.goods import CARD, ESIM


@pytest.fixture
def bob(served: Running) -> Buyer:
    """Bob, who buys over HTTP."""
    return Buyer(served.url, token=served.sandbox.token, secret=served.sandbox.secret)


def post(served: Running, name: str, body: Json) -> requests.Response:
    return requests.post(f"{served.url}/_control/{name}", json=body, timeout=5)


def ledger(served: Running) -> Json:
    found: Json = requests.get(f"{served.url}/_control/ledger", timeout=5).json()
    return found


def test_the_ledger_tells_the_truth(served: Running, bob: Buyer) -> None:
    post(served, "plan", {"echo": {"external_id": "LIE"}})
    post(served, "faults", {"endpoint": "create_order", "fault": "500_after"})
    bob.order(CARD, "ORD-1")
    bob.get("/orders")
    truth = ledger(served)
    [order] = truth["orders"]
    assert (order["external_id"], order["charges"], order["refunded"]) == ("ORD-1", 1, 0)
    [charge] = truth["charges"]
    assert (charge["order_id"], charge["amount"]) == (order["id"], -9.7)
    first, second = truth["requests"]
    assert (first["method"], first["path"], first["status"]) == ("POST", "/orders", 500)
    assert (first["endpoint"], first["faults"]) == ("create_order", ["500_after"])
    assert '"ORD-1"' in first["body"]
    assert len(first["headers"]["x-signature"]) == 64
    assert second["status"] == 200
    assert truth["webhooks"][0]["state"] == "no webhook URL"


def test_the_ledger_never_holds_the_token(served: Running, bob: Buyer) -> None:
    bob.get("/me")
    assert served.sandbox.token not in str(ledger(served))


def test_a_request_without_an_answer_is_listed_too(served: Running, bob: Buyer) -> None:
    post(served, "faults", {"endpoint": "create_order", "fault": "drop_before"})
    with pytest.raises(requests.ConnectionError):
        bob.order(CARD)
    [note] = ledger(served)["requests"]
    assert (note["status"], note["faults"]) == (None, ["drop_before"])


def test_everything_can_be_steered_over_http(served: Running, bob: Buyer) -> None:
    order = bob.buy(ESIM)
    iccid = order["items"][0]["delivery_data"][0]["iccid"]
    orders: dict[str, Json] = {
        "faults": {"endpoint": "orders", "fault": "lag:30"},
        "plan": {"next": 2, "status": "processing"},
        f"orders/{order['external_id']}": {"status": "failed"},
        f"esims/{iccid}": {"state": "installed"},
        "balance": {"balance": 50, "reserved": 5, "overdraft_limit": 7},
        "webhooks": {"mode": "drop", "url": "http://127.0.0.1:1/"},
        "webhooks/send": {"order": order["id"], "status": "completed"},
        "time": {"scale": 0.5, "offset": 10},
        "catalog": {"sku": CARD, "stock": 0},
    }
    for name, body in orders.items():
        assert post(served, name, body).status_code == 200, name
    state = requests.get(f"{served.url}/_control/state", timeout=5).json()
    assert [rule["fault"] for rule in state["faults"]] == ["lag"]
    assert state["plans"] == [{"next": 2, "status": "processing"}]
    assert state["webhooks"] == {"mode": "drop", "url": "http://127.0.0.1:1/"}
    assert state["time"] == {"scale": 0.5, "offset": 10}
    assert state["esims"] == {iccid: "installed"}
    assert bob.data("/balance")["available_balance"] == 52
    assert bob.data(f"/orders/{order['id']}")["status"] == "failed"


@pytest.mark.parametrize("name", ["faults", "plan"])
def test_rules_can_be_listed_and_cleared(served: Running, name: str) -> None:
    post(served, name, {"fault": "503"} if name == "faults" else {"status": "failed"})
    url = f"{served.url}/_control/{name}"
    listed = requests.get(url, timeout=5).json()
    assert [len(rows) for rows in listed.values()] == [1]
    assert requests.delete(url, timeout=5).status_code == 200
    assert [len(rows) for rows in requests.get(url, timeout=5).json().values()] == [0]


def test_a_reset_begins_anew_and_sells_no_code_twice(served: Running, bob: Buyer) -> None:
    old = bob.buy(CARD, "ORD-1")
    post(served, "faults", {"fault": "503", "next": None})
    post(served, "reset", {})
    truth = ledger(served)
    assert (truth["orders"], truth["requests"], truth["webhooks"]) == ([], [], [])
    new = bob.buy(CARD, "ORD-1")
    assert new["items"][0]["delivery_data"] != old["items"][0]["delivery_data"]
    assert new["id"] != old["id"]


def test_what_a_foreign_web_page_could_send_is_refused(served: Running, bob: Buyer) -> None:
    bob.buy(CARD)
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = requests.post(
            f"{served.url}/_control/reset", data="{}", headers={"Content-Type": kind}, timeout=5
        )
        assert answer.status_code == 415
    assert len(ledger(served)["orders"]) == 1


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("nothing", {}, 404), ("orders/nothing", {"status": "failed"}, 404), ("orders/", {}, 404),
        ("esims/1", {"state": "low"}, 404), ("faults", {"fault": "explode"}, 422),
        ("plan", {"colour": "red"}, 422), ("plan", {"next": "x"}, 422),
        ("balance", {"balance": "lots"}, 422), ("balance", {"balance": "NaN"}, 422),
        ("time", {"scale": "fast"}, 422), ("catalog", {"sku": "nothing"}, 422),
        ("catalog", {"sku": CARD, "colour": 1}, 422), ("catalog", {}, 422),
        ("webhooks", {"mode": "explode"}, 422), ("webhooks/send", {"order": "nothing"}, 404),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_message(
    served: Running, name: str, body: Json, status: int
) -> None:
    answer = post(served, name, body)
    assert answer.status_code == status
    assert answer.json()["message"]


class TestBalance:
    def test_a_change_is_a_row_that_chains(self, served: Running, bob: Buyer) -> None:
        served.control.balance({"balance": 50})
        served.control.balance({"topup": 25})
        rows = bob.data("/balance/history")
        assert [(row["type"], row["amount"], row["balance_after"]) for row in rows] == [
            ("topup", 25, 75), ("adjustment", -9950, 50), ("topup", 10000, 10000),
        ]  # fmt: skip

    def test_a_silent_change_leaves_no_row(self, served: Running, bob: Buyer) -> None:
        served.control.balance({"balance": 50, "silent": True})
        assert bob.data("/balance")["balance"] == 50
        assert len(bob.data("/balance/history")) == 1

    def test_overdraft_can_be_forbidden(self, served: Running, bob: Buyer) -> None:
        served.control.balance({"balance": 5, "allow_overdraft": False})
        assert bob.data("/balance")["available_balance"] == 5
        assert bob.order(CARD).status_code == 402


class TestPage:
    def test_it_shows_what_happened_and_no_code(self, served: Running, bob: Buyer) -> None:
        order = bob.buy(CARD, "ORD-1")
        html = requests.get(f"{served.url}/_control/", timeout=5).text
        for words in ("ORD-1", "completed", "once", "10090.3", "POST /orders", "no webhook URL"):
            assert words in html
        assert order["items"][0]["delivery_data"][0]["pin"] not in html

    def test_it_needs_nothing_from_elsewhere(self, served: Running) -> None:
        html = requests.get(f"{served.url}/_control/", timeout=5).text
        for sign in ("<script", "src=", "href=", "@import", "url("):
            assert sign not in html

    def test_it_escapes_what_others_wrote(self, served: Running, bob: Buyer) -> None:
        bob.buy(CARD, "<script>alert(1)</script>")
        bob.get("/<img src=x>")
        html = requests.get(f"{served.url}/_control/", timeout=5).text
        assert "<script" not in html
        assert "<img" not in html
        assert "&lt;script&gt;" in html

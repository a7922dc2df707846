"""Buying: signed, unique, charged once, delivered in the reference's words."""

import threading
import time
from decimal import Decimal

import pytest

from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer, Json, new_id
from tests.partner_api.sandbox.goods import BIG_CARD, CARD, OPEN, PHONE


def test_an_order_is_completed_at_once_with_a_code(alice: Buyer) -> None:
    answer = alice.order(CARD, "ORD-12345")
    assert answer.status_code == 201
    body = answer.json()
    assert body["success"] is True
    assert body["message"] == "Order created successfully"
    order = body["data"]
    assert list(order) == [
        "id", "external_id", "status", "total_amount", "currency", "metadata", "created_at",
        "items",
    ]  # fmt: skip
    [item] = order["items"]
    assert list(item) == [
        "sku_id", "sku_name", "quantity", "price", "currency", "status", "delivery_data",
        "customer_data", "error_message",
    ]  # fmt: skip
    assert (order["external_id"], order["status"], order["total_amount"]) == (
        "ORD-12345",
        "completed",
        9.7,
    )
    assert set(item["delivery_data"][0]) == {"pin", "expiration", "serialNumber"}


def test_only_the_order_by_id_numbers_its_item(alice: Buyer) -> None:
    order = alice.buy(CARD)
    assert "id" not in order["items"][0]
    assert "id" not in alice.data("/orders")[0]["items"][0]
    assert alice.data(f"/orders/{order['id']}")["items"][0]["id"] == 1


def test_an_order_is_charged_once_and_the_ledger_says_so(alice: Buyer) -> None:
    order = alice.buy(CARD, quantity=2)
    newest, start = alice.data("/balance/history")
    assert (newest["type"], newest["amount"], newest["balance_after"]) == ("charge", -19.4, 9980.6)
    assert newest["order_id"] == order["id"]
    assert (start["type"], start["balance_after"]) == ("topup", 10000)
    assert alice.data("/balance")["available_balance"] == 10080.6


def test_a_known_external_id_is_refused_and_nothing_is_charged(alice: Buyer) -> None:
    alice.buy(CARD, "ORD-1")
    before = alice.data("/balance")
    answer = alice.order(CARD, "ORD-1")
    assert answer.status_code == 422
    assert answer.json() == {
        "message": "The external id has already been taken.",
        "errors": {"external_id": ["The external id has already been taken."]},
    }
    assert alice.data("/balance") == before
    assert len(alice.data("/orders", external_id="ORD-1")) == 1


@pytest.mark.parametrize(
    ("mode", "status", "orders"), [("reject409", 409, 1), ("replay", 200, 1), ("create", 201, 2)]
)
def test_what_a_known_external_id_gets_can_be_set(
    sandbox: Sandbox, alice: Buyer, mode: str, status: int, orders: int
) -> None:
    first = alice.buy(CARD, "ORD-1")
    sandbox.control.fault({"dup": mode})
    second = alice.order(CARD, "ORD-1")
    assert second.status_code == status
    if mode == "replay":
        assert second.json()["data"] == first
    assert len(alice.data("/orders", external_id="ORD-1")) == orders
    assert len(sandbox.control.ledger()["charges"]) == orders


def test_twenty_equal_requests_at_once_make_one_order(sandbox: Sandbox, alice: Buyer) -> None:
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda: codes.append(alice.order(CARD, "ORD-1").status_code))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [201] + [422] * 19
    assert len(sandbox.control.ledger()["charges"]) == 1


def test_two_equal_requests_that_overtake_each_other_make_one_order(
    sandbox: Sandbox, alice: Buyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first look at external_id finds nothing: the other request is not done yet.
    monkeypatch.setattr("partner_api.sandbox.endpoints.orders.earlier_order", lambda *_: None)
    assert alice.order(CARD, "ORD-1").status_code == 201
    assert alice.order(CARD, "ORD-1").status_code == 422
    assert len(sandbox.control.ledger()["charges"]) == 1


def test_codes_are_never_the_same_and_never_words(alice: Buyer) -> None:
    pins = [
        unit["pin"]
        for _ in range(20)
        for unit in alice.buy(CARD, quantity=3)["items"][0]["delivery_data"]
    ]
    assert len(set(pins)) == 60
    assert all(len(pin.replace("-", "")) == 16 for pin in pins)
    assert not set("".join(pins)) & set("AEIOUaeiou01")


def without(name: str) -> object:
    return lambda headers: headers.pop(name)


def changed(name: str, change: object) -> object:
    return lambda headers: headers.update({name: change(headers[name])})  # type: ignore[operator]  # a function


@pytest.mark.parametrize(
    "alter",
    [
        without("X-Timestamp"),
        without("X-Signature"),
        changed("X-Signature", str.upper),
        changed("X-Signature", lambda text: text[:-1]),
        changed("X-Signature", lambda _: "0" * 64),
        changed("X-Signature", lambda text: text + "é"),
        changed("X-Timestamp", lambda text: str(int(text) + 1)),
        changed("X-Timestamp", lambda text: "+" + text[1:]),
        changed("X-Timestamp", lambda text: text + "0"),
    ],
)
def test_a_bad_signature_is_refused_and_nothing_happens(
    sandbox: Sandbox, alice: Buyer, alter: object
) -> None:
    def spoil(headers: Json) -> None:
        alter(headers)  # type: ignore[operator]  # a function
        for name, value in headers.items():
            headers[name] = value.encode()

    assert alice.order(CARD, alter=spoil).status_code == 401
    assert sandbox.control.ledger()["orders"] == []


@pytest.mark.parametrize(("age", "status"), [(-310, 401), (-290, 201), (290, 201), (310, 401)])
def test_the_timestamp_may_be_five_minutes_off_both_ways(
    alice: Buyer, age: int, status: int
) -> None:
    headers = alice.sign(CARD, "ORD-1", at=int(time.time()) + age)
    body = {"external_id": "ORD-1", "item": {"sku_id": CARD, "fields": {"quantity": 1}}}
    assert alice.post("/orders", body, headers).status_code == status


def test_the_clock_that_counts_is_the_sandboxs(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.time({"offset": 600})
    answer = alice.order(CARD)
    assert answer.status_code == 401
    assert answer.json() == {"message": "The request timestamp is invalid or expired."}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"quantity": 0}, "item.fields.quantity"),
        ({"quantity": -1}, "item.fields.quantity"),
        ({"quantity": 1.5}, "item.fields.quantity"),
        ({"quantity": True}, "item.fields.quantity"),
        ({"quantity": None}, "item.fields.quantity"),
        ({"quantity": 4}, "item.fields.quantity"),
    ],
)
def test_a_wrong_quantity_is_refused_by_name(
    sandbox: Sandbox, alice: Buyer, fields: Json, field: str
) -> None:
    answer = alice.order(CARD, **fields)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert sandbox.control.ledger()["orders"] == []


def test_an_unknown_sku_is_refused(alice: Buyer) -> None:
    answer = alice.order("019bc0dd-0000-0000-0000-000000000000")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["item.sku_id"]


def test_stock_runs_out(alice: Buyer) -> None:
    alice.buy(BIG_CARD, quantity=2)
    answer = alice.order(BIG_CARD)
    assert answer.json()["errors"] == {"item.sku_id": ["The selected SKU is out of stock."]}
    prices = {row["sku_id"]: row for row in alice.data("/catalog/pricelist")}
    assert prices[BIG_CARD]["stock"] == 0


def test_overdraft_may_be_used_up_and_no_further(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.balance({"balance": "-90.30"})
    alice.buy(CARD)
    answer = alice.order(CARD)
    assert answer.status_code == 402
    assert answer.json() == {"message": "Insufficient balance."}
    assert alice.data("/balance")["available_balance"] == 0
    assert alice.data("/balance")["is_overdrafted"] is True


def test_a_custom_amount_costs_rate_and_markup(alice: Buyer) -> None:
    order = alice.buy(OPEN, quantity=2, amount=100)
    # 100 x 0.272 x 0.98 + 0.10 = 26.756, in cents 26.76
    assert order["items"][0]["price"] == 26.76
    assert order["total_amount"] == 53.52
    assert alice.buy(OPEN, amount="99.50")["total_amount"] == 26.62


@pytest.mark.parametrize(
    "amount", [None, "", "ten", 9.99, 500.01, -100, True, [100], "1e2", 10.001]
)
def test_a_wrong_custom_amount_is_refused(alice: Buyer, amount: object) -> None:
    answer = alice.order(OPEN, amount=amount)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["item.fields.amount"]


def test_a_recharge_needs_its_fields_and_echoes_them(alice: Buyer) -> None:
    order = alice.buy(PHONE, phone="+37491000000", operator="north")
    assert order["items"][0]["customer_data"] == {
        "phone": "+37491000000", "operator": "north", "quantity": 1,
    }  # fmt: skip
    assert "pin" not in order["items"][0]["delivery_data"][0]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["item.fields.phone", "item.fields.operator"]),
        ({"phone": "12", "operator": "north"}, ["item.fields.phone"]),
        ({"phone": "+37491000000", "operator": "west"}, ["item.fields.operator"]),
        ({"phone": "+37491000000", "operator": "north", "age": 17}, ["item.fields.age"]),
        ({"phone": ["+37491000000"], "operator": "north"}, ["item.fields.phone"]),
    ],
)
def test_a_recharge_with_wrong_fields_is_refused(
    alice: Buyer, fields: Json, wrong: list[str]
) -> None:
    answer = alice.order(PHONE, **fields)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == wrong


def test_metadata_comes_back_as_it_was(alice: Buyer) -> None:
    external_id = new_id()
    body = {
        "external_id": external_id,
        "item": {"sku_id": CARD, "fields": {"quantity": 1}},
        "metadata": {"note": "for Bob", "price": 1.25},
    }
    alice.post("/orders", body, alice.sign(CARD, external_id))
    [order] = alice.data("/orders", external_id=external_id)
    assert order["metadata"] == {"note": "for Bob", "price": 1.25}


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"null", b'{"external_id":' + b"[" * 100_000, b'{"external_id": NaN}', b"\xff"],
)
def test_a_body_that_is_no_json_object_is_refused(alice: Buyer, body: bytes) -> None:
    answer = alice.session.post(alice.url + "/orders", data=body, timeout=5)
    assert answer.status_code == 400
    assert "message" in answer.json()


def test_an_external_id_that_is_no_text_is_refused(alice: Buyer) -> None:
    body = {"external_id": 12345, "item": {"sku_id": CARD, "fields": {"quantity": 1}}}
    answer = alice.post("/orders", body, alice.sign(CARD, "12345"))
    assert answer.json()["errors"] == {"external_id": ["The external id field must be a string."]}


class TestHistory:
    def test_the_filters_hold(self, sandbox: Sandbox, alice: Buyer) -> None:
        sandbox.control.plan({"status": "processing"})
        alice.buy(CARD, "ORD-1")
        alice.buy(CARD, "ORD-12")
        assert [row["external_id"] for row in alice.data("/orders")] == ["ORD-12", "ORD-1"]
        assert [row["external_id"] for row in alice.data("/orders", external_id="ORD-1")] == [
            "ORD-1"
        ]
        assert [row["external_id"] for row in alice.data("/orders", status="processing")] == [
            "ORD-1"
        ]
        assert alice.data("/orders", date_from="2100-01-01T00:00:00Z") == []
        assert len(alice.data("/orders", date_to="2100-01-01T00:00:00+00:00")) == 2

    def test_pages_hold_every_order_once(self, alice: Buyer) -> None:
        for number in range(5):
            alice.buy(CARD, f"ORD-{number}")
        seen: list[str] = []
        cursor = None
        while True:
            answer = alice.get(
                "/orders", per_page=2, **({"cursor": cursor} if cursor else {})
            ).json()
            seen += [row["external_id"] for row in answer["data"]]
            cursor = answer["meta"]["next_cursor"]
            if cursor is None:
                break
            alice.buy(CARD)  # a new order does not shift the pages
        assert seen == ["ORD-4", "ORD-3", "ORD-2", "ORD-1", "ORD-0"]

    @pytest.mark.parametrize(
        "query",
        [
            {"per_page": 0}, {"per_page": 101}, {"per_page": "ten"}, {"per_page": "５"},
            {"status": "done"}, {"date_from": "yesterday"}, {"date_to": ""},
        ],
    )  # fmt: skip
    def test_a_wrong_filter_is_refused_by_name(self, alice: Buyer, query: Json) -> None:
        answer = alice.get("/orders", **query)
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == list(query)

    def test_an_unknown_order_is_not_found(self, alice: Buyer) -> None:
        assert alice.get("/orders/7898e683-4e56-44a3-9782-eca3f758a844").status_code == 404


def test_the_total_is_the_price_times_the_quantity(alice: Buyer) -> None:
    order = alice.buy(CARD, quantity=3)
    assert Decimal(str(order["total_amount"])) == 3 * Decimal(str(order["items"][0]["price"]))

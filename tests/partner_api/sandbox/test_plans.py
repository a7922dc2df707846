"""Orders that turn out otherwise: later, in part, wrongly written, or not at all."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer, Json
from tests.partner_api.sandbox.goods import CARD, ESIM


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def kinds(alice: Buyer) -> list[tuple[str, float]]:
    rows = alice.data("/balance/history")
    for later, earlier in pairwise(rows):
        assert round(earlier["balance_after"] + later["amount"], 2) == later["balance_after"]
    return [(row["type"], row["amount"]) for row in rows[:-1]]


def test_a_processing_order_completes_after_a_while(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"status": "processing", "after": 5})
    order = alice.buy(CARD)
    assert (order["status"], order["items"][0]["delivery_data"]) == ("processing", [])
    eventually(lambda: alice.data(f"/orders/{order['id']}")["status"] == "completed")
    assert len(alice.data(f"/orders/{order['id']}")["items"][0]["delivery_data"]) == 1
    assert kinds(alice) == [("charge", -9.7)]


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_an_order_that_fails_is_refunded_in_one_row(
    sandbox: Sandbox, alice: Buyer, status: str
) -> None:
    sandbox.control.plan({"status": status})
    order = alice.buy(CARD, quantity=2)
    assert order["status"] == status
    assert (order["items"][0]["error_message"] is not None) is (status == "failed")
    assert kinds(alice) == [("refund", 19.4), ("charge", -19.4)]
    assert alice.data("/catalog/pricelist")[0]["stock"] == 100


def test_a_partial_order_delivers_some_and_refunds_the_rest(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"status": "partially_completed", "delivered": 1})
    order = alice.buy(CARD, quantity=3)
    assert order["status"] == "partially_completed"
    assert len(order["items"][0]["delivery_data"]) == 1
    assert kinds(alice) == [("refund", 19.4), ("charge", -29.1)]


def test_an_order_short_of_codes_is_charged_in_full(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"short": 1})
    order = alice.buy(CARD, quantity=3)
    assert (order["status"], len(order["items"][0]["delivery_data"])) == ("completed", 2)
    assert kinds(alice) == [("charge", -29.1)]


def test_missing_codes_may_come_later_and_cost_nothing_more(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"short": 1})
    order = alice.buy(CARD, quantity=2)
    sandbox.control.order(order["id"], {"echo": {"currency": "EUR"}})
    early = alice.data(f"/orders/{order['id']}")["items"][0]["delivery_data"]
    sandbox.control.order(order["id"], {"status": "completed"})
    late = alice.data(f"/orders/{order['id']}")["items"][0]["delivery_data"]
    assert (len(early), len(late)) == (1, 2)
    assert late[0] == early[0]
    assert kinds(alice) == [("charge", -19.4)]


def test_an_unknown_status_is_kept_as_it_is(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"status": "on_hold"})
    order = alice.buy(CARD)
    assert alice.data(f"/orders/{order['id']}")["status"] == "on_hold"


def test_the_same_code_may_come_twice_in_an_order(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"duplicate_code": "within"})
    first, second = alice.buy(CARD, quantity=2)["items"][0]["delivery_data"]
    assert first == second


def test_a_code_may_come_that_was_sold_before(sandbox: Sandbox, alice: Buyer) -> None:
    earlier = alice.buy(CARD)["items"][0]["delivery_data"]
    sandbox.control.plan({"duplicate_code": "across"})
    assert alice.buy(CARD)["items"][0]["delivery_data"] == earlier


def test_an_answer_may_echo_something_else(sandbox: Sandbox, alice: Buyer) -> None:
    echo = {"external_id": "OTHER", "sku_id": "other-sku", "quantity": 7, "currency": "EUR"}
    sandbox.control.plan({"echo": echo})
    order = alice.buy(CARD, "ORD-1")
    [item] = order["items"]
    assert (order["external_id"], item["sku_id"], item["quantity"]) == ("OTHER", "other-sku", 7)
    assert order["currency"] == "EUR"
    assert sandbox.world.by_external_id["ORD-1"][0].quantity == 1


@pytest.mark.parametrize(
    ("plan", "check"),
    [
        ({"items": None}, lambda order: order["items"] is None),
        ({"items": []}, lambda order: order["items"] == []),
        ({"int_ids": True}, lambda order: isinstance(order["id"], int)),
        ({"without": ["total_amount"]}, lambda order: "total_amount" not in order),
        ({"without": ["delivery_data"]}, lambda order: "delivery_data" not in order["items"][0]),
        ({"item": {"price": None}}, lambda order: order["items"][0]["price"] is None),
        ({"order": {"novelty": 1}}, lambda order: order["novelty"] == 1),
    ],
)  # fmt: skip
def test_an_answer_may_be_misshapen(
    sandbox: Sandbox, alice: Buyer, plan: Json, check: Callable[[Json], bool]
) -> None:
    sandbox.control.plan(plan)
    assert check(alice.buy(CARD))


def test_another_sum_may_be_charged(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"total": "12.34"})
    assert alice.buy(CARD)["total_amount"] == 12.34
    assert kinds(alice) == [("charge", -12.34)]


def test_a_sum_may_be_reserved_until_the_order_completes(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"status": "processing", "charge": "on_completion"})
    order = alice.buy(CARD)
    held = alice.data("/balance")
    assert (held["balance"], held["reserved_amount"], held["available_balance"]) == (
        10000, 9.7, 10090.3,
    )  # fmt: skip
    sandbox.control.order(order["id"], {"status": "completed"})
    charged = alice.data("/balance")
    assert (charged["balance"], charged["reserved_amount"]) == (9990.3, 0)


def test_a_reserved_sum_is_free_again_when_the_order_fails(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"status": "processing", "charge": "on_completion"})
    order = alice.buy(CARD)
    sandbox.control.order(order["id"], {"status": "failed"})
    assert kinds(alice) == []
    assert alice.data("/balance")["available_balance"] == 10100


def test_a_failed_order_that_completes_after_all_is_charged_again(
    sandbox: Sandbox, alice: Buyer
) -> None:
    sandbox.control.plan({"status": "failed"})
    order = alice.buy(CARD)
    sandbox.control.order(order["external_id"], {"status": "completed"})
    assert kinds(alice) == [("charge", -9.7), ("refund", 9.7), ("charge", -9.7)]
    assert len(alice.data(f"/orders/{order['id']}")["items"][0]["delivery_data"]) == 1


def test_settling_twice_changes_nothing_more(sandbox: Sandbox, alice: Buyer) -> None:
    order = alice.buy(CARD)
    for _ in range(2):
        sandbox.control.order(order["id"], {"status": "failed"})
    assert kinds(alice) == [("refund", 9.7), ("charge", -9.7)]


def test_plans_are_for_the_next_orders_in_turn(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"next": 2, "status": "failed"})
    sandbox.control.plan({"status": "processing"})
    statuses = [alice.buy(CARD)["status"] for _ in range(4)]
    assert statuses == ["failed", "failed", "processing", "completed"]


def test_a_refused_order_uses_up_no_plan(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.plan({"status": "failed"})
    alice.order(CARD, quantity=0)
    assert alice.buy(CARD)["status"] == "failed"


@pytest.mark.parametrize(
    ("shape", "keys"),
    [
        ("both", {"iccid", "qr_code", "lpa", "smdp_address", "activation_code"}),
        ("qr_code", {"iccid", "qr_code"}),
        ("lpa", {"iccid", "lpa"}),
        ("parts", {"iccid", "smdp_address", "activation_code"}),
        ("iccid", {"iccid"}),
    ],
)
def test_an_esim_may_be_delivered_in_several_shapes(
    sandbox: Sandbox, alice: Buyer, shape: str, keys: set[str]
) -> None:
    sandbox.control.plan({"esim": shape})
    assert set(alice.buy(ESIM)["items"][0]["delivery_data"][0]) == keys


@pytest.mark.parametrize(
    "plan",
    [
        {"statis": "failed"}, {"short": -1}, {"short": "one"}, {"after": -1}, {"total": "NaN"},
        {"echo": []}, {"then": {"statis": "failed"}},
    ],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_refused(sandbox: Sandbox, plan: Json) -> None:
    with pytest.raises((ValueError, TypeError)):
        sandbox.control.plan(plan)
    assert sandbox.world.plans.view() == []

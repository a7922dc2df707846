"""A sandbox with a state file still knows, after any kind of end, what it sold."""

import stat
from pathlib import Path

import pytest

from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer
from tests.partner_api.sandbox.conftest import HOST
from tests.partner_api.sandbox.goods import CARD, ESIM, small_catalog
from tests.partner_api.sandbox.test_plans import eventually


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "sandbox.jsonl"


def start(path: Path, *, scale: float = 0.02) -> tuple[Sandbox, Buyer]:
    sandbox = Sandbox(catalog=small_catalog(), state=path, time_scale=scale)
    return sandbox, Buyer(HOST, token=sandbox.token, secret=sandbox.secret, sandbox=sandbox)


def test_orders_money_stock_and_esims_are_kept(path: Path) -> None:
    sandbox, alice = start(path)
    sandbox.control.plan({"status": "failed"})
    alice.buy(CARD, "ORD-1")
    alice.buy(CARD, "ORD-2", quantity=2)
    alice.top_up(alice.buy(ESIM)["items"][0]["delivery_data"][0]["iccid"])
    before = [alice.data(where) for where in ("/orders", "/balance", "/balance/history")]
    iccid = next(iter(sandbox.world.esims))
    esim = alice.data(f"/services/esim/{iccid}/status")
    sandbox.close()

    sandbox, alice = start(path)
    assert [alice.data(where) for where in ("/orders", "/balance", "/balance/history")] == before
    assert alice.data(f"/services/esim/{iccid}/status") == esim
    assert alice.data("/catalog/pricelist")[0]["stock"] == 98
    assert alice.order(CARD, "ORD-1").status_code == 422
    sandbox.close()


def test_no_code_is_made_twice(path: Path) -> None:
    pins = []
    for _ in range(3):
        sandbox, alice = start(path)
        pins.append(alice.buy(CARD)["items"][0]["delivery_data"][0]["pin"])
        sandbox.close()
    assert len(set(pins)) == 3


def test_a_crash_loses_nothing_that_was_answered(path: Path) -> None:
    sandbox, alice = start(path)
    alice.buy(CARD, "ORD-1")
    # No close: the process is gone. A torn line is what a crash in mid-write leaves.
    with path.open("ab") as file:
        file.write(b'{"orders":[{"id":"torn')
    after, alice = start(path)
    assert len(alice.data("/orders", external_id="ORD-1")) == 1
    assert alice.data("/balance")["balance"] == 9990.3
    alice.buy(CARD, "ORD-2")
    after.close()
    sandbox.close()
    last, alice = start(path)
    assert [row["external_id"] for row in alice.data("/orders")] == ["ORD-2", "ORD-1"]
    last.close()


def test_an_order_left_processing_goes_on(path: Path) -> None:
    sandbox, alice = start(path)
    sandbox.control.plan({"after": 10, "then": {"status": "partially_completed", "delivered": 1}})
    order = alice.buy(CARD, quantity=2)
    sandbox.close()
    sandbox, alice = start(path)
    assert alice.data(f"/orders/{order['id']}")["status"] == "processing"
    eventually(lambda: alice.data(f"/orders/{order['id']}")["status"] == "partially_completed")
    assert alice.data("/balance")["balance"] == 9990.3
    sandbox.close()


def test_misshapen_orders_stay_misshapen(path: Path) -> None:
    sandbox, alice = start(path)
    sandbox.control.plan({"echo": {"quantity": 9}})
    order = alice.buy(CARD)
    sandbox.close()
    sandbox, alice = start(path)
    assert alice.data(f"/orders/{order['id']}")["items"][0]["quantity"] == 9
    sandbox.close()


def test_metadata_that_look_like_the_files_own_marks_survive(path: Path) -> None:
    metadata = {"$decimal": "not a number", "inner": {"$time": 5}, "amount": 1.5}
    sandbox, alice = start(path)
    body = {
        "external_id": "ORD-1",
        "item": {"sku_id": CARD, "fields": {"quantity": 1}},
        "metadata": metadata,
    }
    assert alice.post("/orders", body, alice.sign(CARD, "ORD-1")).status_code == 201
    sandbox.close()
    sandbox, alice = start(path)
    assert alice.data("/orders")[0]["metadata"] == metadata
    sandbox.close()


def test_a_reset_empties_the_file(path: Path) -> None:
    sandbox, alice = start(path)
    pin = alice.buy(CARD)["items"][0]["delivery_data"][0]["pin"]
    assert pin in path.read_text()
    sandbox.control.reset({})
    assert pin not in path.read_text()
    sandbox.close()


def test_the_file_is_its_owners_alone(path: Path) -> None:
    sandbox, _ = start(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sandbox.close()


def test_a_change_costs_one_line(path: Path) -> None:
    sandbox, alice = start(path)
    for _ in range(5):
        alice.buy(CARD)
    assert len(path.read_text().splitlines()) == 6
    sandbox.close()

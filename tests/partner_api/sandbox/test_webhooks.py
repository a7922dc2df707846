"""Webhooks: what is sent, how it is signed, how often it is tried, how it goes wrong."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.forgeries import FORGED_PIN, FORGERIES
from tests.partner_api.sandbox.buyer import Buyer, Json
from tests.partner_api.sandbox.goods import CARD
from tests.partner_api.sandbox.test_plans import eventually


@dataclass
class Got:
    headers: dict[str, str]
    body: Json
    at: float = field(default_factory=time.monotonic)

    def is_signed_with(self, secret: str) -> bool:
        message = (
            self.headers["X-Timestamp"] + self.body["event"] + self.body["idempotency_key"]
        ).encode()
        right = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
        return self.headers["X-Signature"] == right

    @property
    def status(self) -> str:
        status: str = self.body["data"]["order"]["status"]
        return status


class Receiver(ThreadingHTTPServer):
    """The shop's side: keeps what comes, answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[Got] = []
        self.answers: list[int] = []


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(Got(dict(self.headers), json.loads(body)))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        pass


@pytest.fixture
def shop(sandbox: Sandbox) -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, args=(0.01,))
    thread.start()
    sandbox.control.webhooks({"url": f"http://127.0.0.1:{receiver.server_port}/webhooks/partner/"})
    yield receiver
    receiver.shutdown()
    receiver.server_close()
    thread.join()


def test_a_completed_order_is_announced_in_the_references_words(
    sandbox: Sandbox, alice: Buyer, shop: Receiver
) -> None:
    order = alice.buy(CARD)
    eventually(lambda: len(shop.got) == 1)
    [got] = shop.got
    assert list(got.body) == ["event", "timestamp", "idempotency_key", "data"]
    assert got.body["event"] == "order.status_changed"
    told = got.body["data"]["order"]
    assert list(told) == [
        "id", "external_id", "status", "total_amount", "currency", "completed_at", "items",
    ]  # fmt: skip
    assert told["id"] == order["id"]
    [unit] = told["items"][0]["delivery_data"]
    assert set(unit) == {"pin", "serial_number", "expiration_date"}
    assert unit["pin"] == order["items"][0]["delivery_data"][0]["pin"]
    assert got.is_signed_with(sandbox.secret)
    assert abs(int(got.headers["X-Timestamp"]) - time.time()) < 5


@pytest.mark.parametrize("status", ["completed", "failed", "partially_completed"])
def test_these_statuses_are_announced(
    sandbox: Sandbox, alice: Buyer, shop: Receiver, status: str
) -> None:
    sandbox.control.plan({"status": status})
    alice.buy(CARD)
    eventually(lambda: [got.status for got in shop.got] == [status])


@pytest.mark.parametrize("status", ["created", "processing", "cancelled", "on_hold"])
def test_these_statuses_are_not(
    sandbox: Sandbox, alice: Buyer, shop: Receiver, status: str
) -> None:
    sandbox.control.plan({"status": status})
    alice.buy(CARD)
    alice.buy(CARD)
    eventually(lambda: len(shop.got) == 1)
    assert [got.status for got in shop.got] == ["completed"]


def test_a_status_is_announced_once_however_often_it_is_set(
    sandbox: Sandbox, alice: Buyer, shop: Receiver
) -> None:
    order = alice.buy(CARD)
    for status in ("completed", "failed", "failed"):
        sandbox.control.order(order["id"], {"status": status})
    assert [hook.view()["status"] for hook in sandbox.outbox.deliveries] == ["completed", "failed"]


def test_it_is_tried_three_times_with_the_same_key_and_then_never_again(
    sandbox: Sandbox, alice: Buyer, shop: Receiver
) -> None:
    shop.answers = [500, 302, 404, 200]
    sandbox.control.time({"scale": 0.002})
    alice.buy(CARD)
    eventually(lambda: len(shop.got) == 3)
    [hook] = sandbox.outbox.deliveries
    eventually(lambda: hook.state == "failed")
    time.sleep(0.1)
    assert len(shop.got) == 3
    assert len({got.body["idempotency_key"] for got in shop.got}) == 1
    assert all(got.is_signed_with(sandbox.secret) for got in shop.got)
    first, second, third = (got.at for got in shop.got)
    assert 0.015 < second - first < 0.15 < third - second


def test_a_receiver_that_is_away_is_tried_again(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.time({"scale": 0})
    sandbox.control.webhooks({"url": "http://127.0.0.1:1/"})
    alice.buy(CARD)
    [hook] = sandbox.outbox.deliveries
    eventually(lambda: hook.state == "failed")
    assert [attempt["answer"] for attempt in hook.tries] == ["ConnectionRefusedError"] * 3


def test_dropped_webhooks_are_listed_and_never_come(
    sandbox: Sandbox, alice: Buyer, shop: Receiver
) -> None:
    sandbox.control.webhooks({"mode": "drop"})
    alice.buy(CARD)
    sandbox.control.webhooks({"mode": "normal"})
    alice.buy(CARD)
    eventually(lambda: len(shop.got) == 1)
    assert sandbox.outbox.deliveries[0].state == "dropped"


def test_doubled_webhooks_are_the_same_twice(
    sandbox: Sandbox, alice: Buyer, shop: Receiver
) -> None:
    sandbox.control.webhooks({"mode": "double"})
    alice.buy(CARD)
    eventually(lambda: len(shop.got) == 2)
    assert shop.got[0].body == shop.got[1].body


def test_reordered_webhooks_overtake_each_other(
    sandbox: Sandbox, alice: Buyer, shop: Receiver
) -> None:
    sandbox.control.webhooks({"mode": "reorder", "seconds": 100})
    first, second = alice.buy(CARD), alice.buy(CARD)
    eventually(lambda: len(shop.got) == 2)
    ids = [got.body["data"]["order"]["id"] for got in shop.got]
    assert ids == [second["id"], first["id"]]


def test_a_lone_reordered_webhook_comes_after_a_while(
    sandbox: Sandbox, alice: Buyer, shop: Receiver
) -> None:
    sandbox.control.webhooks({"mode": "reorder", "seconds": 2})
    alice.buy(CARD)
    eventually(lambda: len(shop.got) == 1)


def test_a_late_webhook_is_late_and_still_rightly_signed(
    sandbox: Sandbox, alice: Buyer, shop: Receiver
) -> None:
    sandbox.control.webhooks({"mode": "late", "seconds": 5})
    started = time.monotonic()
    alice.buy(CARD)
    eventually(lambda: len(shop.got) == 1)
    assert shop.got[0].at - started >= 0.1
    assert shop.got[0].is_signed_with(sandbox.secret)


def test_an_early_webhook_beats_the_answer(sandbox: Sandbox, alice: Buyer, shop: Receiver) -> None:
    sandbox.control.webhooks({"mode": "early"})
    alice.buy(CARD)
    assert len(shop.got) == 1


class TestForgeries:
    """What each one looks like to a receiver that only checks the signature."""

    @pytest.mark.parametrize(
        ("kind", "is_signed"),
        [
            ("data", True), ("signature", False), ("upper_case", False), ("stale", True),
            ("future", True), ("boundary", True), ("order_signature", True),
            ("other_event", True), ("stranger", True),
        ],
    )  # fmt: skip
    def test_its_signature(
        self, sandbox: Sandbox, alice: Buyer, shop: Receiver, kind: str, is_signed: bool
    ) -> None:
        sandbox.control.webhooks({"mode": "forge", "kind": kind})
        alice.buy(CARD)
        eventually(lambda: len(shop.got) == 1)
        assert shop.got[0].is_signed_with(sandbox.secret) is is_signed

    def test_every_kind_can_be_sent(self, sandbox: Sandbox, alice: Buyer, shop: Receiver) -> None:
        order = alice.buy(CARD)
        for kind in FORGERIES:
            sandbox.control.send_webhook({"order": order["id"], "kind": kind})
        eventually(lambda: len(shop.got) == 1 + len(FORGERIES))
        assert {hook.forged for hook in sandbox.outbox.deliveries} == {None, *FORGERIES}

    def test_the_data_are_somebody_elses(
        self, sandbox: Sandbox, alice: Buyer, shop: Receiver
    ) -> None:
        sandbox.control.plan({"status": "processing"})
        order = alice.buy(CARD)
        sandbox.control.send_webhook({"order": order["id"], "kind": "data"})
        eventually(lambda: len(shop.got) == 1)
        told = shop.got[0].body["data"]["order"]
        assert told["status"] == "completed"
        assert told["items"][0]["delivery_data"][0]["pin"] == FORGED_PIN

    def test_the_times_are_off(self, sandbox: Sandbox, alice: Buyer, shop: Receiver) -> None:
        order = alice.buy(CARD)
        eventually(lambda: len(shop.got) == 1)
        for kind, away in (("stale", -600), ("future", 600)):
            shop.got.clear()
            sandbox.control.send_webhook({"order": order["id"], "kind": kind})
            eventually(lambda: len(shop.got) == 1)
            assert abs(int(shop.got[0].headers["X-Timestamp"]) - time.time() - away) < 5

    def test_an_old_key_may_be_used_again(
        self, sandbox: Sandbox, alice: Buyer, shop: Receiver
    ) -> None:
        order = alice.buy(CARD)
        eventually(lambda: len(shop.got) == 1)
        key = shop.got[0].body["idempotency_key"]
        sandbox.control.send_webhook({"order": order["id"], "key": key, "status": "failed"})
        eventually(lambda: len(shop.got) == 2)
        assert shop.got[1].body["idempotency_key"] == key
        assert (shop.got[0].status, shop.got[1].status) == ("completed", "failed")

    def test_another_secret_may_sign(self, sandbox: Sandbox, alice: Buyer, shop: Receiver) -> None:
        sandbox.control.webhooks({"secret": "the-new-one"})
        alice.buy(CARD)
        eventually(lambda: len(shop.got) == 1)
        assert shop.got[0].is_signed_with("the-new-one")

    def test_an_unsigned_one_has_no_signature(
        self, sandbox: Sandbox, alice: Buyer, shop: Receiver
    ) -> None:
        sandbox.control.webhooks({"mode": "forge", "kind": "unsigned"})
        alice.buy(CARD)
        eventually(lambda: len(shop.got) == 1)
        assert "X-Signature" not in shop.got[0].headers


def test_a_slow_receiver_holds_up_no_order(
    sandbox: Sandbox, alice: Buyer, shop: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partner_api.sandbox.outbox.TIMEOUT", 0.5)
    gate = threading.Event()
    monkeypatch.setattr(_Handler, "do_POST", lambda _self: gate.wait(5))
    started = time.monotonic()
    for _ in range(10):
        alice.buy(CARD)
    assert time.monotonic() - started < 0.5
    gate.set()


@pytest.mark.parametrize("change", [{"mode": "explode"}, {"mode": "forge", "kind": "explode"}])
def test_an_unknown_mode_is_refused(sandbox: Sandbox, change: Json) -> None:
    with pytest.raises(ValueError, match="mode"):
        sandbox.control.webhooks(change)
    assert sandbox.outbox.mode == "normal"

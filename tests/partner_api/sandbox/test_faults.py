"""Faults of the wire: each does what its name says, to the caller and to the order."""

import time
from dataclasses import dataclass, field
from http.client import RemoteDisconnected

import pytest
import requests

from partner_api.sandbox import trouble
from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer, Json
from tests.partner_api.sandbox.goods import CARD

BROKEN = requests.exceptions.ConnectionError
CUT = requests.exceptions.ChunkedEncodingError
LATE = requests.exceptions.ReadTimeout


@dataclass
class Case:
    """What a fault does: what the caller sees, and whether the order exists afterwards."""

    fault: str
    seen: int | type[Exception]
    orders: int
    params: Json = field(default_factory=dict)
    timeout: float = 5

    def __str__(self) -> str:
        return "-".join([self.fault, *map(str, self.params.values())])


CASES = [
    Case("ok", 201, 1),
    Case("drop_before", BROKEN, 0),
    Case("drop_after", BROKEN, 1),
    Case("drop_after", LATE, 1, {"hold": 0.4}, timeout=0.1),
    Case("reset", BROKEN, 1),
    Case("reset", BROKEN, 0, {"effect": False}),
    Case("late", 201, 1, {"seconds": 5}),
    Case("500_before", 500, 0),
    Case("500_after", 500, 1),
    Case("503", 503, 0),
    Case("429", 429, 0),
    Case("401", 401, 0),
    Case("402", 402, 0),
    Case("403", 403, 0),
    Case("404", 404, 0),
    Case("409", 409, 0),
    Case("409", 409, 1, {"effect": True}),
    Case("422_external_id", 422, 0),
    Case("422_stock", 422, 0),
    Case("422_validation", 422, 0),
    Case("redirect302", 302, 0),
    Case("redirect307", 307, 0),
    Case("html200", 200, 1),
    Case("html200", 200, 0, {"effect": False}),
    Case("success_false", 200, 1),
    Case("empty", 201, 1),
    Case("truncated", CUT, 1),
    Case("wrong_content_length", CUT, 1),
    Case("slow_drip", 201, 1, {"every": 0.0001}),
    Case("bomb", 200, 1, {"size": 1_000_000}),
    Case("huge", 200, 1, {"size": 1_000_000}),
    Case("bad_json", 201, 1),
    Case("nan", 201, 1),
    Case("duplicate_keys", 201, 1),
    Case("deep_nesting", 201, 1),
    Case("invalid_utf8", 201, 1),
    Case("huge_number", 201, 1),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_does_what_its_name_says(both_ways: tuple[Sandbox, Buyer], case: Case) -> None:
    sandbox, alice = both_ways
    sandbox.control.fault({"endpoint": "create_order", "fault": case.fault, **case.params})
    if isinstance(case.seen, int):
        assert alice.order(CARD, timeout=case.timeout).status_code == case.seen
    else:
        with pytest.raises(case.seen):
            alice.order(CARD, timeout=case.timeout)
    assert len(sandbox.control.ledger()["charges"]) == case.orders
    assert alice.order(CARD).status_code == 201  # only one call met the fault


def test_every_fault_has_a_case() -> None:
    assert {case.fault for case in CASES} == set(trouble.FAULTS)


def spoilt(sandbox: Sandbox, alice: Buyer, fault: str, **params: object) -> requests.Response:
    sandbox.control.fault({"endpoint": "create_order", "fault": fault, **params})
    return alice.order(CARD)


@pytest.mark.parametrize(
    ("fault", "sign"),
    [
        ("empty", b""), ("bad_json", b"{{"), ("nan", b"NaN"), ("duplicate_keys", b'"data":null}'),
        ("deep_nesting", b"[" * 1000), ("invalid_utf8", b"\xff"), ("huge_number", b"9" * 5000),
        ("html200", b"<!DOCTYPE html>"), ("success_false", b'"success":false'),
    ],
)  # fmt: skip
def test_a_spoilt_answer_is_spoilt_in_its_way(
    sandbox: Sandbox, alice: Buyer, fault: str, sign: bytes
) -> None:
    content = spoilt(sandbox, alice, fault).content
    assert sign in content
    assert (content == b"") is (fault == "empty")


@pytest.mark.parametrize(
    ("fault", "cause"), [("reset", ConnectionResetError), ("drop_after", RemoteDisconnected)]
)
def test_a_reset_is_not_a_quiet_end(
    both_ways: tuple[Sandbox, Buyer], fault: str, cause: type[Exception]
) -> None:
    sandbox, alice = both_ways
    sandbox.control.fault({"endpoint": "create_order", "fault": fault})
    with pytest.raises(BROKEN) as caught:
        alice.order(CARD)
    broken = caught.value.args[0].args[1]
    # One class is a kind of the other.
    assert type(broken) is cause


def test_a_small_answer_unpacks_to_a_large_one(sandbox: Sandbox, alice: Buyer) -> None:
    answer = spoilt(sandbox, alice, "bomb", size=3_000_000)
    assert int(answer.headers["Content-Length"]) < 10_000
    assert len(answer.content) == 3_000_000


def test_who_follows_a_redirect_is_counted_at_the_log_in_page(
    sandbox: Sandbox, alice: Buyer
) -> None:
    answer = spoilt(sandbox, alice, "redirect302")
    assert answer.headers["Location"] == "/login"
    assert sandbox.seen.count("GET", "/login") == 0
    alice.get("/login")
    assert sandbox.seen.count("GET", "/login") == 1


@pytest.mark.parametrize(
    ("value", "header"), [(30, "30"), ("soon", "soon"), (10**9, "1000000000"), (None, None)]
)
def test_retry_after_is_what_was_asked_for(
    sandbox: Sandbox, alice: Buyer, value: object, header: str | None
) -> None:
    answer = spoilt(sandbox, alice, "429", retry_after=value)
    assert answer.headers.get("Retry-After") == header


def test_retry_after_may_be_a_date(sandbox: Sandbox, alice: Buyer) -> None:
    assert spoilt(sandbox, alice, "429:date:30").headers["Retry-After"].endswith("GMT")


def test_a_late_request_is_judged_by_the_time_it_arrives(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.time({"scale": 0.001})
    assert spoilt(sandbox, alice, "late:299").status_code == 201
    assert spoilt(sandbox, alice, "late:302").status_code == 401


def test_a_late_request_arrives_although_its_sender_has_left(
    sandbox: Sandbox, alice: Buyer
) -> None:
    sandbox.control.fault({"endpoint": "create_order", "fault": "late:20"})
    with pytest.raises(LATE):
        alice.order(CARD, "ORD-1", timeout=0.05)
    assert alice.data("/orders", external_id="ORD-1") == []
    deadline = time.monotonic() + 5
    while not alice.data("/orders", external_id="ORD-1"):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_held_connection_does_not_hold_anybody_else(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.fault({"endpoint": "create_order", "fault": "drop_after", "hold": 30})
    with pytest.raises(LATE):
        alice.order(CARD, timeout=0.05)
    assert alice.order(CARD, timeout=1).status_code == 201


class TestRules:
    def statuses(self, alice: Buyer, count: int) -> list[int]:
        return [alice.get("/balance").status_code for _ in range(count)]

    def test_they_count_down(self, sandbox: Sandbox, alice: Buyer) -> None:
        sandbox.control.fault({"endpoint": "balance", "fault": "503", "next": 2})
        assert self.statuses(alice, 3) == [503, 503, 200]

    def test_they_may_let_some_pass_first(self, sandbox: Sandbox, alice: Buyer) -> None:
        sandbox.control.fault({"endpoint": "balance", "fault": "503", "skip": 2})
        assert self.statuses(alice, 4) == [200, 200, 503, 200]

    def test_they_queue_up(self, sandbox: Sandbox, alice: Buyer) -> None:
        for fault in ("503", "ok", "401"):
            sandbox.control.fault({"endpoint": "balance", "fault": fault})
        assert self.statuses(alice, 4) == [503, 200, 401, 200]

    def test_they_may_last_until_cleared(self, sandbox: Sandbox, alice: Buyer) -> None:
        sandbox.control.fault({"endpoint": "*", "fault": "503", "next": None})
        assert self.statuses(alice, 5) == [503] * 5
        sandbox.faults.clear()
        assert self.statuses(alice, 1) == [200]

    def test_they_may_be_rolled_for_and_repeated(self, sandbox: Sandbox, alice: Buyer) -> None:
        runs = []
        for _ in range(2):
            sandbox.faults.clear()
            sandbox.control.fault({"fault": "503", "next": None, "chance": 0.3})
            runs.append(self.statuses(alice, 60))
        assert runs[0] == runs[1]
        assert 8 <= runs[0].count(503) <= 30

    def test_they_leave_other_endpoints_alone(self, sandbox: Sandbox, alice: Buyer) -> None:
        sandbox.control.fault({"endpoint": "create_order", "fault": "503"})
        assert self.statuses(alice, 1) == [200]

    @pytest.mark.parametrize(
        "order",
        [{}, {"fault": "explode"}, {"fault": "503", "endpoint": "orderz"}, {"dup": "maybe"}],
    )
    def test_nonsense_is_refused(self, sandbox: Sandbox, order: Json) -> None:
        with pytest.raises(ValueError, match=r"fault|endpoint|dup"):
            sandbox.control.fault(order)
        assert sandbox.faults.view() == []

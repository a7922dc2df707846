"""One order with several legs, and everything that can happen to it in any order: workers, crashes,
faults, sweeps, hints, colleagues, and time. Nothing is ever broken on the way, and once the faults
end everything ends, or is before a person.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storefront.fulfillment import waits
from storefront.fulfillment.actions import reviewing, settling, sweeping
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import FINAL, Status
from storefront.orders.models import Order
from tests.fulfillment import invariants
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.conftest import empty_all_tables
from tests.fulfillment.fragile import Fuse, Interrupted

LEGS = st.integers(0, 3)
POST_FAULTS: list[dict[str, Any]] = [
    {"fault": "drop_before"},
    {"fault": "drop_after"},
    {"fault": "500_before"},
    {"fault": "500_after"},
    {"fault": "truncated"},
    {"fault": "html200"},
    {"fault": "redirect302"},
    {"fault": "429", "retry_after": 30},
    {"fault": "401"},
    {"fault": "402"},
    {"fault": "409"},
    {"fault": "422_validation"},
    {"fault": "422_stock", "effect": True},
    {"fault": "402", "effect": True},
]
ASK_FAULTS = ["drop_before", "500_before", "429", "401", "html200", "404", "bad_json"]
PLANS: list[dict[str, Any]] = [
    {"status": "processing"},
    {"status": "created"},
    {"status": "on_hold"},
    {"status": "failed"},
    {"status": "partially_completed", "delivered": 1},
    {"short": 1},
    {"duplicate_code": "across"},
    {"echo": {"quantity": 77}},
]
ENDS = ["completed", "failed", "cancelled", "partially_completed", "processing", "on_hold"]
WAITS = [waits.next_poll(0), waits.HOLD, waits.LEASE, waits.REPOST, waits.NOT_PLACED]


class OneOrder(RuleBasedStateMachine):
    """Its state is the database, the partner and the till; the machine only pushes."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        self.client = bench.client
        self.steps = 0
        bench.partner.control.reset({})
        bench.till.clear()
        empty_all_tables()

    @initialize(duplicates=st.sampled_from(["reject422", "reject409", "replay", "create"]))
    def alice_pays(self, duplicates: str) -> None:
        self.bench.partner.control.fault({"dup": duplicates})
        self.order = self.bench.paid(Wish(quantity=5, max_per_order=2), Wish())

    @rule(leg=LEGS)
    def a_worker_comes(self, leg: int) -> None:
        self.bench.step(self.leg(leg))

    @rule()
    def all_workers_come(self) -> None:
        self.bench.tick()

    @rule(leg=LEGS, at=st.integers(1, 45))
    def a_worker_dies(self, leg: int, at: int) -> None:
        self.dies(at, lambda: self.bench.step(self.leg(leg), self.bench.client))

    @rule(at=st.integers(1, 40))
    def a_worker_dies_settling(self, at: int) -> None:
        Order.objects.filter(pk=self.order.pk).update(settle_due_at=self.bench.clock())
        self.dies(at, self.settle)

    @rule(leg=LEGS, call=st.sampled_from(["create_order", "find_order", "order"]))
    def a_worker_is_overtaken(self, leg: int, call: str) -> None:
        def other() -> None:
            self.bench.clock.move(waits.LEASE)
            self.bench.step(self.leg(leg))

        self.bench.step(self.leg(leg), Interrupted(self.client, after={call: other}))

    @rule()
    def somebody_settles(self) -> None:
        self.settle()

    @rule()
    def the_sweeper_comes(self) -> None:
        sweeping.sweep(now=self.bench.clock())

    @rule(leg=LEGS)
    def a_webhook_hints(self, leg: int) -> None:
        self.bench.hint(self.leg(leg))

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait: timedelta) -> None:
        self.bench.clock.move(wait)

    @rule(fault=st.sampled_from(POST_FAULTS))
    def a_request_will_fail(self, fault: dict[str, Any]) -> None:
        self.bench.fault(**fault)

    @rule(fault=st.sampled_from(ASK_FAULTS), endpoint=st.sampled_from(["orders", "order"]))
    def a_question_will_fail(self, fault: str, endpoint: str) -> None:
        self.bench.fault(fault, endpoint=endpoint)

    @rule(plan=st.sampled_from(PLANS))
    def an_order_will_turn_out(self, plan: dict[str, Any]) -> None:
        self.bench.plan(**plan)

    @rule(how=st.sampled_from(["before", "after", "late", "refuse"]))
    def the_till_will_fail(self, how: str) -> None:
        self.bench.till.bad_day(how)

    @rule(leg=LEGS, end=st.sampled_from(ENDS))
    def the_partner_moves_an_order(self, leg: int, end: str) -> None:
        self.moves(self.leg(leg), end)

    @rule(leg=LEGS)
    def the_list_lags(self, leg: int) -> None:
        """A look-up soon after the request does not find what is there."""
        row = self.leg(leg)
        now = self.bench.clock()
        # A clear "never" is believed after one look that worked, or refunds would take minutes.
        soon = row.last_post_at is not None and now - row.last_post_at < waits.OFFER_AGAIN
        soon = soon and not row.is_refused
        free = row.lease_until is None and row.due_at is not None
        if soon and free and not row.partner_order_id and row.status not in FINAL:
            self.bench.partner.sandbox.faults.clear()
            self.bench.fault("empty_page", endpoint="orders", next=1)
            self.bench.hint(row)
            self.bench.step(row)

    @precondition(lambda self: self.reviewed())
    @rule(gives_up=st.booleans())
    def a_colleague_decides(self, gives_up: bool) -> None:
        row, now = self.reviewed()[0], self.bench.clock()
        bought_or_asked = row.partner_status in {"completed", "failed", "cancelled", ""}
        if gives_up and bought_or_asked and not row.unanswered:
            reviewing.give_up(purchase_id=row.pk, by="carol", now=now)
        else:
            reviewing.ask_again(purchase_id=row.pk, by="carol", now=now)

    @invariant()
    def nothing_is_broken(self) -> None:
        """Every few steps: what broke stays broken, and looking takes longer than a step."""
        self.steps += 1
        if hasattr(self, "order") and self.steps % 4 == 0:
            invariants.check(self.bench)

    def teardown(self) -> None:
        """The faults end: everything comes to its end, or before a person."""
        if not hasattr(self, "order"):
            return
        self.bench.faults_end()
        for row in self.bench.legs(self.order):
            self.moves(row, "completed")
        self.bench.till.catch_up()
        self.bench.work(waits.NOT_PLACED * 4)
        invariants.check(self.bench)
        rows = self.bench.legs(self.order)
        assert {row.status for row in rows} <= {*FINAL, Status.IN_REVIEW}
        order = Order.objects.get(pk=self.order.pk)
        assert order.is_settled != any(row.status == Status.IN_REVIEW for row in rows)

    def leg(self, number: int) -> Purchase:
        rows = self.bench.legs(self.order)
        return rows[number % len(rows)]

    def reviewed(self) -> list[Purchase]:
        rows = self.bench.legs(self.order) if hasattr(self, "order") else []
        return [row for row in rows if row.status == Status.IN_REVIEW]

    def settle(self) -> None:
        settling.settle(order_id=self.order.pk, now=self.bench.clock())

    def moves(self, row: Purchase, end: str) -> None:
        """What the partner has not ended yet goes on."""
        for sold in self.bench.sold(row):
            if sold["status"] in {"created", "processing", "on_hold"}:
                self.bench.change(row, status=end, **({"delivered": 1} if "part" in end else {}))

    def dies(self, at: int, work: Callable[[], object]) -> None:
        fuse = Fuse(at)
        self.bench.till.fuse = fuse
        self.bench.client = Interrupted(self.client, before={"*": fuse}, after={"*": fuse})  # type: ignore[assignment]  # it is one, wrapped
        with fuse.lit():
            work()
        self.bench.client = self.client
        self.bench.till.fuse = lambda: None


def run(bench: Bench, **bounds: Any) -> None:
    run_state_machine_as_test(
        lambda: OneOrder(bench),  # type: ignore[arg-type]  # it only calls it, and says so
        settings=settings(
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=True,
            **bounds,
        ),
    )


def test_whatever_happens_in_any_order_nothing_breaks_and_everything_ends(bench: Bench) -> None:
    run(
        bench,
        max_examples=20,
        stateful_step_count=30,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # a shorter example is worth having, but not here and now
    )


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_whatever_happens_for_long_and_differently_each_time(bench: Bench) -> None:
    run(bench, max_examples=200, stateful_step_count=40)

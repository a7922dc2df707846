"""A shop's life by one seed: customers, workers, beat, partner, webhooks, staff and time take turns
as the dice say, and everything fails as often as they say. The functions are the shop's own.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from partner_api import PartnerClient, RequestsTransport, WebhookRefused, read_webhook
from partner_api.sandbox.adapter import SandboxAdapter
from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.forgeries import FORGERIES, Delivery
from partner_api.sandbox.server import Running
from partner_api.sandbox.wire import encode
from storefront.fulfillment import waits
from storefront.fulfillment.actions import (
    buying,
    confirming,
    reviewing,
    settling,
    sweeping,
    watching,
)
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import FINAL, Status
from storefront.orders.models import Order
from storefront.partner.guard import GuardedTransport
from storefront.payments import actions as payments
from storefront.payments import providers
from storefront.payments.models import Payment
from storefront.webhooks import actions as webhooks
from tests.fulfillment import invariants
from tests.fulfillment.bench import Bench, Clock, Wish
from tests.simulation.crashing import Points, planted
from tests.simulation.partner import ADDRESS, Later, selling
from tests.simulation.wires import Queue, Wire, WiredTill

PART = {"status": "partially_completed", "delivered": 1}
PLANS: list[dict[str, Any]] = [
    {}, {},
    {"status": "processing", "after": 20},
    {"status": "created", "after": 200, "then": "cancelled"},
    {"status": "processing", "after": 90, "then": PART},
    {"status": "failed"},
    {"status": "failed"},
    {"status": "processing", "after": 30, "then": "failed"},
    PART,
    {"status": "on_hold", "after": 900},
    {"short": 1},
    {"duplicate_code": "across"},
    {"echo": {"quantity": 77}},
]  # fmt: skip
WISHES = [
    (Wish(),), (Wish(quantity=2, max_per_order=1),), (Wish(quantity=3),),
    (Wish(quantity=2), Wish(max_per_order=1)),
]  # fmt: skip
TURNS = {"pay": 3, "work": 16, "beat": 4, "time": 5, "webhook": 5, "wipe": 1, "staff": 1, "till": 1}
MOST_ORDERS = 4
# The points that a job may pass: the rare ones are drawn more often.
BUYING = [f"CP{number}" for number in range(2, 12)] + ["CP7", "CP10", "CP11", "CP11"]
DEATHS = {
    "fulfillment.settle": ["CP9", "CP10", "CP11"],
    "fulfillment.tend": ["CP10", "CP11"],
    "webhooks.follow": ["CP2"],
}
# Two processes at most work while a third one waits for an answer.
DEEPEST = 2


@dataclass
class Life:
    """All there is in one simulated shop."""

    bench: Bench
    sandbox: Sandbox
    dice: random.Random
    points: Points
    queue: Queue
    wire: Wire
    orders: list[Order] = field(default_factory=list)
    unpaid: list[Payment] = field(default_factory=list)
    told: list[Delivery] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    depth: int = 0
    # Whether processes may die.
    is_mortal: bool = True

    def live(self, turns: int) -> None:
        """So many turns by the dice."""
        for _ in range(turns):
            turn = self.dice.choices(list(TURNS), list(TURNS.values()))[0]
            self.trace.append(turn)
            getattr(self, f"_{turn}")()
            self._catch_up()

    def end_well(self) -> None:
        """The faults end, and the shop goes on by itself until nothing is left to do."""
        self.wire.trouble = self.queue.trouble = 0.0
        self.bench.faults_end()
        self.bench.till.catch_up()
        for payment in self.unpaid:
            self.bench.confirm(payment)
        self.unpaid.clear()
        self._die_on()
        # Circuits rest and are probed, jobs were lost and are swept: half an hour is promised.
        until = self.bench.clock.now + timedelta(minutes=30)
        while self.bench.clock.now < until and not self._is_at_rest():
            self.bench.clock.move(timedelta(seconds=20))
            self._catch_up()
            self._beat()
            while self.queue.jobs:
                self._work()

    def _die_on(self) -> None:
        """Processes die for a while longer: now that the partner answers, money is on the move."""
        for _ in range(12):
            self.bench.clock.move(timedelta(seconds=45))
            self._catch_up()
            self._beat()
            for _ in range(8):
                self._work()
        self.is_mortal = False

    def _is_at_rest(self) -> bool:
        due = Purchase.objects.exclude(status__in=[*FINAL, Status.IN_REVIEW]).exists()
        return not due and not Order.objects.exclude(settle_due_at=None).exists()

    def unfinished(self) -> list[str]:
        """What neither ended nor is before a person."""
        found = []
        for order in Order.objects.all():
            rows = self.bench.legs(order)
            open_ones = [row for row in rows if row.status not in {*FINAL, Status.IN_REVIEW}]
            found += [f"{row} is {row.status}, due {row.due_at}" for row in open_ones]
            reviewed = any(row.status == Status.IN_REVIEW for row in rows)
            if not order.is_settled and not reviewed:
                found.append(f"{order.number} is {order.status}, due {order.settle_due_at}")
        return found

    # Turns

    def _pay(self) -> None:
        if self.unpaid and self.dice.random() < 0.5:
            payment = self.unpaid.pop()
        elif len(self.orders) < MOST_ORDERS:
            self.sandbox.control.plan(self.dice.choice(PLANS))
            order = self.bench.order(*self.dice.choice(WISHES))
            self.orders.append(order)
            payment = payments.open_for(order=order, now=self.bench.clock())
        else:
            return
        with self._process("CP1", "CP2"):
            self.points.hit("CP1")
            self.bench.confirm(payment)
        payment.refresh_from_db()
        if payment.status == "open":
            self.unpaid.append(payment)  # the provider will tell it again

    def _work(self) -> None:
        if not self.queue.jobs:
            sweeping.sweep(now=self.bench.clock())
            webhooks.follow(now=self.bench.clock())
        job = self.queue.take()
        if job is None:
            return
        name, arguments = job
        with self._process(*DEATHS.get(name, BUYING)):
            self._do(name, arguments)

    def _do(self, name: str, arguments: dict[str, Any]) -> None:
        clock = self.bench.clock
        match name:
            case "fulfillment.advance":
                purchase_id = UUID(arguments["purchase_id"])
                buying.advance(purchase_id=purchase_id, client=self.bench.client, clock=clock)
            case "fulfillment.settle":
                settling.settle(order_id=UUID(arguments["order_id"]), now=clock())
            case "fulfillment.tend":
                confirming.tend(payment_id=UUID(arguments["payment_id"]), now=clock())
            case "webhooks.follow":
                webhooks.follow(now=clock())

    def _beat(self) -> None:
        with self._process():
            sweeping.sweep(now=self.bench.clock())
            webhooks.follow(now=self.bench.clock())
            watching.watch(client=self.bench.client, now=self.bench.clock())

    def _time(self) -> None:
        self.bench.clock.move(timedelta(seconds=self.dice.choice([1, 5, 15, 30, 60, 130, 430])))

    def _webhook(self) -> None:
        """One of the partner's, once more, altered or forged; nobody promises an order."""
        self.told += list(self.sandbox.outbox.deliveries)
        self.sandbox.outbox.deliveries.clear()
        if not self.told:
            return
        delivery = self.dice.choice(self.told)
        if self.dice.random() < 0.3:
            data = dict(delivery.body)
            delivery = Delivery(delivery.order_id, delivery.external_id, data)
            FORGERIES[self.dice.choice(sorted(FORGERIES))](delivery)
        now = self.bench.clock()
        raw = encode(delivery.body)
        headers = delivery.headers(self.sandbox.secret, now.timestamp())
        secrets = [self.sandbox.secret]
        try:
            event = read_webhook(raw, headers, secrets=secrets, now=now.timestamp())
        except WebhookRefused:
            return
        with self._process("CP12"):
            webhooks.store(event=event, now=now)
            self.points.hit("CP12")

    def _wipe(self) -> None:
        self.queue.jobs.clear()

    def _staff(self) -> None:
        row = Purchase.objects.filter(status=Status.IN_REVIEW).order_by("created_at").first()
        if row is None:
            return
        known = row.partner_status in {"completed", "failed", "cancelled", ""}
        give_up = self.dice.random() < 0.5 and known and not row.unanswered and not row.is_claimed
        decide = reviewing.give_up if give_up else reviewing.ask_again
        decide(purchase_id=row.pk, by="carol", now=self.bench.clock())

    def _till(self) -> None:
        self.bench.till.bad_day(self.dice.choice(["before", "after", "late"]))

    # The rest

    def meanwhile(self) -> None:
        """Others work while one waits for the partner; it may sleep through its lease."""
        if self.depth >= DEEPEST or self.dice.random() > self.wire.trouble / 3:
            return
        self.depth += 1
        if self.dice.random() < 0.3:
            self.bench.clock.move(waits.LEASE)
        self._catch_up()
        sweeping.sweep(now=self.bench.clock())
        self._work()
        self.depth -= 1

    @contextmanager
    def _process(self, *deaths: str) -> Iterator[None]:
        """Perhaps it dies: at a named point it may pass, or between two statements."""
        fate = self.dice.random()
        point, statements = "", -1
        if self.is_mortal and deaths and fate < 0.3:
            point = self.dice.choice(deaths)
        elif self.is_mortal and fate < 0.4:
            statements = self.dice.randrange(60)
        with self.points.process(point, statements):
            yield

    def _catch_up(self) -> None:
        later = self.sandbox.world.scheduler
        assert isinstance(later, Later)
        later.catch_up()


@contextmanager
def begun(seed: int) -> Iterator[Life]:
    """A shop by this seed, its database empty."""
    dice = random.Random(seed)  # noqa: S311  repeatable on purpose
    clock, points = Clock(), Points()
    till = WiredTill(points=points)
    queue = Queue(dice, points)
    with (
        pytest.MonkeyPatch.context() as patch,
        selling(clock, seed) as sandbox,
        planted(points),
    ):
        # Names, keys and nonces by the seed too, or the same seed would sort otherwise.
        patch.setattr(os, "urandom", dice.randbytes)
        patch.setattr("storefront.core.queue._send", queue.send)
        # By the real clock jobs would be few or many as the machine is fast or slow.
        patch.setattr("storefront.core.queue.GATHER_SECONDS", 0.0)
        patch.setitem(providers._PROVIDERS, "till", lambda: till)
        patch.setattr(settings, "PAYMENT_PROVIDER", "till")
        sandbox.control.fault({"dup": dice.choice(["reject422", "reject409", "replay", "create"])})
        if dice.random() < 0.5:
            lag = {"fault": "lag", "endpoint": "orders", "seconds": dice.choice([30, 120])}
            sandbox.control.fault(lag)
        inner = RequestsTransport(
            mount={ADDRESS: SandboxAdapter(sandbox, in_threads=False)}, tries=1
        )
        wire = Wire(inner, sandbox, dice, points, lambda: None)
        client = PartnerClient(
            base_url=ADDRESS,
            token=sandbox.token,
            secret=sandbox.secret,
            transport=GuardedTransport(wire, clock=clock, line=None),
            clock=sandbox.world.clock.unix,
        )
        bench = Bench(partner=Running(ADDRESS, sandbox), client=client, till=till, clock=clock)
        life = Life(bench, sandbox, dice, points, queue, wire)
        wire.meanwhile = life.meanwhile
        yield life
        client.close()


def check(life: Life) -> None:
    """Nothing is broken, whatever happened so far."""
    assert not connection.in_atomic_block
    invariants.check(life.bench)

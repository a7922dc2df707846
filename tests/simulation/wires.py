"""Between the shop and the others: the partner's wire, the till, the queue. Each may fail, and
while somebody waits for an answer, others may work.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from partner_api import Answer, Request, Transport
from partner_api.sandbox.app import Sandbox
from tests.fulfillment.till import Till
from tests.simulation.crashing import Points

# What an order's request meets. A "never" that is carried out is not among them: one look that
# works is believed then, or every refund would take as long as lists may lag.
ORDERING: list[dict[str, Any]] = [
    *({"fault": name} for name in (
        "drop_before", "drop_after", "reset", "500_before", "500_after", "503", "401", "402", "403",
        "409", "422_validation", "422_stock", "html200", "empty", "truncated", "bad_json",
        "redirect302", "success_false",
    )),
    {"fault": "429", "retry_after": 60},
    {"fault": "429", "retry_after": 20, "effect": True},
    {"fault": "402", "effect": True},
    {"fault": "401", "effect": True},
    {"fault": "late", "seconds": 40},
    {"fault": "late", "seconds": 150},
    {"fault": "late", "seconds": 290},
    {"fault": "late", "seconds": 400},
]  # fmt: skip
ASKING = ["drop_before", "500_before", "503", "429", "401", "html200", "bad_json", "truncated"]


@dataclass
class Wire:
    """The partner's: a transport that meets faults by chance, deaths, and company."""

    inner: Transport
    sandbox: Sandbox
    dice: random.Random
    points: Points
    meanwhile: Callable[[], None]
    trouble: float = 0.3
    met: list[str] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        assert not connection.in_atomic_block, "a transaction is open while somebody is asked"
        name = request.endpoint.name
        orders = name == "create_order"
        if self.dice.random() < self.trouble:
            fault = self.dice.choice(ORDERING) if orders else {"fault": self.dice.choice(ASKING)}
            self.sandbox.control.fault({"endpoint": name, "next": 1, **fault})
            self.met.append(fault["fault"])
        if orders:
            self.points.hit("CP4")
        self.meanwhile()
        try:
            answer = self.inner.send(request)
        finally:
            self.meanwhile()
            if orders:
                self.points.hit("CP5")
        return answer

    def close(self) -> None:
        self.inner.close()


@dataclass
class WiredTill(Till):
    """The till, with deaths on both sides of it."""

    points: Points = field(default_factory=Points)

    def _call(self, kind: str, reference: str, amount: Decimal, key: str) -> None:
        assert not connection.in_atomic_block, "a transaction is open while somebody is asked"
        if kind != "capture":
            self.points.hit("CP10")
        try:
            super()._call(kind, reference, amount, key)
        finally:
            self.points.hit("CP9" if kind == "capture" else "CP11")


@dataclass
class Queue:
    """Redis, for once without a server: it loses and doubles jobs, and may be emptied."""

    dice: random.Random
    points: Points
    jobs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    trouble: float = 0.3

    def send(self, task: str, arguments: dict[str, Any], _countdown: float) -> None:
        self.points.hit("CP2")
        fate = self.dice.random()
        if fate >= self.trouble / 3:
            self.jobs.append((task, arguments))
        if fate > 1 - self.trouble / 2:
            self.jobs.append((task, arguments))

    def take(self) -> tuple[str, dict[str, Any]] | None:
        """Some job: the order of a queue is no promise."""
        return self.jobs.pop(self.dice.randrange(len(self.jobs))) if self.jobs else None

"""Several workers settle one order, or its last leg ends while one does."""

from datetime import timedelta
from typing import Any

import pytest

from storefront.fulfillment import waits
from storefront.fulfillment.actions import settling
from storefront.fulfillment.states import Status
from storefront.mail.models import Message
from storefront.orders.models import Order
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.fragile import at_once


def test_two_workers_settle_one_order_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "LEASE", -waits.LEASE)  # a lease that keeps nobody out
    bench.plan(status="failed")
    order = bench.order(Wish(quantity=2, max_per_order=1))
    bench.pay(order)
    with monkeypatch.context() as nobody:
        nobody.setattr(settling, "settle", lambda **_: None)
        bench.tick()
    Order.objects.filter(pk=order.pk).update(settle_due_at=bench.clock())

    at_once(6, lambda _: settling.settle(order_id=order.pk, now=bench.clock()))

    assert bench.status(order) == "partially_completed"
    assert len(bench.till.effects) == 1
    assert Message.objects.exclude(kind="order_received").count() == 1
    assert bench.cases(order) == set()


def test_a_leg_that_ends_while_its_order_is_settled_is_not_forgotten(
    bench: Bench,
) -> None:
    bench.clock.moves_by = timedelta(0)  # everything happens at the very same instant
    bench.plan(status="processing")
    order = bench.paid(Wish(quantity=2, max_per_order=1))
    bench.tick()
    slow = next(leg for leg in bench.legs(order) if leg.status == Status.PLACED)
    bench.change(slow, status="completed")
    bench.clock.move(waits.CAPTURE_EARLY * 2)
    real = bench.till.capture

    def capture(*args: Any, **named: Any) -> None:
        real(*args, **named)
        bench.step(slow)  # while the early capture is under way, the last leg ends

    bench.till.capture = capture  # type: ignore[method-assign]  # what a test wraps
    settling.settle(order_id=order.pk, now=bench.clock())
    bench.till.capture = real  # type: ignore[method-assign]  # as above

    # Nobody had to sweep for it.
    assert bench.status(order) == "completed"
    assert len(bench.codes(order)) == 2

"""The queue may lose and double what it likes: rows know what is due, the sweeper finds it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from storefront.fulfillment import queries, tasks, waits
from storefront.fulfillment.actions import sweeping
from storefront.fulfillment.actions.claiming import claim
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from storefront.orders.models import Order
from tests.factories import NOON, OrderLineFactory, PurchaseFactory
from tests.fulfillment.bench import Bench, Wish

LATER = NOON + timedelta(days=30)
Sent = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What is queued by name, instead of a broker."""
    sent: Sent = []

    def enqueue(task: str, **arguments: Any) -> None:
        sent.append((task, arguments))

    for module in ("claiming", "reviewing", "starting", "sweeping"):
        monkeypatch.setattr(f"storefront.fulfillment.actions.{module}.enqueue", enqueue)
    return sent


@pytest.fixture
def many(transactional_db: None) -> list[Purchase]:
    """Twelve purchases that are due, the first the longest."""
    line = OrderLineFactory.create(order__paid=True, quantity=12)
    return [
        PurchaseFactory.create(line=line, chunk=chunk, quantity=1, due_at=NOON + timedelta(chunk))
        for chunk in range(1, 13)
    ]


def ids(sent: Sent) -> list[UUID]:
    return [UUID(arguments["purchase_id"]) for _, arguments in sent]


@pytest.mark.fault("F40")
def test_f40_a_purchase_that_was_never_queued_is_swept_up(bench: Bench, queue: Sent) -> None:
    order = bench.paid()
    queue.clear()  # the web process died before it could publish

    sweeping.sweep(now=bench.clock())

    assert ids(queue) == [leg.pk for leg in bench.legs(order)]


def test_the_tasks_do_what_their_names_say(
    bench: Bench, queue: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.partner.client", lambda: bench.client)
    monkeypatch.setattr(tasks, "now", bench.clock)
    order = bench.paid()
    for name, arguments in queue:
        assert name == "fulfillment.advance"
        tasks.advance(**arguments)
    assert bench.status(order) == "completed"
    tasks.settle(order_id=str(order.pk))
    tasks.sweep()


def test_what_was_swept_is_left_to_the_queue_for_a_while(bench: Bench, queue: Sent) -> None:
    bench.paid()
    sweeping.sweep(now=bench.clock())
    queue.clear()

    assert sweeping.sweep(now=bench.clock()) == 0
    bench.clock.move(waits.NUDGE)
    assert sweeping.sweep(now=bench.clock()) == 1


def test_what_a_worker_took_may_be_swept_again_when_it_is_due(bench: Bench, queue: Sent) -> None:
    bench.plan(status="processing")
    purchase = bench.purchase()
    sweeping.sweep(now=bench.clock())
    bench.step(purchase)
    bench.clock.move(waits.next_poll(0))

    assert sweeping.sweep(now=bench.clock()) == 1


def test_what_a_worker_holds_is_not_swept_until_its_lease_ends(bench: Bench, queue: Sent) -> None:
    purchase = bench.purchase()
    claim(purchase_id=purchase.pk, now=bench.clock())

    assert sweeping.sweep(now=bench.clock()) == 0
    bench.clock.move(waits.LEASE)
    assert sweeping.sweep(now=bench.clock()) == 1


@pytest.mark.fault("F53")
def test_f53_a_sweep_takes_a_batch_and_the_oldest_first(
    many: list[Purchase], queue: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 5)
    for expected in (many[:5], many[5:10], many[10:]):
        queue.clear()
        sweeping.sweep(now=LATER)
        assert ids(queue) == [row.pk for row in expected]


@pytest.mark.fault("F45")
def test_f45_two_sweepers_at_once_share_the_work(
    many: list[Purchase], queue: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 4)
    start = Barrier(3)

    def sweep(_: int) -> None:
        try:
            start.wait()
            sweeping.sweep(now=LATER)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as beats:
        list(beats.map(sweep, range(3)))

    assert len(ids(queue)) == len(set(ids(queue)))


def test_an_order_to_settle_is_swept_unless_somebody_settles_it(bench: Bench, queue: Sent) -> None:
    order = bench.paid()
    Purchase.objects.update(due_at=bench.clock.now + waits.NOT_PLACED)
    Order.objects.filter(pk=order.pk).update(settle_due_at=bench.clock())
    queue.clear()

    assert sweeping.sweep(now=bench.clock()) == 1
    assert queue == [("fulfillment.settle", {"order_id": str(order.pk)})]
    Order.objects.update(settle_lease_until=bench.clock.now + waits.LEASE)
    assert sweeping.sweep(now=bench.clock()) == 0


def test_a_hint_makes_a_purchase_due_and_asks_at_once(bench: Bench, queue: Sent) -> None:
    bench.plan(status="processing")
    purchase = bench.step(bench.purchase())
    queue.clear()

    bench.hint(purchase)

    assert ids(queue) == [purchase.pk]
    assert list(queries.due(now=bench.clock(), most=9)) == [purchase]


def test_a_hint_while_a_worker_asks_is_queued_again_when_it_lets_go(
    bench: Bench, queue: Sent
) -> None:
    bench.plan(status="processing")
    purchase = bench.purchase()
    queue.clear()

    row = claim(purchase_id=purchase.pk, now=bench.clock())
    assert row is not None
    bench.hint(purchase)
    Purchase.objects.filter(pk=purchase.pk).update(lease_until=None)  # it was let go, then claimed
    bench.step(purchase)

    assert queue == [("fulfillment.advance", {"purchase_id": str(purchase.pk)})]


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.IN_REVIEW])
def test_a_hint_about_what_is_not_asked_for_any_more_is_nothing(
    bench: Bench, queue: Sent, status: Status
) -> None:
    if status == Status.IN_REVIEW:
        bench.plan(echo={"quantity": 7})
    purchase = bench.step(bench.purchase(Wish()))
    assert purchase.status == status
    queue.clear()

    bench.hint(purchase)

    assert queue == []

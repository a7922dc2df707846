"""Workers that come twice, sleep, fail or hold a row while others want it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from storefront.fulfillment import waits
from storefront.fulfillment.actions import applying
from storefront.fulfillment.actions.claiming import claim
from storefront.fulfillment.models import Purchase, PurchaseEvent
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.fragile import Interrupted, at_once


def meanwhile(bench: Bench, purchase: Purchase, *, wait: timedelta) -> Callable[[], None]:
    """Our lease runs out, and another worker takes the purchase a step."""

    def other() -> None:
        bench.clock.move(wait)
        bench.step(purchase)

    return other


@pytest.mark.fault("F41")
def test_f41_a_task_delivered_many_times_at_once_asks_once(bench: Bench) -> None:
    order = bench.paid()
    (purchase,) = bench.legs(order)

    at_once(6, lambda _: bench.step(purchase))

    assert bench.posts() == 1
    assert bench.status(order) == "completed"
    assert PurchaseEvent.objects.filter(to_status=Status.SENT).count() == 1


@pytest.mark.fault("F41")
def test_f41_a_task_that_comes_again_later_does_nothing(bench: Bench) -> None:
    purchase = bench.purchase()
    bench.step(purchase)

    bench.step(purchase)

    assert (bench.posts(), bench.asks()) == (1, 0)


def test_one_worker_at_a_time_holds_a_purchase(bench: Bench) -> None:
    purchase = bench.purchase()
    mine = claim(purchase_id=purchase.pk, now=bench.clock())

    assert mine is not None
    assert claim(purchase_id=purchase.pk, now=bench.clock()) is None
    bench.clock.move(waits.LEASE)
    other = claim(purchase_id=purchase.pk, now=bench.clock())
    assert other is not None
    assert other.fence == mine.fence + 1


def test_a_worker_that_slept_through_its_lease_before_sending_sends_nothing(bench: Bench) -> None:
    purchase = bench.purchase()
    bench.clock.moves_by = waits.LEASE / 3  # it looks at the clock, and again, and it is late

    bench.step(purchase)

    bench.clock.moves_by = timedelta(microseconds=1)
    assert bench.posts() == 0
    assert bench.again(purchase).status == Status.SENT
    bench.work(waits.NOT_PLACED)
    assert bench.status(purchase.line.order) == "completed"


def test_an_answer_that_comes_after_the_lease_writes_nothing(bench: Bench) -> None:
    purchase = bench.purchase()
    slow = Interrupted(
        bench.client, after={"create_order": meanwhile(bench, purchase, wait=waits.LEASE)}
    )

    bench.step(purchase, slow)

    (event,) = PurchaseEvent.objects.filter(to_status=Status.COMPLETED)
    assert event.purchase_id == purchase.pk
    assert bench.posts() == 1
    assert bench.status(purchase.line.order) == "completed"


@pytest.mark.parametrize("status", ["processing", "failed", "completed", "on_hold"])
def test_whatever_is_answered_after_the_lease_is_left_to_who_holds_the_row_now(
    bench: Bench, status: str
) -> None:
    bench.plan(status="processing")
    purchase = bench.step(bench.purchase())
    bench.change(purchase, status=status)
    bench.clock.move(waits.next_poll(0))
    seen: dict[str, Any] = {}

    def overtaken() -> None:
        bench.clock.move(waits.LEASE)
        claim(purchase_id=purchase.pk, now=bench.clock())
        seen.update(Purchase.objects.filter(pk=purchase.pk).values().get())

    bench.step(purchase, Interrupted(bench.client, after={"order": overtaken}))

    assert Purchase.objects.filter(pk=purchase.pk).values().get() == seen
    assert seen["status"] == Status.PLACED


def test_a_bug_after_the_lease_touches_neither_the_row_nor_the_others_lease(bench: Bench) -> None:
    bench.plan(status="processing")
    purchase = bench.purchase()
    seen: dict[str, Any] = {}

    def overtaken_then_broken() -> None:
        bench.clock.move(waits.LEASE)
        other = claim(purchase_id=purchase.pk, now=bench.clock())
        seen.update(Purchase.objects.filter(pk=purchase.pk).values().get())
        assert other is not None
        raise ValueError("a bug")

    bench.step(purchase, Interrupted(bench.client, after={"create_order": overtaken_then_broken}))

    assert Purchase.objects.filter(pk=purchase.pk).values().get() == seen
    bench.work(waits.LEASE * 2)
    assert bench.again(purchase).status == Status.PLACED


def test_a_repeated_code_after_the_lease_is_not_written_under_the_others_fence(
    bench: Bench,
) -> None:
    bench.paid()
    bench.tick()
    bench.plan(duplicate_code="across")
    purchase = bench.purchase()

    def overtaken() -> None:
        bench.clock.move(waits.LEASE)
        claim(purchase_id=purchase.pk, now=bench.clock())

    bench.step(purchase, Interrupted(bench.client, after={"create_order": overtaken}))

    assert bench.again(purchase).status == Status.SENT
    bench.work(waits.LEASE * 2)
    assert bench.again(purchase).status == Status.IN_REVIEW


@pytest.mark.fault("F52")
def test_f52_a_purchase_that_always_fails_goes_to_a_person_and_others_go_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, healthy = bench.purchase(), bench.purchase(Wish(quantity=2))
    real = applying.apply

    def apply(*, purchase: Purchase, **named: Any) -> None:
        if purchase.pk == poisoned.pk:
            raise KeyError("poison")
        real(purchase=purchase, **named)

    for module in ("buying", "looking"):
        monkeypatch.setattr(f"storefront.fulfillment.actions.{module}.apply", apply)
    bench.work(waits.AFTER_FAILURE * 20)

    row = bench.again(poisoned)
    assert (row.status, row.failures) == (Status.IN_REVIEW, waits.MOST_FAILURES)
    assert bench.cases(poisoned) == {"stuck"}
    assert bench.status(poisoned.line.order) == "in_review"
    assert bench.status(healthy.line.order) == "completed"
    assert len(bench.sold(poisoned)) == 1


@pytest.mark.fault("F52")
def test_f52_failures_that_are_far_apart_never_add_up(bench: Bench) -> None:
    bench.plan(status="processing")
    purchase = bench.purchase()

    def broken() -> None:
        raise KeyError("once in a while")

    for _ in range(waits.MOST_FAILURES * 2):
        bench.step(purchase, Interrupted(bench.client, before={"order": broken}))
        bench.clock.move(waits.UNCLEAR)
        bench.step(purchase)
        bench.clock.move(waits.UNCLEAR)

    assert (bench.again(purchase).status, bench.cases(purchase)) == (Status.PLACED, set())


def test_what_the_library_refuses_to_send_goes_to_a_person_at_once(bench: Bench) -> None:
    order = bench.paid(Wish(fields={"quantity": "99"}))  # a name that is the partner's own

    bench.tick()

    (purchase,) = bench.legs(order)
    assert (purchase.status, bench.cases(purchase)) == (Status.IN_REVIEW, {"unsendable"})
    assert (bench.posts(), bench.till.effects) == (0, {})


def test_nothing_is_sent_while_a_transaction_is_open(bench: Bench) -> None:
    purchase = bench.purchase()

    with transaction.atomic():
        bench.step(purchase)

    assert bench.posts() == 0
    assert bench.again(purchase).posts == 0

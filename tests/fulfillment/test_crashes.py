"""The worker dies between any two statements, on either side of any call: what it began is finished
by the next one, and nothing happens twice.
"""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from storefront.fulfillment import waits
from storefront.fulfillment.states import Status
from storefront.orders.models import Order
from storefront.payments import actions as payments
from tests.fulfillment import invariants
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.conftest import empty_all_tables
from tests.fulfillment.fragile import Fuse, Interrupted, die
from tests.fulfillment.till import Crash

# More points than the longest life has: the last lives must end without a crash.
MOST = 400


def lives(bench: Bench, every: int) -> Iterator[Fuse]:
    """A fresh shop for each point at which the process may die, until it lives through."""
    client = bench.client
    for at in range(1, MOST, every):
        fuse = Fuse(at)
        bench.till.fuse = fuse
        bench.client = Interrupted(client, before={"*": fuse}, after={"*": fuse})  # type: ignore[assignment]  # it is one, wrapped
        yield fuse
        invariants.check(bench)
        bench.partner.control.reset({})
        bench.till.clear()
        bench.client = client
        empty_all_tables()
        if not fuse.has_blown:
            return
    raise AssertionError("it never lived through")


def recover(bench: Bench) -> None:
    """A new process, nothing in its way."""
    bench.till.fuse = lambda: None
    bench.client = bench.client._client  # type: ignore[attr-defined]  # it was wrapped
    bench.work(waits.LEASE * 2 + waits.REPOST * 2)


def fail_the_slow_leg(bench: Bench, order: Order) -> None:
    for leg in bench.legs(order):
        if any(sold["status"] == "processing" for sold in bench.sold(leg)):
            bench.change(leg, status="failed")


def a_long_life(bench: Bench, every: int) -> None:
    """Two legs, one slow: bought, polled, captured early, failed, refunded, told."""
    for fuse in lives(bench, every):
        bench.plan(status="processing")
        order = bench.paid(Wish(quantity=2, max_per_order=1))
        with fuse.lit():
            bench.tick()
            bench.clock.move(waits.CAPTURE_EARLY)
            bench.tick()
            fail_the_slow_leg(bench, order)
            bench.clock.move(waits.next_poll(9))
            bench.tick()
        recover(bench)
        fail_the_slow_leg(bench, order)
        bench.work(waits.UNCLEAR)
        assert bench.status(order) == "partially_completed"
        assert len(bench.codes(order)) == 1
        assert [len(bench.sold(leg)) for leg in bench.legs(order)] == [1, 1]
        payment = bench.payment(order)
        assert payment.captured_amount - payment.refunded_amount == Decimal("10.50")


@pytest.mark.fault("F38")
def test_f38_a_process_may_die_anywhere_in_the_life_of_an_order(bench: Bench) -> None:
    a_long_life(bench, every=11)


@pytest.mark.slow
@pytest.mark.fault("F38")
def test_f38_a_process_may_die_at_every_single_point(bench: Bench) -> None:
    a_long_life(bench, every=1)


@pytest.mark.fault("F38")
def test_f38_a_process_may_die_anywhere_while_nothing_comes(bench: Bench) -> None:
    for fuse in lives(bench, every=3):
        bench.plan(status="failed")
        order = bench.paid()
        with fuse.lit():
            bench.tick()
        recover(bench)
        assert bench.status(order) == "failed"
        assert bench.payment(order).status == "voided"


@pytest.mark.fault("F38")
def test_f38_a_process_may_die_anywhere_while_a_confirmation_is_taken(bench: Bench) -> None:
    for fuse in lives(bench, every=2):
        order = bench.order(Wish(quantity=4))
        payment = payments.open_for(order=order, now=bench.clock())
        with fuse.lit():
            bench.confirm(payment)
        legs, status = bench.legs(order), bench.status(order)
        assert (len(legs), status) == ((0, "awaiting_payment") if fuse.has_blown else (2, "paid"))
        if fuse.has_blown:
            bench.confirm(payment)  # the provider tells it again
        recover(bench)
        assert bench.status(order) == "completed"


@pytest.mark.fault("F39")
def test_a_purchase_whose_worker_died_waits_for_the_end_of_its_lease(bench: Bench) -> None:
    purchase = bench.purchase()
    dying = Interrupted(bench.client, after={"create_order": die})
    with pytest.raises(Crash):
        bench.step(purchase, dying)

    bench.work(waits.LEASE * 0.9)
    assert bench.again(purchase).status == Status.SENT
    bench.work(waits.LEASE * 0.2)
    assert bench.again(purchase).status == Status.COMPLETED

"""When we believe that an order was never placed: late, twice, and by look-ups that worked."""

from datetime import timedelta
from typing import Any

import pytest

from storefront.fulfillment import waits
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench

A_BIT = timedelta(seconds=0.1)


@pytest.fixture
def doubtful(bench: Bench) -> Purchase:
    """A request got lost; the second one, just now, was refused for good."""
    bench.fault("drop_before")
    bench.fault("422_validation")
    purchase = bench.step(bench.purchase())
    bench.clock.move(waits.REPOST)
    purchase = bench.step(purchase)
    assert (purchase.posts, purchase.unanswered, purchase.is_refused) == (2, 1, True)
    return purchase


def look(bench: Bench, purchase: Purchase, *, after: timedelta) -> str:
    """Somebody hints, and a worker looks; the status then."""
    bench.clock.move(after)
    bench.hint(purchase)
    return bench.step(purchase).status


def test_many_looks_before_its_time_prove_nothing(bench: Bench, doubtful: Purchase) -> None:
    for _ in range(12):
        assert look(bench, doubtful, after=waits.NOT_PLACED / 13) == Status.IN_DOUBT

    assert bench.till.effects == {}
    bench.clock.move(waits.NOT_PLACED / 13)
    # The time has come, and still two looks are needed from here.
    assert look(bench, doubtful, after=A_BIT) == Status.IN_DOUBT
    assert look(bench, doubtful, after=waits.BETWEEN_LOOKUPS) == Status.NOT_PLACED


def test_looks_in_quick_succession_count_as_one(bench: Bench, doubtful: Purchase) -> None:
    bench.clock.move(waits.NOT_PLACED)

    for _ in range(5):
        assert look(bench, doubtful, after=A_BIT) == Status.IN_DOUBT
    assert look(bench, doubtful, after=waits.BETWEEN_LOOKUPS) == Status.NOT_PLACED


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "500_before"},
        {"fault": "429"},
        {"fault": "drop_before"},
        {"fault": "html200"},
        {"fault": "404"},
        {"fault": "401"},
        {"fault": "redirect302"},
        # A row that can't be read may be the one.
        {"fault": "overlay", "values": {"data": [{"id": None}]}},
    ],
    ids=lambda fault: fault["fault"],
)
def test_look_ups_that_fail_prove_nothing(
    bench: Bench, doubtful: Purchase, fault: dict[str, Any]
) -> None:
    bench.clock.move(waits.NOT_PLACED)
    bench.fault(endpoint="orders", next=None, **fault)

    for _ in range(4):
        assert look(bench, doubtful, after=waits.BETWEEN_LOOKUPS * 2) == Status.IN_DOUBT

    assert bench.again(doubtful).first_miss_at is None
    bench.faults_end()
    assert look(bench, doubtful, after=A_BIT) == Status.IN_DOUBT
    assert look(bench, doubtful, after=waits.BETWEEN_LOOKUPS) == Status.NOT_PLACED


def test_an_order_that_appears_between_the_two_looks_is_taken(bench: Bench) -> None:
    bench.fault("500_after")
    bench.fault("422_validation")
    bench.fault("lag", endpoint="orders", seconds=10_000)
    purchase = bench.step(bench.purchase())
    bench.clock.move(waits.REPOST)
    purchase = bench.step(purchase)
    bench.clock.move(waits.NOT_PLACED)
    assert look(bench, purchase, after=A_BIT) == Status.IN_DOUBT

    bench.faults_end()

    assert look(bench, purchase, after=waits.BETWEEN_LOOKUPS) == Status.COMPLETED


@pytest.mark.fault("F02")
def test_requests_that_all_get_lost_end_in_a_refund_after_a_few_and_not_for_ever(
    bench: Bench,
) -> None:
    bench.fault("drop_before", next=None)
    order = bench.paid()

    bench.work(waits.REPOST * (waits.MOST_UNANSWERED + 1) + waits.NOT_PLACED * 2)

    (purchase,) = bench.legs(order)
    assert (purchase.status, purchase.posts) == (Status.NOT_PLACED, waits.MOST_UNANSWERED)
    assert bench.posts() == waits.MOST_UNANSWERED
    assert bench.status(order) == "failed"
    assert bench.payment(order).status == "voided"


def test_requests_that_were_answered_do_not_count_against_the_limit(bench: Bench) -> None:
    bench.fault("402", next=waits.MOST_UNANSWERED + 2)
    bench.fault("drop_before")
    order = bench.paid()

    bench.work(waits.OFFER_AGAIN * (waits.MOST_UNANSWERED + 2.5))
    (purchase,) = bench.legs(order)
    assert (purchase.status, purchase.unanswered) == (Status.IN_DOUBT, 1)
    bench.work(waits.REPOST * 1.5)

    assert bench.status(order) == "completed"

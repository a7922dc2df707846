"""No clear answer to a request: one look-up away from a code, or minutes away from a second request
under the same id; never two orders, never a refund on a guess.
"""

from typing import Any

import pytest

from storefront.fulfillment import waits
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench

# Faults that strike after the partner has sold and charged, and what else they need.
AFTER: list[tuple[str, dict[str, Any]]] = [
    ("drop_after", {}),
    ("drop_after", {"hold": 0.7}),
    ("reset", {}),
    ("500_after", {}),
    ("503", {"effect": True}),
    ("404", {"effect": True}),
    ("html200", {}),
    ("empty", {}),
    ("truncated", {}),
    ("wrong_content_length", {}),
    ("slow_drip", {"every": 0.05}),
    ("bomb", {"size": 3_000_000}),
    ("huge", {"size": 3_000_000}),
    ("bad_json", {}),
    ("nan", {}),
    ("huge_number", {}),
    ("duplicate_keys", {}),
    ("deep_nesting", {}),
    ("invalid_utf8", {}),
    ("success_false", {}),
    ("redirect302", {"effect": True}),
    ("redirect307", {"effect": True}),
    ("429", {"effect": True}),
]
BEFORE: list[tuple[str, dict[str, Any]]] = [
    ("drop_before", {}),
    ("500_before", {}),
    ("503", {}),
    ("redirect302", {}),
    ("html200", {"effect": False}),
]


@pytest.mark.parametrize(("fault", "more"), AFTER, ids=[f"{name}-{more}" for name, more in AFTER])
@pytest.mark.fault("F01", "F05", "F07", "F08", "F32", "F33")
def test_f01_an_answer_that_is_lost_or_garbled_is_found_by_our_id(
    bench: Bench, fault: str, more: dict[str, Any]
) -> None:
    bench.fault(fault, **more)
    order = bench.paid()

    bench.tick()

    (purchase,) = bench.legs(order)
    assert purchase.status in {Status.IN_DOUBT, Status.HELD, Status.COMPLETED}
    bench.work(waits.HOLD)
    assert bench.status(order) == "completed"
    assert len(bench.codes(order)) == 1
    assert len(bench.sold(purchase)) == 1
    assert bench.posts() == 1


@pytest.mark.fault("F01")
def test_f01_the_customer_sees_that_we_are_looking(bench: Bench) -> None:
    bench.fault("drop_after")
    order = bench.paid()

    bench.tick()

    assert bench.status(order) == "checking"
    assert bench.codes(order) == []


@pytest.mark.parametrize(("fault", "more"), BEFORE, ids=[name for name, _ in BEFORE])
@pytest.mark.fault("F02")
def test_f02_a_request_that_was_lost_is_sent_again_under_the_same_id_and_not_too_soon(
    bench: Bench, fault: str, more: dict[str, Any]
) -> None:
    bench.fault(fault, **more)
    order = bench.paid()

    bench.work(waits.REPOST * 0.9)
    assert bench.posts() == 1
    bench.work(waits.REPOST * 0.5)

    (purchase,) = bench.legs(order)
    assert bench.posts() == 2
    assert len(bench.sold(purchase)) == 1
    assert bench.status(order) == "completed"


@pytest.mark.fault("F03")
def test_f03_a_late_request_that_arrives_while_we_look_is_not_doubled(bench: Bench) -> None:
    bench.fault("late", seconds=80)  # eight tenths of a second of real time: our patience is less
    order = bench.paid()

    bench.tick()
    assert bench.legs(order)[0].status == Status.IN_DOUBT
    bench.partner.world.scheduler.pause(0.5)
    bench.work(waits.REPOST)

    assert bench.status(order) == "completed"
    assert bench.posts() == 1


@pytest.mark.fault("F04")
def test_f04_a_request_older_than_the_window_is_refused_and_ours_is_the_only_order(
    bench: Bench,
) -> None:
    bench.fault("late", seconds=301)
    bench.partner.control.time({"scale": 0.002})
    order = bench.paid()

    bench.tick()
    bench.work(waits.REPOST * 2)

    (purchase,) = bench.legs(order)
    assert bench.status(order) == "completed"
    assert len(bench.sold(purchase)) == 1


@pytest.mark.fault("F08")
def test_f08_a_redirect_is_not_followed_and_staff_hear_of_it(bench: Bench) -> None:
    bench.fault("redirect302")
    purchase = bench.purchase()

    bench.tick()

    assert bench.partner.sandbox.seen.count("GET", "/login") == 0
    assert "redirected" in bench.cases(purchase)


@pytest.mark.parametrize("duplicates", ["create", "replay", "reject409", "reject422"])
@pytest.mark.fault("F12")
def test_f12_whatever_the_partner_does_with_a_known_id_it_sells_once(
    bench: Bench, duplicates: str
) -> None:
    bench.partner.control.fault({"dup": duplicates})
    bench.fault("drop_before")
    bench.fault("500_after")
    bench.fault("lag", endpoint="orders", seconds=20)
    order = bench.paid()

    bench.work(waits.REPOST * 1.5)
    bench.faults_end()
    bench.work(waits.REPOST * 2)

    (purchase,) = bench.legs(order)
    assert bench.status(order) == "completed"
    assert len(bench.sold(purchase)) == 1


@pytest.mark.fault("F29")
def test_f29_a_list_that_lags_neither_refunds_nor_buys_again(bench: Bench) -> None:
    bench.fault("drop_after")
    bench.fault("lag", endpoint="orders", seconds=10_000)
    order = bench.paid()

    bench.work(waits.REPOST * 0.9)
    (purchase,) = bench.legs(order)
    assert (bench.posts(), purchase.status) == (1, Status.IN_DOUBT)
    assert purchase.misses > 3
    bench.faults_end()
    bench.work(waits.REPOST)

    assert bench.status(order) == "completed"
    assert bench.posts() == 1


@pytest.mark.fault("F29")
def test_f29_even_a_list_that_lags_beyond_reason_only_leads_to_the_same_id(bench: Bench) -> None:
    bench.fault("drop_after")
    bench.fault("lag", endpoint="orders", seconds=10_000)
    order = bench.paid()

    bench.work(waits.NOT_PLACED * 8)

    (purchase,) = bench.legs(order)
    assert len(bench.sold(purchase)) == 1
    assert purchase.status == Status.IN_REVIEW  # the partner said that it knows the id
    assert "claimed" in bench.cases(purchase)
    assert bench.till.effects == {}
    bench.faults_end()
    bench.work(waits.NOT_PLACED)
    assert bench.status(order) == "completed"


def test_an_order_of_a_longer_id_is_not_taken_for_ours(bench: Bench) -> None:
    stranger = bench.purchase()
    bench.step(stranger)
    bench.fault("prefix", endpoint="orders")
    bench.fault("drop_before")
    order = bench.paid()
    (purchase,) = bench.legs(order)
    sold = bench.partner.world.by_external_id[stranger.external_id][0]
    sold.external_id = purchase.external_id + "9"

    try:
        bench.work(waits.REPOST * 0.5)
        assert bench.again(purchase).status == Status.IN_DOUBT
    finally:
        sold.external_id = stranger.external_id

    bench.faults_end()
    bench.work(waits.REPOST)
    assert bench.codes(order) != bench.codes(stranger.line.order)

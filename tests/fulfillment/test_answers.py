"""What the partner says about an order it has, in every shape, in any order."""

from itertools import permutations
from typing import Any

import pytest

from storefront.fulfillment import waits
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench, Wish
from tests.partner_api.sandbox.goods import BIG_CARD, CARD


@pytest.mark.parametrize("echo", [{"sku_id": BIG_CARD}, {"quantity": 2}, {"quantity": None}])
@pytest.mark.fault("F18")
def test_f18_an_answer_about_something_else_shows_nothing_and_goes_to_a_person(
    bench: Bench, echo: dict[str, Any]
) -> None:
    bench.plan(echo=echo)
    order = bench.paid()

    bench.work(waits.UNCLEAR * 2)

    (purchase,) = bench.legs(order)
    assert (purchase.status, purchase.delivered) == (Status.IN_REVIEW, 0)
    assert bench.cases(purchase) == {"wrong-echo"}
    assert bench.codes(order) == []
    assert bench.till.effects == {}


@pytest.mark.fault("F18")
def test_f18_an_answer_under_another_id_is_never_taken_for_ours(bench: Bench) -> None:
    bench.plan(echo={"external_id": "GD-AAAAAAAAAAAA-01-X"})
    order = bench.paid()

    bench.work(waits.NOT_PLACED * 3)

    (purchase,) = bench.legs(order)
    assert purchase.status == Status.IN_REVIEW  # its own id is taken, says the partner
    assert len(bench.sold(purchase)) == 1
    assert bench.codes(order) == []
    assert bench.till.effects == {}


@pytest.mark.parametrize(
    "said",
    [
        {"total_amount": 10**30},
        {"total_amount": None, "currency": None},
        {"currency": "dollars"},
        {"id": "x" * 200},
        {"id": "not/a/path"},
        {"status": "completed", "metadata": [1]},
    ],
    ids=str,
)
@pytest.mark.fault("F27")
def test_f27_absurd_values_beside_the_code_do_not_keep_it_from_the_customer(
    bench: Bench, said: dict[str, Any]
) -> None:
    bench.plan(order=said)
    order = bench.paid()

    bench.work(waits.HOLD)

    assert bench.status(order) == "completed"
    assert len(bench.codes(order)) == 1


@pytest.mark.parametrize("identity", ["x" * 200, "not/a/path"])
@pytest.mark.fault("F27")
def test_f27_an_order_whose_id_fits_nowhere_is_asked_for_by_ours(
    bench: Bench, identity: str
) -> None:
    bench.plan(status="processing", order={"id": identity})
    order = bench.paid()
    bench.tick()

    bench.change(bench.legs(order)[0], status="completed")
    bench.work(waits.HOLD)

    assert bench.status(order) == "completed"


@pytest.mark.fault("F24")
def test_f24_an_order_in_processing_is_asked_for_ever_more_rarely_and_never_refunded(
    bench: Bench,
) -> None:
    bench.plan(status="processing")
    order = bench.paid()

    bench.work(waits.UNCLEAR * 12)

    (purchase,) = bench.legs(order)
    assert (purchase.status, bench.status(order)) == (Status.PLACED, "processing")
    assert purchase.failures == 0
    assert 20 < bench.asks() < 40
    assert bench.due_in(purchase) <= waits.next_poll(99)
    assert bench.till.effects == {}


@pytest.mark.fault("F24")
def test_f24_after_a_day_a_person_looks_too_and_the_order_still_completes(bench: Bench) -> None:
    bench.plan(status="processing")
    order = bench.paid()
    bench.tick()
    bench.clock.move(waits.SLOW)

    bench.work(waits.UNCLEAR)

    (purchase,) = bench.legs(order)
    assert (purchase.status, bench.status(order)) == (Status.IN_REVIEW, "in_review")
    assert bench.cases(purchase) == {"slow"}
    bench.change(purchase, status="completed")
    bench.work(waits.UNCLEAR)
    assert bench.status(order) == "completed"
    assert bench.cases(purchase) == set()


@pytest.mark.fault("F24")
def test_f24_a_partner_that_does_not_answer_for_a_day_is_shown_to_a_person(bench: Bench) -> None:
    bench.plan(status="processing")
    order = bench.paid()
    bench.tick()
    bench.fault("503", endpoint="order", next=None)
    bench.clock.move(waits.SLOW)

    bench.work(waits.UNCLEAR)

    assert bench.cases(bench.legs(order)[0]) == {"slow"}
    assert bench.till.effects == {}


@pytest.mark.parametrize("status", ["failed", "cancelled"])
@pytest.mark.fault("F25")
def test_f25_an_order_the_partner_gave_up_is_found_by_asking_and_the_money_released(
    bench: Bench, status: str
) -> None:
    bench.plan(status="processing")
    order = bench.paid()
    bench.work(waits.HOLD)

    bench.change(bench.legs(order)[0], status=status)
    bench.work(waits.next_poll(99))

    assert bench.status(order) == "failed"
    assert bench.payment(order).status == "voided"


@pytest.mark.parametrize(
    "plan",
    [
        {"status": "on_hold"},
        {"status": ""},
        {"without": ["status"]},
        {"items": []},
        {"items": None},
        {"status": "failed", "item": {"delivery_data": [{"pin": "PIN-FAILED-1"}]}},
    ],
    ids=str,
)
@pytest.mark.fault("F27")
def test_f27_what_nobody_understands_is_asked_about_then_shown_to_a_person_never_refunded(
    bench: Bench, plan: dict[str, Any]
) -> None:
    bench.plan(**plan)
    order = bench.paid()

    bench.work(waits.UNCLEAR * 0.9)
    assert bench.legs(order)[0].status == Status.PLACED
    bench.work(waits.UNCLEAR * 4)

    (purchase,) = bench.legs(order)
    assert (purchase.status, purchase.failures) == (Status.IN_REVIEW, 0)
    assert bench.cases(purchase) == {"unclear"}
    assert bench.till.effects == {}
    assert bench.due_in(purchase) <= waits.next_poll(99)  # the partner is still asked


@pytest.mark.fault("F27")
def test_f27_an_unclear_order_that_clears_up_is_delivered(bench: Bench) -> None:
    bench.plan(status="on_hold")
    order = bench.paid()
    bench.work(waits.UNCLEAR * 1.5)

    bench.change(bench.legs(order)[0], status="processing")
    bench.work(waits.UNCLEAR)
    assert bench.status(order) == "processing"
    assert bench.cases(bench.legs(order)[0]) == set()
    bench.change(bench.legs(order)[0], status="completed")
    bench.work(waits.UNCLEAR)

    assert bench.status(order) == "completed"


@pytest.mark.parametrize("said", list(permutations(["created", "on_hold", "processing"])), ids=str)
def test_statuses_may_come_in_any_order_the_last_word_counts(
    bench: Bench, said: tuple[str, ...]
) -> None:
    bench.plan(status=said[0])
    order = bench.paid()
    bench.tick()
    for status in said[1:]:
        bench.change(bench.legs(order)[0], status=status)
        bench.work(waits.HOLD)

    bench.change(bench.legs(order)[0], status="completed")
    bench.work(waits.UNCLEAR)

    assert bench.status(order) == "completed"


def test_ids_that_are_numbers_are_a_difference_and_go_to_a_person(bench: Bench) -> None:
    bench.plan(int_ids=True)
    order = bench.paid(Wish(sku_id=CARD))

    bench.tick()

    assert bench.cases(bench.legs(order)[0]) == {"wrong-echo"}
    assert bench.till.effects == {}

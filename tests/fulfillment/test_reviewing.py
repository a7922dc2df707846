"""What is before a person: shown with its reason, asked for again, or given up."""

from decimal import Decimal

import pytest

from storefront.core import states
from storefront.fulfillment import waits
from storefront.fulfillment.actions import reviewing
from storefront.fulfillment.models import Purchase, PurchaseEvent
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.fragile import Interrupted


def reviewed(bench: Bench) -> Purchase:
    """A purchase that the partner answered about with another quantity."""
    bench.plan(echo={"quantity": 7})
    purchase = bench.step(bench.purchase(Wish(quantity=2)))
    assert purchase.status == Status.IN_REVIEW
    return purchase


def test_what_is_asked_for_again_is_delivered_once_the_answer_is_right(bench: Bench) -> None:
    purchase = reviewed(bench)
    bench.change(purchase, echo={})

    reviewing.ask_again(purchase_id=purchase.pk, by="carol", now=bench.clock())
    bench.tick()

    assert bench.status(purchase.line.order) == "completed"
    assert PurchaseEvent.objects.filter(note="asked again by carol").count() == 1


def test_what_is_asked_for_again_and_still_wrong_comes_back_to_the_person(bench: Bench) -> None:
    purchase = reviewed(bench)

    reviewing.ask_again(purchase_id=purchase.pk, by="carol", now=bench.clock())
    bench.tick()

    assert bench.again(purchase).status == Status.IN_REVIEW
    assert bench.codes(purchase.line.order) == []


def test_what_got_stuck_before_it_was_sent_can_be_sent_by_a_person(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = bench.purchase()
    with monkeypatch.context() as bug:
        bug.setattr("storefront.fulfillment.actions.buying._send", lambda *_: 1 / 0)
        bench.work(waits.AFTER_FAILURE * 10)
    assert bench.cases(purchase) == {"stuck"}

    reviewing.ask_again(purchase_id=purchase.pk, by="carol", now=bench.clock())
    bench.tick()

    assert bench.status(purchase.line.order) == "completed"
    assert bench.cases(purchase) == set()


def test_what_is_given_up_is_returned_to_the_customer_and_its_cost_booked(bench: Bench) -> None:
    purchase = reviewed(bench)

    reviewing.give_up(purchase_id=purchase.pk, by="carol", now=bench.clock())
    bench.tick()

    order = purchase.line.order
    assert (bench.again(purchase).status, bench.status(order)) == (Status.FAILED, "failed")
    assert bench.payment(order).status == "voided"
    assert bench.till.sum_of("void", f"hold-{bench.payment(order).pk}") == Decimal(21)


def test_an_answer_that_comes_while_a_person_gives_up_is_too_late(bench: Bench) -> None:
    purchase = reviewed(bench)
    bench.change(purchase, echo={})
    reviewing.ask_again(purchase_id=purchase.pk, by="carol", now=bench.clock())

    def give_up() -> None:
        reviewing.give_up(purchase_id=purchase.pk, by="dave", now=bench.clock())

    bench.step(purchase, Interrupted(bench.client, after={"order": give_up}))
    bench.tick()

    assert bench.status(purchase.line.order) == "failed"
    assert bench.codes(purchase.line.order) == []


@pytest.mark.parametrize("action", [reviewing.ask_again, reviewing.give_up])
def test_what_is_not_in_review_is_left_alone(bench: Bench, action: object) -> None:
    bench.plan(status="processing")
    under_way, done = bench.step(bench.purchase()), bench.step(bench.purchase())

    for purchase in (under_way, done):
        with pytest.raises(states.NotAllowed):
            action(purchase_id=purchase.pk, by="mallory", now=bench.clock())  # type: ignore[operator]  # either of two functions

    assert bench.again(under_way).status == Status.PLACED
    assert bench.status(done.line.order) == "completed"

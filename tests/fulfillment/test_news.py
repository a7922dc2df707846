"""News of an order, however they come and whoever is asking just then, end in one question more."""

from storefront.fulfillment import waits
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.fragile import Interrupted


def test_news_that_come_while_a_worker_asks_lead_to_another_question(bench: Bench) -> None:
    bench.plan(status="processing")
    order = bench.paid()
    purchase = bench.step(bench.legs(order)[0])
    bench.clock.move(waits.HOLD)

    def news() -> None:  # the answer that says "processing" is on its way to us
        bench.change(purchase, status="completed")
        bench.hint(purchase)
        bench.step(purchase)  # the hint's own task finds the row held

    bench.step(purchase, Interrupted(bench.client, after={"order": news}))
    assert bench.again(purchase).status == Status.PLACED
    bench.tick()  # without a moment passing

    assert bench.status(order) == "completed"


def test_news_that_come_before_the_answer_to_our_own_request_are_not_lost(bench: Bench) -> None:
    bench.plan(status="processing")
    order = bench.paid()
    (purchase,) = bench.legs(order)

    def news() -> None:
        bench.change(purchase, status="completed")
        bench.hint(purchase)

    bench.step(purchase, Interrupted(bench.client, after={"create_order": news}))
    bench.tick()

    assert bench.status(order) == "completed"


def test_news_about_what_has_ended_or_is_before_a_person_change_nothing(bench: Bench) -> None:
    bench.plan(item={"quantity": 9})
    order = bench.paid(Wish(quantity=2, max_per_order=1))
    bench.tick()
    assert {leg.status for leg in bench.legs(order)} == {Status.COMPLETED, Status.IN_REVIEW}
    asked = bench.asks()

    for leg in bench.legs(order):
        bench.hint(leg)
    bench.tick()

    assert bench.asks() == asked

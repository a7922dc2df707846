"""From ended purchases to a settled order: money first, then codes, then the mail; each once."""

from decimal import Decimal
from typing import Any

import pytest

from storefront.fulfillment import waits
from storefront.fulfillment.actions import settling
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from storefront.mail.models import Message
from storefront.orders.models import Delivery, Order
from tests.fulfillment.bench import Bench, Wish
from tests.partner_api.sandbox.goods import BIG_CARD

FIVE_LEGS = Wish(quantity=5, max_per_order=1)
PRICE = Decimal("10.50")
ZERO = Decimal(0)


def taken(bench: Bench, order: Order) -> tuple[Decimal, Decimal, Decimal]:
    """What the till captured, refunded and released of the order's money."""
    reference = f"hold-{bench.payment(order).pk}"
    return (
        bench.till.sum_of("capture", reference),
        bench.till.sum_of("refund", reference),
        bench.till.sum_of("void", reference),
    )


def test_a_delivered_order_is_captured_then_shown_then_told_once(bench: Bench) -> None:
    order = bench.paid()

    bench.tick()

    assert taken(bench, order) == (PRICE, ZERO, ZERO)
    assert len(bench.codes(order)) == 1
    assert Message.objects.filter(kind="order_ready").count() == 1


def test_nothing_delivered_takes_nothing(bench: Bench) -> None:
    bench.plan(status="failed")
    order = bench.paid()

    bench.tick()

    assert taken(bench, order) == (ZERO, ZERO, PRICE)
    assert bench.status(order) == "failed"
    assert Message.objects.filter(kind="order_failed").count() == 1


@pytest.mark.fault("F30")
def test_f30_five_legs_of_which_three_come_take_three_and_release_two(bench: Bench) -> None:
    bench.plan(status="failed", next=2)
    order = bench.paid(FIVE_LEGS)

    bench.tick()

    legs = bench.legs(order)
    assert len({leg.external_id for leg in legs}) == 5
    assert sorted(leg.delivered for leg in legs) == [0, 0, 1, 1, 1]
    assert taken(bench, order) == (PRICE * 3, ZERO, ZERO)
    assert len(bench.codes(order)) == 3
    assert bench.status(order) == "partially_completed"


def test_codes_do_not_wait_for_the_last_leg_for_ever_and_what_then_fails_is_refunded(
    bench: Bench,
) -> None:
    bench.plan(status="processing")
    order = bench.paid(FIVE_LEGS)

    bench.work(waits.CAPTURE_EARLY * 0.8)
    assert (taken(bench, order), bench.codes(order)) == ((ZERO, ZERO, ZERO), [])
    bench.work(waits.CAPTURE_EARLY * 0.4)
    assert taken(bench, order) == (PRICE * 5, ZERO, ZERO)
    assert len(bench.codes(order)) == 4
    slow = next(leg for leg in bench.legs(order) if leg.status == Status.PLACED)
    bench.change(slow, status="failed")
    bench.work(waits.UNCLEAR)

    assert taken(bench, order) == (PRICE * 5, PRICE, ZERO)
    assert bench.status(order) == "partially_completed"


def test_a_leg_that_comes_after_the_early_capture_is_shown_at_once(bench: Bench) -> None:
    bench.plan(status="processing")
    order = bench.paid(FIVE_LEGS)
    bench.work(waits.CAPTURE_EARLY * 2)

    slow = next(leg for leg in bench.legs(order) if leg.status == Status.PLACED)
    bench.change(slow, status="completed")
    bench.work(waits.next_poll(9))

    assert len(bench.codes(order)) == 5
    assert taken(bench, order) == (PRICE * 5, ZERO, ZERO)
    assert bench.status(order) == "completed"


def test_many_polls_of_one_leg_do_not_put_off_the_codes_of_another(bench: Bench) -> None:
    bench.plan(status="processing")
    order = bench.paid(Wish(quantity=2, max_per_order=1))
    bench.tick()
    slow = next(leg for leg in bench.legs(order) if leg.status == Status.PLACED)

    for _ in range(10):  # somebody hints every two seconds
        bench.clock.move(waits.CAPTURE_EARLY / 9)
        bench.hint(slow)
        bench.tick()

    assert len(bench.codes(order)) == 1


@pytest.mark.fault("F23")
def test_of_two_lines_the_one_that_fails_late_is_returned_to_the_cent(bench: Bench) -> None:
    bench.plan(status="processing", next=2)
    order = bench.paid(Wish(price=Decimal("3.33")), Wish(sku_id=BIG_CARD, cost=Decimal("48.55")))
    first, second = bench.legs(order)
    bench.tick()
    bench.change(first, status="completed")
    bench.work(waits.CAPTURE_EARLY * 3)
    assert len(bench.codes(order)) == 1
    bench.change(second, status="cancelled")
    bench.work(waits.UNCLEAR)

    assert taken(bench, order) == (Decimal("13.83"), PRICE, ZERO)


@pytest.mark.parametrize("how", ["before", "after", "late"])
@pytest.mark.parametrize(
    ("kind", "plan"),
    [
        ("capture", {}),
        ("void", {"status": "failed", "next": 2}),
        ("refund", {"status": "processing", "after": 0, "then": "failed"}),
    ],
)
def test_a_provider_in_trouble_is_asked_again_and_moves_the_money_once(
    bench: Bench, kind: str, plan: dict[str, Any], how: str
) -> None:
    bench.plan(**plan)
    order = bench.paid(Wish(quantity=2, max_per_order=1))
    bench.till.bad_day(how, how, kind=kind)
    bench.tick()
    # Of a leg that fails late we hear after the early capture.
    heard_at = bench.clock() + waits.CAPTURE_EARLY * 2
    Purchase.objects.filter(status=Status.PLACED).update(due_at=heard_at)

    bench.work(waits.HOLD * 5)
    bench.till.catch_up()

    kinds = [effect.kind for effect in bench.till.effects.values()]
    assert kinds.count(kind) == 1
    # What may have happened is looked for before it is asked for again.
    seen_at_once = how == "after" and kind != "void"
    assert [name for name, _ in bench.till.calls].count(kind) == (1 if seen_at_once else 3)
    assert len({key for name, key in bench.till.calls if name == kind}) == 1
    assert Order.objects.get(pk=order.pk).is_settled


def test_no_code_is_shown_while_its_money_is_not_ours(bench: Bench) -> None:
    bench.till.bad_day(*["before"] * 100)
    order = bench.paid()

    bench.work(waits.HOLD * 5)

    assert bench.codes(order) == []
    assert Delivery.objects.get().released_at is None
    assert bench.status(order) != "completed"


def test_a_provider_in_trouble_for_long_is_shown_to_staff_until_it_is_over(bench: Bench) -> None:
    bench.till.bad_day(*["before"] * 100)
    order = bench.paid()

    bench.work(waits.TROUBLE * 1.2)
    assert bench.cases(order) == {"provider-trouble"}
    bench.faults_end()
    bench.work(waits.HOLD * 2)

    assert bench.status(order) == "completed"
    assert bench.cases(order) == set()


@pytest.mark.fault("F65")
def test_f65_a_capture_that_is_refused_hides_the_code_and_calls_a_person(bench: Bench) -> None:
    bench.till.bad_day("refuse")
    order = bench.paid()

    bench.work(waits.HOLD * 3)

    assert bench.codes(order) == []
    assert bench.status(order) == "in_review"
    assert bench.cases(order) == {"provider-refusal"}
    bench.work(waits.TROUBLE)  # the provider is asked once more: it was a person's doing
    assert bench.status(order) == "completed"


@pytest.mark.fault("F65")
def test_f65_a_hold_that_lapsed_before_it_was_taken_shows_nothing_and_charges_nothing(
    bench: Bench,
) -> None:
    order = bench.paid()
    bench.till.lapsed.add(f"hold-{bench.payment(order).pk}")

    bench.work(waits.HOLD * 3)

    assert bench.codes(order) == []
    assert (bench.payment(order).status, bench.status(order)) == ("lapsed", "failed")
    assert bench.cases(order) == {"hold-lost"}
    assert taken(bench, order) == (ZERO, ZERO, ZERO)
    assert Message.objects.filter(kind="order_failed").exists()
    bench.work(waits.TROUBLE)
    assert bench.status(order) == "failed", "and it is over"


def test_a_settling_that_fails_by_a_bug_is_shown_to_staff_and_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = bench.paid()
    with monkeypatch.context() as broken:
        broken.setattr("storefront.orders.actions.release", lambda **_: 1 / 0)
        bench.work(waits.HOLD * 3)
        assert bench.cases(order) == {"settling-failed"}
        assert bench.codes(order) == []

    bench.work(waits.HOLD * 2)

    assert bench.status(order) == "completed"
    assert bench.cases(order) == set()
    assert taken(bench, order) == (PRICE, ZERO, ZERO)


def test_settling_what_is_settled_changes_nothing(bench: Bench) -> None:
    order = bench.paid()
    bench.tick()
    calls = list(bench.till.calls)

    for _ in range(3):
        Order.objects.filter(pk=order.pk).update(settle_due_at=bench.clock())
        settling.settle(order_id=order.pk, now=bench.clock())

    assert bench.till.calls == calls
    assert Order.objects.get(pk=order.pk).settle_due_at is None
    assert Message.objects.exclude(kind="order_received").count() == 1

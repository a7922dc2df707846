"""The partner answers, and the answer is no: for good, for now, or because of us."""

from typing import Any

import pytest

from partner_api import PartnerClient, RequestsTransport
from storefront.fulfillment import waits
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench, Wish

# Refusals of a partner that carries the request out all the same.
LIES: list[tuple[str, dict[str, Any]]] = [
    ("422_stock", {"effect": True}),
    ("422_validation", {"effect": True}),
    ("422_external_id", {"effect": True}),
    ("409", {"effect": True}),
    ("402", {"effect": True}),
    ("401", {"effect": True}),
    ("403", {"effect": True}),
]


@pytest.mark.fault("F10")
def test_f10_a_known_id_is_fetched_not_bought_again(bench: Bench) -> None:
    bench.fault("drop_after")
    bench.fault("empty_page", endpoint="orders", next=1)
    order = bench.paid()
    purchase = bench.step(bench.legs(order)[0])  # sold; the answer was lost
    bench.clock.move(waits.REPOST)
    bench.step(purchase)  # not found, so sent again: the partner knows it

    assert bench.status(order) == "completed"
    assert (bench.posts(), len(bench.sold(purchase))) == (2, 1)


@pytest.mark.parametrize("fault", ["409", "422_external_id"])
@pytest.mark.fault("F10")
def test_f10_a_known_id_that_is_never_shown_goes_to_a_person(bench: Bench, fault: str) -> None:
    bench.fault(fault)
    order = bench.paid()

    bench.work(waits.NOT_PLACED * 3)

    (purchase,) = bench.legs(order)
    assert purchase.status == Status.IN_REVIEW
    assert bench.cases(purchase) == {"claimed"}
    assert bench.posts() == 1
    assert bench.till.effects == {}
    assert bench.status(order) == "in_review"


@pytest.mark.parametrize("fault", ["422_stock", "422_validation", "404"])
@pytest.mark.fault("F13")
def test_f13_a_first_no_fails_the_line_and_releases_the_money(bench: Bench, fault: str) -> None:
    bench.fault(fault)
    order = bench.paid()

    bench.tick()

    (purchase,) = bench.legs(order)
    assert (purchase.status, bench.status(order)) == (Status.FAILED, "failed")
    assert bench.posts() == 1
    assert bench.payment(order).status == "voided"


@pytest.mark.fault("F13")
def test_f13_a_no_is_believed_once_a_look_up_worked(bench: Bench) -> None:
    bench.fault("422_stock")
    bench.fault("503", endpoint="orders", next=3)
    order = bench.paid()

    bench.tick()
    assert bench.legs(order)[0].status == Status.IN_DOUBT
    bench.work(waits.NOT_PLACED / 2)

    assert bench.status(order) == "failed"
    assert bench.posts() == 1


@pytest.mark.parametrize(("fault", "more"), LIES, ids=[name for name, _ in LIES])
@pytest.mark.fault("F13")
def test_a_no_that_was_carried_out_is_found_and_delivered(
    bench: Bench, fault: str, more: dict[str, Any]
) -> None:
    bench.fault(fault, **more)
    order = bench.paid()

    bench.work(waits.HOLD * 2)

    (purchase,) = bench.legs(order)
    assert bench.status(order) == "completed"
    assert (bench.posts(), len(bench.sold(purchase))) == (1, 1)


@pytest.mark.parametrize("fault", ["401", "402", "403"])
@pytest.mark.fault("F12", "F29")
def test_a_no_for_now_that_was_carried_out_and_is_shown_late_is_not_bought_again(
    bench: Bench, fault: str
) -> None:
    """Three things at once: the partner lies, its list lags, and it sells twice under one id."""
    bench.partner.control.fault({"dup": "create"})
    bench.fault(fault, effect=True)
    order = bench.paid()
    bench.tick()
    bench.fault("empty_page", endpoint="orders", next=None)
    bench.work(waits.OFFER_AGAIN * 0.9)
    assert bench.status(order) == "waiting"

    bench.faults_end()
    bench.work(waits.OFFER_AGAIN)

    (purchase,) = bench.legs(order)
    assert bench.status(order) == "completed"
    assert (bench.posts(), len(bench.sold(purchase))) == (1, 1)


@pytest.mark.fault("F14")
def test_f14_a_no_after_a_lost_answer_proves_nothing_about_the_lost_one(bench: Bench) -> None:
    bench.fault("drop_before")
    bench.fault("422_validation", next=None)
    order = bench.paid()

    bench.work(waits.REPOST * 1.3)
    (purchase,) = bench.legs(order)
    assert (purchase.status, purchase.is_refused) == (Status.IN_DOUBT, True)
    assert bench.till.effects == {}
    bench.work(waits.NOT_PLACED * 2)

    (purchase,) = bench.legs(order)
    assert purchase.status == Status.NOT_PLACED
    assert bench.posts() == 2
    assert bench.status(order) == "failed"


@pytest.mark.parametrize("fault", ["401", "403"])
@pytest.mark.fault("F15")
def test_f15_refused_credentials_hold_the_order_and_refund_nothing(
    bench: Bench, fault: str
) -> None:
    bench.fault(fault, next=None)
    bench.fault(fault, endpoint="orders", next=None)
    order = bench.paid()

    bench.work(waits.HOLD_AT_MOST * 2)
    (purchase,) = bench.legs(order)
    assert purchase.status == Status.HELD
    assert bench.status(order) == "waiting"
    assert bench.cases(purchase) == {"held-configuration"}
    assert bench.till.effects == {}

    bench.faults_end()
    bench.work(waits.HOLD * 3)
    assert bench.status(order) == "completed"
    assert bench.cases(purchase) == set()


@pytest.mark.parametrize(
    ("asked", "wait"),
    [(30, 30), ("date:40", 40), ("garbage", 5), (None, 5), (10**8, 900)],
)
@pytest.mark.fault("F16")
def test_f16_a_throttled_request_waits_as_long_as_it_was_asked_to(
    bench: Bench, asked: object, wait: int
) -> None:
    bench.fault("429", retry_after=asked)
    purchase = bench.purchase()

    purchase = bench.step(purchase)

    assert purchase.status == Status.IN_DOUBT
    expected = waits.next_lookup(0, wait)
    assert expected * 0.9 <= bench.due_in(purchase) <= expected * 1.1
    bench.work(waits.REPOST * 3)
    assert bench.status(purchase.line.order) == "completed"


@pytest.mark.fault("F16")
def test_f16_a_throttled_look_up_waits_too_and_others_go_on(bench: Bench) -> None:
    bench.fault("drop_after")
    bench.fault("429", endpoint="orders", retry_after=600)
    first, second = bench.paid(), bench.paid()

    bench.work(waits.next_lookup(1))
    (purchase,) = bench.legs(first)
    assert bench.due_in(purchase) >= waits.next_lookup(0, 500)
    assert bench.status(second) == "completed"
    bench.work(waits.NOT_PLACED)
    assert bench.status(first) == "completed"


@pytest.mark.fault("F17")
def test_f17_without_funds_the_order_waits_and_goes_on_after_a_top_up(bench: Bench) -> None:
    bench.partner.control.balance({"balance": 1, "allow_overdraft": False})
    order = bench.paid()

    bench.work(waits.HOLD_AT_MOST / 2)
    (purchase,) = bench.legs(order)
    assert (purchase.status, bench.status(order)) == (Status.HELD, "waiting")
    assert bench.cases(purchase) == {"held-funds"}

    bench.partner.control.balance({"topup": 100})
    bench.work(waits.OFFER_AGAIN + waits.HOLD)
    assert bench.status(order) == "completed"
    assert bench.cases(purchase) == set()


@pytest.mark.fault("F17")
def test_f17_without_funds_for_too_long_the_money_goes_back(bench: Bench) -> None:
    bench.partner.control.balance({"balance": 1, "allow_overdraft": False})
    order = bench.paid()

    bench.work(waits.HOLD_AT_MOST * 1.2)

    (purchase,) = bench.legs(order)
    assert (purchase.status, bench.status(order)) == (Status.FAILED, "failed")
    assert bench.payment(order).status == "voided"
    assert bench.cases(purchase) == set()


@pytest.mark.fault("F17")
def test_f17_a_lost_answer_before_the_funds_ran_out_is_waited_for_all_the_same(
    bench: Bench,
) -> None:
    bench.fault("drop_before")
    bench.fault("402", next=2)
    order = bench.paid()

    bench.work(waits.REPOST + waits.HOLD * 5)
    (purchase,) = bench.legs(order)
    assert (purchase.status, purchase.posts) == (Status.HELD, 2)  # not every minute, as it would
    bench.work(waits.HOLD_AT_MOST)

    assert bench.status(order) == "completed"
    assert bench.posts() == 4


@pytest.mark.fault("F31")
def test_f31_a_wrong_clock_is_named_and_refunds_nothing(bench: Bench) -> None:
    bench.partner.control.time({"offset": 600})
    order = bench.paid()

    bench.tick()

    (purchase,) = bench.legs(order)
    assert purchase.status == Status.HELD
    assert "clock skew 600 s" in bench.told(purchase, "held-configuration")
    bench.partner.control.time({"offset": 0})
    bench.work(waits.OFFER_AGAIN + waits.HOLD)
    assert bench.status(order) == "completed"


@pytest.mark.fault("F34")
def test_f34_a_partner_nobody_reaches_got_nothing_and_the_same_id_goes_out_later(
    bench: Bench,
) -> None:
    nowhere = PartnerClient(
        base_url="http://127.0.0.1:9",
        token="t" * 20,
        secret="s" * 20,
        transport=RequestsTransport(connect_timeout=0.2, tries=1),
    )
    order = bench.paid(Wish(quantity=2))
    (purchase,) = bench.legs(order)

    for _ in range(waits.MOST_UNANSWERED + 3):
        purchase = bench.step(purchase, nowhere)
        assert (purchase.status, purchase.unanswered) == (Status.HELD, 0)
        bench.clock.move(waits.NOT_PLACED)

    assert bench.cases(purchase) == {"held-unreachable"}
    assert bench.till.effects == {}
    bench.work(waits.HOLD)
    assert bench.status(order) == "completed"
    assert bench.posts() == 1

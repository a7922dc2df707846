"""What is delivered: each code once, to whom it was bought for, for the money that it is worth."""

from decimal import Decimal
from typing import Any

import pytest

from storefront.catalog.models import Sku
from storefront.fulfillment import waits
from storefront.fulfillment.states import Status
from storefront.ledger.models import Entry
from tests.fulfillment.bench import Bench, Wish
from tests.partner_api.sandbox.goods import ESIM, OPEN, PHONE

THREE = Wish(quantity=3)


@pytest.mark.parametrize("total", ["9.71", "19.40", "0.01"])
@pytest.mark.fault("F19")
def test_f19_another_price_is_booked_shown_to_staff_and_delivered(bench: Bench, total: str) -> None:
    bench.plan(total=total)
    order = bench.paid()

    bench.tick()

    (purchase,) = bench.legs(order)
    assert bench.status(order) == "completed"
    assert bench.cases(purchase) == {"wrong-total"}
    assert Entry.objects.get(kind="cost").amount == Decimal(total)
    assert (Sku.objects.get().paused_at is not None) == (Decimal(total) > Decimal("9.70"))


@pytest.mark.parametrize("short", [1, 3])
@pytest.mark.fault("F20")
def test_f20_missing_codes_are_waited_for_and_then_given_back(bench: Bench, short: int) -> None:
    bench.plan(short=short)
    order = bench.paid(THREE)

    bench.work(waits.UNCLEAR * 0.9)
    (purchase,) = bench.legs(order)
    assert (purchase.status, bench.codes(order)) == (Status.PLACED, [])
    bench.work(waits.UNCLEAR)

    (purchase,) = bench.legs(order)
    assert purchase.delivered == 3 - short
    assert bench.cases(purchase) == {"missing-codes"}
    assert len(bench.codes(order)) == 3 - short
    assert bench.payment(order).captured_amount == Decimal("10.50") * (3 - short)


@pytest.mark.fault("F20")
def test_f20_missing_codes_get_their_time_also_after_hours_of_processing(bench: Bench) -> None:
    bench.plan(status="processing")
    order = bench.paid(THREE)
    bench.work(waits.UNCLEAR * 5)

    bench.change(bench.legs(order)[0], status="completed", short=1)
    bench.work(waits.UNCLEAR * 0.8)
    assert bench.legs(order)[0].status == Status.PLACED
    bench.change(bench.legs(order)[0], status="completed", short=0)
    bench.work(waits.UNCLEAR * 0.3)

    assert len(bench.codes(order)) == 3


def test_more_codes_than_bought_go_to_a_person(bench: Bench) -> None:
    units = [{"pin": f"PIN-{number}-ABCD"} for number in range(2)]
    bench.plan(item={"delivery_data": units})
    order = bench.paid()

    bench.tick()

    (purchase,) = bench.legs(order)
    assert purchase.status == Status.IN_REVIEW
    assert bench.cases(purchase) == {"surplus"}
    assert bench.codes(order) == []


@pytest.mark.fault("F22")
def test_f22_a_code_that_comes_twice_in_one_order_is_not_delivered(bench: Bench) -> None:
    bench.plan(duplicate_code="within")
    order = bench.paid(THREE)

    bench.tick()

    (purchase,) = bench.legs(order)
    assert (purchase.status, purchase.delivered) == (Status.IN_REVIEW, 0)
    assert bench.cases(purchase) == {"repeated-code"}


@pytest.mark.fault("F22")
def test_f22_a_code_sold_before_is_never_seen_by_a_second_customer(bench: Bench) -> None:
    first = bench.paid()
    bench.tick()
    bench.plan(duplicate_code="across")
    second = bench.paid()

    bench.tick()

    assert len(bench.codes(first)) == 1
    assert bench.codes(second) == []
    assert bench.cases(bench.legs(second)[0]) == {"repeated-code"}
    assert bench.status(second) == "in_review"


@pytest.mark.parametrize("written", ["abcd-0001-wxyz", " ABCD 0001 WXYZ ", "ABCD0001WXYZ"])
@pytest.mark.fault("F22")
def test_f22_a_code_written_another_way_is_the_same_code(bench: Bench, written: str) -> None:
    bench.plan(item={"delivery_data": [{"pin": "ABCD-0001-WXYZ"}, {"pin": written}]})
    order = bench.paid(Wish(quantity=2))

    bench.tick()

    assert bench.cases(bench.legs(order)[0]) == {"repeated-code"}


@pytest.mark.parametrize("delivered", [0, 1, 2])
@pytest.mark.fault("F23")
def test_f23_of_a_partial_order_what_came_is_paid_and_nothing_else(
    bench: Bench, delivered: int
) -> None:
    bench.plan(status="partially_completed", delivered=delivered)
    order = bench.paid(Wish(quantity=3, price=Decimal("3.33")))

    bench.work(waits.UNCLEAR * 1.5)

    assert len(bench.codes(order)) == delivered
    assert bench.till.sum_of("capture", f"hold-{bench.payment(order).pk}") == delivered * Decimal(
        "3.33"
    )
    assert bench.status(order) == ("partially_completed" if delivered else "failed")


@pytest.mark.parametrize("shown", [{}, {"delivery_data": []}, {"delivery_data": None}], ids=str)
@pytest.mark.fault("F37")
def test_f37_a_recharge_has_no_code_and_is_delivered_all_the_same(
    bench: Bench, shown: dict[str, Any]
) -> None:
    phone = {"phone": "+447700900123", "operator": "north"}
    bench.plan(item=shown)
    order = bench.paid(Wish(sku_id=PHONE, cost=Decimal(5), kind="recharge_fixed", fields=phone))

    bench.tick()

    assert bench.status(order) == "completed"
    assert bench.codes(order) == [""]


def test_an_esim_is_delivered_with_what_installs_it(bench: Bench) -> None:
    order = bench.paid(Wish(sku_id=ESIM, cost=Decimal(15)))

    bench.tick()

    (code,) = bench.codes(order)
    assert code.startswith("LPA:1$")


def test_a_chosen_amount_reaches_the_partner_and_costs_what_was_computed(bench: Bench) -> None:
    card = Wish(
        sku_id=OPEN,
        kind="voucher_open_range",
        amount=Decimal("100.50"),
        price=Decimal("29.76"),
        cost=Decimal("26.89"),
    )
    order = bench.paid(card)
    bench.work()

    (purchase,) = bench.legs(order)
    assert (bench.status(order), bench.cases(purchase)) == ("completed", set())
    assert Entry.objects.get(kind="cost").amount == Decimal("26.89")

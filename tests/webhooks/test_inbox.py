"""A genuine delivery is stored once, answered, and only makes the shop ask its partner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.timezone import now

from storefront.cases.models import Case
from storefront.orders.models import Delivery
from storefront.webhooks import actions
from storefront.webhooks.models import PartnerEvent
from tests.webhooks.conftest import (
    FORGED_PIN,
    FORGED_STATUS,
    Letter,
    Shop,
    about,
    is_stored,
    post,
)

Status = PartnerEvent.Status


def pin_of(shop: Shop, purchase: Any) -> str:
    return str(shop.sold(purchase).delivery[0]["pin"])


@pytest.mark.fault("F72")
def test_a_delivery_makes_the_shop_ask_and_the_answer_completes_the_order(shop: Shop) -> None:
    purchase = shop.buy()
    shop.moves(purchase, status="completed")

    assert post(Letter(data=about(shop.sold(purchase)))).status_code == 200
    assert shop.order(purchase).status == "processing", "nothing is done inside the request"
    shop.work()

    assert shop.order(purchase).status == "completed"
    assert Delivery.objects.count() == 1
    assert PartnerEvent.objects.get().status == Status.APPLIED


def test_the_row_holds_where_to_look_and_nothing_of_the_goods(shop: Shop) -> None:
    purchase = shop.buy()
    shop.moves(purchase, status="completed")
    post(Letter(data=about(shop.sold(purchase))))

    row = PartnerEvent.objects.get()
    assert row.external_id == purchase.external_id
    assert row.partner_order_id == shop.sold(purchase).id
    assert is_stored(row.partner_order_id), "the search finds what is there"
    assert not is_stored(pin_of(shop, purchase))


@pytest.mark.fault("F73")
def test_a_forged_status_and_pin_are_believed_by_nobody(shop: Shop) -> None:
    """The signature covers none of the data: whoever captured one delivery can write any."""
    purchase = shop.buy()
    lie = about(shop.sold(purchase), status="completed", pin=FORGED_PIN)
    odd = about(shop.sold(purchase), status=FORGED_STATUS, pin=FORGED_PIN)
    for data in (lie, odd):
        assert post(Letter(data=data)).status_code == 200
    shop.work()

    assert shop.order(purchase).status == "processing"
    assert not Delivery.objects.exists()
    for forged in (FORGED_PIN, FORGED_STATUS):
        assert not is_stored(forged)


@pytest.mark.fault("F73")
def test_a_lie_about_failure_refunds_nothing(shop: Shop) -> None:
    purchase = shop.buy()
    shop.moves(purchase, status="completed")
    post(Letter(data=about(shop.sold(purchase), status="failed")))
    shop.work()
    assert shop.order(purchase).status == "completed"


@pytest.mark.fault("F73")
def test_a_lie_about_an_order_under_way_changes_nothing(shop: Shop) -> None:
    purchase = shop.buy()
    before = purchase.status
    post(Letter(data=about(shop.sold(purchase), status="failed")))
    shop.work()
    purchase.refresh_from_db()
    assert purchase.status == before
    assert shop.order(purchase).status == "processing"


@pytest.mark.fault("F78")
def test_four_times_the_same_delivery_is_one_row_and_one_job(shop: Shop) -> None:
    purchase = shop.buy()
    letter = Letter(data=about(shop.sold(purchase)))

    assert [post(letter).status_code for _ in range(4)] == [200] * 4

    PartnerEvent.objects.get()
    assert shop.jobs() == [("webhooks.follow", {})]
    assert not Case.objects.exists()


@pytest.mark.fault("F78")
def test_the_same_delivery_at_the_same_moment_is_one_row(shop: Shop) -> None:
    letter = Letter(data=about(shop.sold(shop.buy())))

    def deliver(_: int) -> int:
        try:
            return int(post(letter).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(deliver, range(8))) == [200] * 8
    assert PartnerEvent.objects.count() == 1


@pytest.mark.fault("F78")
def test_a_repeat_after_it_was_applied_changes_nothing(shop: Shop) -> None:
    letter = Letter(data=about(shop.sold(shop.buy())))
    post(letter)
    shop.work()
    assert post(letter).status_code == 200
    assert shop.jobs() == []


@pytest.mark.fault("F79")
def test_the_same_key_with_another_body_is_followed_too_and_shown_to_staff(shop: Shop) -> None:
    """The key is not bound to the order: whoever comes first must not hide the other."""
    first, second = shop.buy(), shop.buy()
    for purchase in (first, second):
        shop.moves(purchase, status="completed")
    key = str(uuid4())

    for purchase in (first, second):
        assert post(Letter(key=key, data=about(shop.sold(purchase)))).status_code == 200
    shop.work()

    assert PartnerEvent.objects.filter(idempotency_key=key).count() == 2
    assert {shop.order(first).status, shop.order(second).status} == {"completed"}
    assert (shop.asked(first), shop.asked(second)) == (1, 1)
    case = Case.objects.get(kind="webhook-changed")
    assert case.subject == key


@pytest.mark.fault("F79")
def test_changed_copies_of_one_delivery_cost_no_more_than_a_few_questions(shop: Shop) -> None:
    purchase = shop.buy()
    key = str(uuid4())
    for number in range(20):
        data = about(shop.sold(purchase), pin=f"{FORGED_PIN}-{number}")
        assert post(Letter(key=key, data=data)).status_code == 200
        shop.work()
    assert PartnerEvent.objects.count() == actions.MOST_COPIES
    assert shop.asked(purchase) <= actions.MOST_COPIES
    assert Case.objects.filter(kind="webhook-changed").count() == 1


@pytest.mark.fault("F80")
def test_an_event_we_have_no_use_for_is_stored_and_left(shop: Shop) -> None:
    purchase = shop.buy()
    letter = Letter(event="balance.is_low", data=about(shop.sold(purchase)))
    assert post(letter).status_code == 200
    row = PartnerEvent.objects.get()
    assert (row.event, row.status, row.due_at) == ("balance.is_low", Status.IGNORED, None)
    assert shop.jobs() == []


@pytest.mark.fault("F81")
def test_an_order_that_is_not_ours_is_tried_for_ten_minutes_then_parked(shop: Shop) -> None:
    order = {"id": str(uuid4()), "external_id": "ORD-12345", "status": "completed", "items": []}
    assert post(Letter(data={"order": order})).status_code == 200
    row = PartnerEvent.objects.get()
    assert len(shop.jobs()) == 1
    came = row.received_at

    for seconds in (0, 30, 599):
        actions.follow(now=came + timedelta(seconds=seconds))
        row.refresh_from_db()
        assert row.status == Status.RECEIVED
        assert row.due_at == came + timedelta(seconds=seconds + 30)
        assert not Case.objects.exists()

    actions.follow(now=came + timedelta(seconds=600 + 30))
    row.refresh_from_db()
    assert (row.status, row.due_at) == (Status.PARKED, None)
    assert Case.objects.get().subject == "ORD-12345"


@pytest.mark.fault("F82")
def test_an_event_that_came_before_its_order_is_followed_later(shop: Shop) -> None:
    purchase = shop.buy()
    shop.moves(purchase, status="completed")
    data = about(shop.sold(purchase))
    type(purchase).objects.filter(pk=purchase.pk).update(
        external_id="GD-NOT-YET-HERE", partner_order_id=""
    )
    post(Letter(data=data))
    shop.work()
    type(purchase).objects.filter(pk=purchase.pk).update(external_id=purchase.external_id)

    assert actions.follow(now=now() + timedelta(seconds=29)) == 0
    PartnerEvent.objects.update(due_at=now())  # half a minute later
    assert actions.follow(now=now()) == 1
    shop.work()

    assert PartnerEvent.objects.get().status == Status.APPLIED
    assert shop.order(purchase).status == "completed"


def test_what_the_queue_lost_the_sweeper_finds(shop: Shop) -> None:
    purchase = shop.buy()
    shop.moves(purchase, status="completed")
    post(Letter(data=about(shop.sold(purchase))))
    assert len(shop.jobs()) == 1, "and now it is lost"

    assert actions.follow(now=now()) == 1
    shop.work()

    assert shop.order(purchase).status == "completed"
    assert actions.follow(now=now() + timedelta(hours=1)) == 0


def test_a_job_that_comes_twice_asks_once(shop: Shop) -> None:
    purchase = shop.buy()
    post(Letter(data=about(shop.sold(purchase))))
    assert len(shop.jobs()) == 1
    for _ in range(3):
        actions.follow(now=now())
    shop.work()
    assert shop.asked(purchase) == 1


def test_an_order_is_found_by_either_id(shop: Shop) -> None:
    by_ours, by_theirs = shop.buy(), shop.buy()
    for purchase, missing in ((by_ours, "id"), (by_theirs, "external_id")):
        shop.moves(purchase, status="completed")
        data = about(shop.sold(purchase))
        del data["order"][missing]
        post(Letter(data=data))
    shop.work()
    assert {shop.order(by_ours).status, shop.order(by_theirs).status} == {"completed"}


@pytest.mark.parametrize("name", ["external_id", "id"])
def test_an_event_that_names_no_order_is_parked_at_last(shop: Shop, name: str) -> None:
    shop.buy()
    post(Letter(data={"order": {name: ""}}))
    shop.jobs()
    row = PartnerEvent.objects.get()
    actions.follow(now=row.received_at + actions.PATIENCE)
    row.refresh_from_db()
    assert row.status == Status.PARKED
    assert Case.objects.get().subject == str(row.idempotency_key)

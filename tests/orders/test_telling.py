"""What customers are written: once per event, by whoever moves the order, and never a code."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import now

from storefront.core import states
from storefront.mail.models import Message
from storefront.orders import actions as orders
from storefront.orders.actions.telling import KINDS
from storefront.orders.models import Order
from storefront.orders.states import MOVES, UNDER_WAY, Status
from storefront.orders.waits import late_after
from tests.shopping import Customer, bring, order_in

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


def source_of(to: Status) -> Status:
    """A state from which one comes there."""
    return next(status for status in Status if to in MOVES[status])


@pytest.mark.parametrize("to", sorted(set().union(*MOVES.values())))
def test_a_move_is_told_if_it_means_something_to_the_customer(to: Status) -> None:
    order = order_in(source_of(to))
    orders.move(order=order, to=to, by="test", now=now(), paid_at=now())
    assert told() == ([KINDS[to]] if to in KINDS else [])
    with pytest.raises(states.NotAllowed):
        orders.move(order=order, to=to, by="test", now=now())
    assert len(told()) <= 1


def test_a_move_that_is_taken_back_is_not_told() -> None:
    order = order_in(Status.PROCESSING)
    with transaction.atomic():
        orders.move(order=order, to=Status.COMPLETED, by="test", now=now())
        assert told() == ["order_ready"]
        transaction.set_rollback(True)
    assert told() == []


def test_a_mail_says_what_came_and_no_code() -> None:
    order = order_in(Status.PROCESSING)
    order.lines.update(quantity=2)
    bring(order, "KIOSK-CANARY-PIN")
    orders.move(order=order, to=Status.PARTIALLY_COMPLETED, by="test", now=now())
    (message,) = Message.objects.all()
    (line,) = message.context["order"]["lines"]
    assert (line["came"], line["quantity"]) == (1, 2)
    assert "CANARY" not in str(message.context)


def test_who_waits_for_long_is_told_once() -> None:
    at = now()
    late = order_in(Status.WAITING)
    Order.objects.filter(pk=late.pk).update(paid_at=at - late_after())
    early = order_in(Status.PROCESSING)
    Order.objects.filter(pk=early.pk).update(paid_at=at)
    done = order_in(Status.COMPLETED)
    Order.objects.filter(pk=done.pk).update(paid_at=at - timedelta(days=1))
    assert [orders.tell_of_delays(now=at) for _ in range(2)] == [1, 0]
    (message,) = Message.objects.all()
    assert (message.kind, message.reference) == ("order_delayed", late.number)


@pytest.mark.parametrize("status", sorted(UNDER_WAY))
def test_every_state_under_way_can_be_late(status: Status) -> None:
    order = order_in(status)
    assert orders.tell_of_delays(now=now() + late_after()) == 1
    assert Message.objects.get().reference == order.number


def test_a_customer_who_buys_hears_that_we_have_the_order() -> None:
    Customer().paid_order()
    assert told() == ["order_received"]

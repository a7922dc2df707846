"""Staff give money back: never more than is left, once however often they click, and one has the
money or the code.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connections
from django.test import Client
from django.utils.timezone import now

from storefront.accounts.models import User
from storefront.fulfillment.actions import confirming, refunding
from storefront.mail.models import Message
from storefront.orders import actions as orders
from storefront.orders.models import Delivery, Order
from storefront.orders.states import Freeze
from storefront.payments import actions as payments
from storefront.payments.models import Payment, Refund
from storefront.payments.providers import ProviderRefusal, ProviderTrouble
from storefront.payments.states import Status
from storefront.payments.waits import CHECK
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.test_settling import PRICE, ZERO, taken

TWO = Wish(quantity=2)


@pytest.fixture
def ready(bench: Bench) -> Order:
    """Two codes for 21.00; nobody has looked at either."""
    order = bench.paid(TWO)
    bench.tick()
    assert bench.status(order) == "completed"
    return order


def refund(bench: Bench, order: Order, amount: str, token: UUID | None = None) -> None:
    refunding.refund(
        payment_id=bench.payment(order).pk,
        amount=Decimal(amount),
        token=token or uuid4(),
        reason="does not work abroad",
        by="olga",
        now=bench.clock(),
    )


def look(bench: Bench, delivery: Delivery) -> None:
    viewer = orders.Viewer(by="alice", address="::1", user_agent="")
    orders.reveal(deliveries=[delivery], viewer=viewer, channel="page", now=bench.clock())


def test_all_of_it_goes_back_and_unseen_codes_are_locked_for_good(
    bench: Bench, ready: Order
) -> None:
    seen, unseen = Delivery.objects.filter(line__order=ready)
    look(bench, seen)

    refund(bench, ready, "21.00")

    assert taken(bench, ready) == (PRICE * 2, PRICE * 2, ZERO)
    assert bench.status(ready) == "refunded"
    look(bench, seen)
    with pytest.raises(orders.NotReleased):
        look(bench, unseen)
    assert Message.objects.filter(kind="order_refunded").count() == 1


def test_a_part_goes_back_and_the_codes_stay_and_each_part_is_told(
    bench: Bench, ready: Order
) -> None:
    refund(bench, ready, "5.00")
    assert bench.status(ready) == "partially_refunded"
    refund(bench, ready, "1.00")

    assert len(bench.codes(ready)) == 2
    assert Message.objects.filter(kind="order_partly_refunded").count() == 2
    refund(bench, ready, "15.00")
    assert bench.status(ready) == "refunded"
    assert taken(bench, ready)[1] == PRICE * 2


@pytest.mark.parametrize("amount", ["0", "-1", "21.01", "0.001"])
@pytest.mark.fault("F64")
def test_what_is_no_sum_or_too_much_changes_nothing(
    bench: Bench, ready: Order, amount: str
) -> None:
    with pytest.raises((payments.TooMuch, ValueError)):
        refund(bench, ready, amount)
    assert not Refund.objects.exists()
    assert bench.status(ready) == "completed"
    assert len(bench.codes(ready)) == 2


def test_an_order_under_way_moves_its_money_by_itself(bench: Bench) -> None:
    order = bench.paid()
    with pytest.raises(refunding.NotSettled):
        refund(bench, order, "10.50")
    assert not Refund.objects.exists()
    bench.tick()
    assert bench.status(order) == "completed"


@pytest.mark.fault("F63")
def test_one_form_sent_many_times_at_once_is_one_refund(bench: Bench, ready: Order) -> None:
    token = uuid4()

    def click(_: int) -> None:
        try:
            refund(bench, ready, "5.00", token)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as clicks:
        list(clicks.map(click, range(6)))

    assert taken(bench, ready)[1] == Decimal("5.00")
    assert Message.objects.filter(kind="order_partly_refunded").count() == 1


@pytest.mark.fault("F63")
def test_two_colleagues_who_give_all_of_it_back_at_once_give_it_once(
    bench: Bench, ready: Order
) -> None:
    def give(_: int) -> str:
        try:
            refund(bench, ready, "21.00")
        except payments.TooMuch:
            return "too late"
        finally:
            connections.close_all()
        return "given"

    with ThreadPoolExecutor(4) as staff:
        outcomes = list(staff.map(give, range(4)))

    assert outcomes.count("given") == 1
    assert taken(bench, ready)[1] == PRICE * 2
    assert bench.status(ready) == "refunded"


@pytest.mark.parametrize("how", ["before", "after"])
@pytest.mark.fault("F63")
def test_a_refund_whose_answer_is_lost_locks_at_once_and_is_finished_by_the_sweeper(
    bench: Bench, ready: Order, how: str
) -> None:
    bench.till.bad_day(how, kind="refund")
    with pytest.raises(ProviderTrouble):
        refund(bench, ready, "21.00")
    unseen = Delivery.objects.filter(line__order=ready)[0]
    with pytest.raises(orders.NotReleased):
        look(bench, unseen)
    assert bench.status(ready) == "completed"

    bench.clock.now += CHECK
    confirming.tend(payment_id=bench.payment(ready).pk, now=bench.clock())

    assert taken(bench, ready)[1] == PRICE * 2
    assert bench.status(ready) == "refunded"


def test_a_refund_that_is_refused_for_good_gives_the_codes_back(bench: Bench, ready: Order) -> None:
    bench.till.bad_day("refuse", kind="refund")
    with pytest.raises(ProviderRefusal):
        refund(bench, ready, "21.00")

    assert bench.status(ready) == "completed"
    assert bench.payment(ready).left == PRICE * 2
    assert len(bench.codes(ready)) == 2


# The page


def colleague(*rights: str) -> Client:
    user = User.objects.create_user("olga@shop.example", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


def sent(page: str) -> dict[str, str]:
    """The hidden fields of the form."""
    tags = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in tags if name != "csrfmiddlewaretoken"}


def page_of(payment: Payment) -> str:
    return f"/admin/payments/payment/{payment.pk}/refund/"


def follow(client: Client, url: str, **fields: Any) -> Any:
    return client.post(url, fields, follow=True)


def test_staff_see_what_it_would_do_before_they_do_it(bench: Bench, ready: Order) -> None:
    olga, url = colleague("refund_payment", "view_payment"), page_of(bench.payment(ready))
    page = olga.get(url).content.decode()
    assert "$21.00" in page
    fields = sent(page) | {"amount": "21.00", "reason": "not as described"}

    preview = follow(olga, url, **fields).content.decode()
    assert "0 of 2 codes were seen" in preview
    assert "Codes not seen (2) are locked for good" in preview
    assert not Refund.objects.exists(), "nothing was done yet"

    done = follow(olga, url, **fields, seen=sent(preview)["seen"]).content.decode()
    assert "$21.00 were given back" in done
    assert "not as described" in done
    made = Refund.objects.get()
    assert (made.by, made.reason, made.status) == ("olga@shop.example", "not as described", "done")


def test_what_changed_since_staff_looked_is_shown_again(bench: Bench, ready: Order) -> None:
    olga, url = colleague("refund_payment", "view_payment"), page_of(bench.payment(ready))
    fields = sent(olga.get(url).content.decode()) | {"amount": "5.00", "reason": "late"}
    seen = sent(follow(olga, url, **fields).content.decode())["seen"]
    refund(bench, ready, "1.00")

    page = follow(olga, url, **fields, seen=seen).content.decode()

    assert "Something changed since you looked" in page
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("spoiled", [{"amount": "99"}, {"amount": "x"}, {"reason": ""}])
def test_a_form_that_is_wrong_says_why(bench: Bench, ready: Order, spoiled: dict[str, str]) -> None:
    olga, url = colleague("refund_payment", "view_payment"), page_of(bench.payment(ready))
    fields = sent(olga.get(url).content.decode()) | {"amount": "5.00", "reason": "late"}
    page = follow(olga, url, **(fields | {"seen": "21.00"} | spoiled))
    assert "form-error" in page.content.decode()
    assert not Refund.objects.exists()


def test_who_may_read_payments_may_not_give_them_back(bench: Bench, ready: Order) -> None:
    support, url = colleague("view_payment"), page_of(bench.payment(ready))
    assert support.get(url).status_code == 403
    form = {"amount": "5.00", "reason": "x", "token": str(uuid4()), "seen": "21.00"}
    assert support.post(url, form).status_code == 403
    assert not Refund.objects.exists()


@pytest.mark.fault("F60")
def test_money_that_was_paid_wrongly_goes_back_when_staff_say_so(bench: Bench) -> None:
    order = bench.order()
    payment = payments.open_for(order=order, now=bench.clock())
    bench.till.hold("wrong-1", PRICE)
    payments.review(
        payment=payment, reference="wrong-1", summary="paid 1", by="till", now=bench.clock()
    )
    olga = colleague("refund_payment", "view_payment")

    chosen = {"action": "return_wrong", "_selected_action": str(payment.pk)}
    page = follow(olga, "/admin/payments/payment/", **chosen).content.decode()
    assert "goes back within a minute" in page
    payment.refresh_from_db()
    assert payment.status == Status.UNWANTED
    confirming.tend(payment_id=payment.pk, now=now() + CHECK)

    payment.refresh_from_db()
    assert payment.status == Status.VOIDED
    assert bench.till.sum_of("void", "wrong-1") == PRICE


@pytest.mark.fault("F66")
def test_codes_of_a_dispute_that_is_over_are_unlocked_and_those_of_a_refund_never(
    bench: Bench, ready: Order
) -> None:
    olga = colleague("refund_payment", "view_order")
    path = f"/admin/orders/order/{ready.pk}/act/"
    unlock = {"deed": "unlock", "reason": "The bank decided for us."}
    orders.freeze(order=ready, because=Freeze.DISPUTE, by="till", now=bench.clock())
    page = follow(olga, path, **(unlock | {"reason": "?"})).content.decode()
    assert 'data-testid="form-error"' in page, "without a reason nothing is done"
    assert "Unlock the codes: done" in follow(olga, path, **unlock).content.decode()
    assert len(bench.codes(ready)) == 2
    assert ready.events.get(kind="thawed").data == {"reason": "The bank decided for us."}

    refund(bench, ready, "21.00")
    page = follow(olga, path, **unlock).content.decode()
    assert "There is nothing to do about it now" in page
    assert Order.objects.get(pk=ready.pk).frozen_because == Freeze.REFUND

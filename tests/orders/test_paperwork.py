"""The receipt, the refunds, and what the page says while somebody waits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from storefront.orders import actions as orders
from storefront.orders import refunds
from storefront.orders.models import Order
from storefront.orders.states import UNDER_WAY, Status
from storefront.orders.waits import late_after, very_late_after
from storefront.orders.words import late_hint
from tests.shopping import NEVER_PAID, Customer, Elements, bring, hooked, let_in, order_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Customer:
    return Customer()


def note(order: Order, kind: str, amount: str = "4.95", reference: str = "r1") -> None:
    orders.note_refund(
        order_id=order.pk,
        kind=kind,
        reference=reference,
        amount=Decimal(amount),
        by="test",
        now=now(),
    )


@pytest.mark.parametrize("status", Status)
def test_what_was_paid_has_a_receipt_without_codes(alice: Customer, status: Status) -> None:
    order = order_in(status)
    let_in(alice, order)
    if status not in NEVER_PAID:
        bring(order, "KIOSK-CANARY-PIN")
    answer = alice.get(f"/orders/{order.number}/receipt/")
    assert answer.status_code == (404 if status in NEVER_PAID else 200)
    if status in NEVER_PAID:
        return
    text = Elements(answer.content.decode()).text
    assert all(part in text for part in (order.number, "$9.90", order.email))
    assert "CANARY" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert ("not finished" in text) == (status in UNDER_WAY)
    assert Customer().get(f"/orders/{order.number}/receipt/").status_code == 404


def test_a_refund_is_shown_from_its_first_step_to_its_last(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    let_in(alice, order)
    page = f"/orders/{order.number}/"
    assert not hooked(alice.get(page).content.decode(), "refund")
    note(order, refunds.ASKED)
    assert "$4.95 is on its way back to you" in Elements(alice.get(page).content.decode()).text
    note(order, refunds.DONE)
    text = Elements(alice.get(page).content.decode()).text
    assert "$4.95 went back to where you paid from" in text
    assert "on its way back" not in text
    assert "$4.95" in Elements(alice.get(f"{page}receipt/").content.decode()).text


def test_a_refund_the_provider_refuses_is_none(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    note(order, refunds.ASKED)
    note(order, refunds.REFUSED)
    note(order, refunds.ASKED, "1.00", "r2")
    (one,) = refunds.refunds_of(order)
    assert str(one.amount.amount) == "1.00"


@pytest.mark.parametrize("status", sorted(UNDER_WAY - {Status.IN_REVIEW}))
def test_the_words_change_while_somebody_waits(status: Status) -> None:
    assert late_hint(status, waited=timedelta(0)) is None
    late, very_late = (str(late_hint(status, waited=w())) for w in (late_after, very_late_after))
    assert late != very_late


def test_a_person_who_is_at_it_is_not_called_late() -> None:
    for status in (Status.IN_REVIEW, Status.COMPLETED, Status.EXPIRED):
        assert late_hint(status, waited=timedelta(days=9)) is None


def test_what_is_missing_is_on_its_way_or_not_paid_for(alice: Customer) -> None:
    order = order_in(Status.PROCESSING)
    order.lines.update(quantity=3)
    let_in(alice, order)
    bring(order, "PIN-1")
    page = alice.get(f"/orders/{order.number}/").content.decode()
    assert len(hooked(page, "delivery")) == len(hooked(page, "missing")) == 1
    assert "2 on their way" in page
    Order.objects.update(status=Status.PARTIALLY_COMPLETED)
    page = alice.get(f"/orders/{order.number}/").content.decode()
    assert "2 not delivered. You do not pay for them." in page

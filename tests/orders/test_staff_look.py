"""Staff see a code only with a right and for a reason, and the customer reads of it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from storefront.accounts.models import User
from storefront.orders import actions
from storefront.orders.models import Order, OrderEvent, Reveal
from storefront.orders.states import Freeze, Status
from tests.shopping import Customer, bring, hooked, let_in, order_in, reveal_page

pytestmark = pytest.mark.django_db
PIN, REASON = "KIOSK-CANARY-PIN-4712", "The customer reads O as 0."


@pytest.fixture
def order() -> Order:
    return order_in(Status.COMPLETED)


def colleague(name: str, *rights: str) -> Client:
    user = User.objects.create_user(f"{name}@shop.example", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_order", *rights)))
    client = Client()
    client.force_login(user)
    return client


def page(order: Order) -> str:
    return reverse("admin:orders_order_see_code", args=[order.pk])


def ask(client: Client, order: Order, delivery: object, reason: str = REASON) -> Any:
    return client.post(page(order), {"delivery": str(delivery), "reason": reason})


def test_a_code_is_seen_for_a_reason_and_written_down(order: Order) -> None:
    delivery = bring(order, PIN)
    sam = colleague("sam", "see_code")
    assert PIN not in sam.get(page(order)).content.decode()

    answer = ask(sam, order, delivery.pk)
    assert PIN in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    event = OrderEvent.objects.get(kind="staff-look")
    assert (event.by, event.data["delivery"]) == ("sam@shop.example", str(delivery.pk))
    assert (event.data["reason"], event.data["address"]) == (REASON, "127.0.0.1")
    assert PIN not in sam.get(page(order)).content.decode(), "nor afterwards"


def test_the_customer_reads_that_staff_looked(order: Order) -> None:
    delivery, alice = bring(order, PIN), Customer()
    let_in(alice, order)
    assert not hooked(alice.get(order.get_absolute_url()).content.decode(), "staff-looked")
    ask(colleague("sam", "see_code"), order, delivery.pk)
    shown = alice.get(order.get_absolute_url()).content.decode()
    assert len(hooked(shown, "staff-looked")) == 1
    assert REASON not in shown
    assert "sam@" not in shown


def test_without_the_right_or_a_reason_nothing_is_shown(order: Order) -> None:
    delivery = bring(order, PIN)
    refused = ask(colleague("mallory"), order, delivery.pk)
    assert refused.status_code == 403
    sam = colleague("sam", "see_code")
    for wrong in (ask(sam, order, delivery.pk, "because"), ask(sam, order, "nothing")):
        assert PIN not in wrong.content.decode()
    assert not OrderEvent.objects.filter(kind="staff-look").exists()


def test_a_code_of_another_order_is_not_to_be_had_here(order: Order) -> None:
    bobs = bring(order_in(Status.COMPLETED, email="bob@example.com"), PIN)
    answer = ask(colleague("sam", "see_code"), order, bobs.pk)
    assert PIN not in answer.content.decode()
    assert not OrderEvent.objects.filter(kind="staff-look").exists()


def test_what_waits_for_its_money_is_seen_by_nobody(order: Order) -> None:
    delivery = bring(order, PIN, released=False)
    answer = ask(colleague("sam", "see_code"), order, delivery.pk)
    assert PIN not in answer.content.decode()
    assert "Nothing was shown" in answer.content.decode()
    assert not OrderEvent.objects.filter(kind="staff-look").exists()


def test_a_look_of_staff_opens_a_locked_code_to_no_customer(order: Order) -> None:
    delivery, alice = bring(order, PIN), Customer()
    let_in(alice, order)
    sam = colleague("sam", "see_code")
    ask(sam, order, delivery.pk)
    actions.freeze(order=order, because=Freeze.DISPUTE, by="stripe", now=now())

    assert PIN in ask(sam, order, delivery.pk).content.decode()
    assert alice.post(reveal_page(order, delivery)).status_code == 404
    assert not Reveal.objects.exists()


def test_a_stolen_session_sees_few_codes(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storefront.orders.admin_codes.MOST", 2)
    delivery, sam = bring(order, PIN), colleague("sam", "see_code")
    answers = [ask(sam, order, delivery.pk).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert OrderEvent.objects.filter(kind="staff-look").count() == 2

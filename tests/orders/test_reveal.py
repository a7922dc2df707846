"""Showing a code: on request only, to whom it belongs, and written down before it leaves."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import override_settings

from storefront.accounts.models import User
from storefront.cases.models import Case
from storefront.orders.models import Delivery, Order, Reveal
from storefront.orders.states import Status
from tests.shopping import Customer, bring, hooked, let_in, order_in, reveal_page

pytestmark = pytest.mark.django_db

PIN = "KIOSK-CANARY-PIN-4711"
SERIAL = "SN-" + PIN


@pytest.fixture
def alice() -> Customer:
    return Customer()


@pytest.fixture
def order(alice: Customer) -> Order:
    order = order_in(Status.COMPLETED)
    let_in(alice, order)
    return order


def test_a_code_is_on_no_page_until_it_is_asked_for(alice: Customer, order: Order) -> None:
    delivery = bring(order, PIN)
    for headers in ({}, {"hx-request": "true"}):
        page = alice.get(f"/orders/{order.number}/", headers=headers).content.decode()
        assert PIN not in page
        assert hooked(page, "reveal")
        assert not hooked(page, "code")
    shown = alice.post(reveal_page(order, delivery))
    (row,) = hooked(shown.content.decode(), "code")
    assert row["id"] == f"code-{delivery.pk}"
    for text in (PIN, SERIAL, "2028-01-31"):
        assert text in shown.content.decode()
    assert PIN not in alice.get(f"/orders/{order.number}/").content.decode(), "nor afterwards"


def test_only_what_was_asked_for_is_shown(alice: Customer, order: Order) -> None:
    bring(order, "FIRST-PIN", "SECOND-PIN")
    first, second = Delivery.objects.order_by("index")
    page = alice.post(reveal_page(order, first)).content.decode()
    assert "FIRST-PIN" in page
    assert "SECOND-PIN" not in page
    assert len(hooked(page, "reveal")) == 1
    assert hooked(page, "reveal")[0]["id"] == f"reveal-{second.pk}"


def test_a_look_is_written_with_who_when_and_from_where(alice: Customer, order: Order) -> None:
    delivery = bring(order, PIN)
    alice.post(reveal_page(order, delivery), headers={"user-agent": "Browser/1.0"})
    (look,) = Reveal.objects.all()
    assert (look.delivery, look.by, look.address) == (delivery, "guest", "127.0.0.1")
    assert look.channel == "page"
    assert look.user_agent == "Browser/1.0"
    alice.post(reveal_page(order, delivery))
    assert Reveal.objects.count() == 2, "each look"
    assert "Shown before" in alice.get(f"/orders/{order.number}/").content.decode()


def test_a_look_names_the_account_however_long_its_address(alice: Customer, order: Order) -> None:
    delivery = bring(order, PIN)
    owner = User.objects.create_user("a" * 240 + "@example.com")
    Order.objects.filter(pk=order.pk).update(user=owner)
    alice.force_login(owner)
    assert alice.post(reveal_page(order, delivery)).status_code == 200
    assert Reveal.objects.get().by == f"customer {owner.pk}"


@pytest.mark.parametrize("agent", ["", "x" * 5000, "\0", "я" * 300, "\x7f\xff"])
def test_whatever_a_browser_calls_itself_the_look_is_written(
    alice: Customer, order: Order, agent: str
) -> None:
    delivery = bring(order, PIN)
    answer = alice.post(reveal_page(order, delivery), headers={"user-agent": agent})
    assert answer.status_code == 200
    assert len(Reveal.objects.get().user_agent) <= 200


def test_looking_is_a_post_and_nothing_else(alice: Customer, order: Order) -> None:
    delivery = bring(order, PIN)
    for ask in (alice.get, alice.head, alice.options, alice.put, alice.delete, alice.patch):
        answer = ask(reveal_page(order, delivery))
        assert answer.status_code == 405
        assert PIN.encode() not in answer.content
    assert not Reveal.objects.exists()


def test_f104_another_orders_delivery_is_not_there(alice: Customer, order: Order) -> None:
    bring(order, "ALICE-PIN")
    foreign = order_in(Status.COMPLETED)
    theirs = bring(foreign, PIN)
    absent = alice.post(reveal_page(order, uuid4()))
    for path in (reveal_page(order, theirs), reveal_page(foreign, theirs)):
        answer = alice.post(path)
        assert answer.status_code == 404
        assert answer.content == absent.content
    assert not Reveal.objects.exists()


def test_a_delivery_whose_money_is_not_ours_yet_is_not_there(alice: Customer) -> None:
    order = order_in(Status.PROCESSING)
    let_in(alice, order)
    delivery = bring(order, PIN, released=False)
    absent = alice.post(reveal_page(order, uuid4()))
    answer = alice.post(reveal_page(order, delivery))
    assert (answer.status_code, answer.content) == (404, absent.content)
    assert not hooked(alice.get(f"/orders/{order.number}/").content.decode(), "delivery")
    assert not Reveal.objects.exists()


def other_keys(delivery: Delivery) -> Any:
    return override_settings(PIN_KEYS=(bytes(range(100, 132)),))


def pasted(delivery: Delivery) -> Any:
    """Somebody with the database copied another order's ciphertext into this row."""
    other = bring(order_in(Status.COMPLETED), "ANOTHER-PIN")
    Delivery.objects.filter(pk=delivery.pk).update(sealed=other.sealed)
    return override_settings()


def damaged(delivery: Delivery) -> Any:
    sealed = bytes(delivery.sealed)
    Delivery.objects.filter(pk=delivery.pk).update(sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    return override_settings()


@pytest.mark.parametrize("vault", [other_keys, pasted, damaged])
def test_a_vault_that_does_not_open_shows_no_code_but_the_look_and_a_case(
    order: Order, vault: Any
) -> None:
    alice = Customer(raise_request_exception=False)
    let_in(alice, order)
    delivery = bring(order, PIN)
    with vault(delivery):
        answer = alice.post(reveal_page(order, delivery))
    assert answer.status_code == 500
    assert b"PIN" not in answer.content
    assert Reveal.objects.filter(delivery=delivery).count() == 1, "written before the vault opens"
    case = Case.objects.get()
    assert (case.kind, case.subject) == ("unreadable-code", order.number)
    assert PIN not in case.summary


def test_without_the_look_written_nothing_is_opened(alice: Customer, order: Order) -> None:
    delivery = bring(order, PIN)
    alice.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute(
            "alter table orders_reveal add constraint disk_full check (user_agent = 'never')"
        )
    answer = alice.post(reveal_page(order, delivery))
    assert answer.status_code == 500
    assert PIN.encode() not in answer.content


def test_the_answer_is_kept_nowhere_and_told_to_nobody(alice: Customer, order: Order) -> None:
    delivery = bring(order, PIN)
    for answer in (alice.get(f"/orders/{order.number}/"), alice.post(reveal_page(order, delivery))):
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        # Not `no-referrer`: with it, browsers send forms with `Origin: null`.
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
        assert 'hx-history="false"' in answer.content.decode()


def test_a_code_is_escaped_like_any_other_text(alice: Customer, order: Order) -> None:
    nasty = '<script>alert("1")</script>'
    page = alice.post(reveal_page(order, bring(order, nasty))).content.decode()
    assert nasty not in page
    assert "&lt;script&gt;" in page.replace("<span>", "").replace("</span>", "")


def test_a_code_is_sealed_in_the_database(order: Order) -> None:
    bring(order, PIN)
    with connection.cursor() as cursor:
        cursor.execute("select orders_delivery::text from orders_delivery")
        (dump,) = cursor.fetchone()
    for secret in (PIN, SERIAL, PIN.encode().hex(), "2028-01-31"):
        assert secret not in dump

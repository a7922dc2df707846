"""Signing in: a code by mail, for whoever reads that mail, in the browser that asked for it."""

import json
from datetime import timedelta

import pytest
from django.conf import settings as shop
from django.utils.timezone import now
from pytest_django import Settings

from storefront.accounts.actions import LIFETIME, MOST_GUESSES
from storefront.accounts.models import SignInCode, User
from storefront.core.sealed import open_sealed
from storefront.mail.models import Message
from storefront.orders.models import Order
from storefront.orders.states import Status
from tests.shopping import Answer, Customer, bring, hooked, let_in, order_in, reveal_page, stock

pytestmark = pytest.mark.django_db

ASK, CODE, ACCOUNT = "/account/sign-in/", "/account/code/", "/account/"
SESSION = shop.SESSION_COOKIE_NAME


@pytest.fixture(autouse=True)
def _real_waits(settings: Settings) -> None:
    settings.WAIT_SCALE = 1.0


def ask(customer: Customer, email: str = "alice@example.com") -> Answer:
    return customer.post(ASK, {"email": email})


def mailed(email: str = "alice@example.com") -> str:
    """The code in the newest mail to this address."""
    message = Message.objects.filter(kind="sign_in", to=email).latest("created_at")
    secrets = open_sealed(message.sealed, context=message.seal_context)
    return str(json.loads(secrets.reveal())["code"])


def enter(customer: Customer, code: str) -> Answer:
    return customer.post(CODE, {"code": code})


def is_in(customer: Customer) -> bool:
    return bool(customer.get(ACCOUNT).status_code == 200)


def sign_in(customer: Customer, email: str = "alice@example.com") -> Customer:
    assert ask(customer, email).status_code == 302
    assert enter(customer, mailed(email)).status_code == 302
    return customer


def test_the_code_from_the_mail_opens_an_account_that_it_makes() -> None:
    alice = Customer()
    assert alice.get(ACCOUNT)["Location"] == ASK
    assert ask(alice, "Alice@Example.com")["Location"] == CODE
    code = mailed()
    assert enter(alice, f"{code[:3]} {code[3:]}")["Location"] == ACCOUNT
    assert "alice@example.com" in alice.get(ACCOUNT).content.decode()
    user = User.objects.get()
    assert not user.has_usable_password()
    assert not user.is_staff
    sign_in(Customer())
    assert User.objects.count() == 1


def test_f106_an_address_with_an_account_is_answered_like_any_other() -> None:
    User.objects.create_user("alice@example.com")
    known, unknown = ask(Customer()), ask(Customer(), "bob@example.com")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_f106_five_guesses_end_a_code_also_for_who_has_it() -> None:
    alice = Customer()
    ask(alice)
    code = mailed()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(MOST_GUESSES):
        assert enter(alice, wrong).status_code == 400
    assert enter(alice, code).status_code == 400
    assert not is_in(alice)
    assert not User.objects.exists()
    assert is_in(sign_in(alice)), "but not for good"


def test_f106_one_address_is_sent_five_codes_an_hour_and_one_client_asks_twenty_times() -> None:
    assert [ask(Customer(REMOTE_ADDR=f"203.0.113.{n}")).status_code for n in range(6)] == [
        *[302] * 5,
        429,
    ]
    mallory = [ask(Customer(), f"{n}@example.com").status_code for n in range(21)]
    assert mallory == [302] * 20 + [429]
    assert Message.objects.filter(kind="sign_in").count() == 25


def test_a_code_is_good_once_for_ten_minutes_in_the_browser_that_asked() -> None:
    alice, mallory = Customer(), Customer()
    ask(alice)
    code = mailed()
    assert enter(mallory, code)["Location"] == ASK
    ask(mallory, "mallory@example.com")
    assert enter(mallory, code).status_code == 400
    assert enter(alice, code).status_code == 302
    again = Customer()
    again.cookies[SESSION] = mallory.cookies[SESSION].value
    assert not is_in(again)

    late = Customer()
    ask(late)
    SignInCode.objects.update(expires_at=now() - timedelta(seconds=1))
    assert enter(late, mailed()).status_code == 400
    assert timedelta(minutes=10) == LIFETIME


def test_no_code_opens_an_account_of_staff_or_one_that_is_closed() -> None:
    User.objects.create_superuser("olga@example.com")
    User.objects.create_user("gone@example.com", is_active=False)
    for email in ("olga@example.com", "gone@example.com"):
        visitor = Customer()
        ask(visitor, email)
        assert enter(visitor, mailed(email)).status_code == 400
        assert not is_in(visitor)
        assert visitor.get("/admin/").status_code == 302


def test_f107_the_session_gets_a_new_key_and_keeps_cart_and_orders() -> None:
    alice = Customer()
    bought = alice.paid_order(email="someone@example.com")
    alice.add(stock("Steam"))
    planted = alice.cookies[SESSION].value
    sign_in(alice)
    assert alice.cookies[SESSION].value != planted
    assert len(alice.get("/cart/").context["cart"].lines) == 1
    assert alice.get(f"/orders/{bought.number}/").status_code == 200
    mallory = Customer()
    mallory.cookies[SESSION] = planted
    assert not is_in(mallory)


def test_what_a_guest_bought_with_the_address_joins_and_nothing_else() -> None:
    mine = order_in(Status.COMPLETED, email="ALICE@example.com")
    bobs = order_in(Status.COMPLETED, email="bob@example.com")
    owned = order_in(Status.COMPLETED)
    carol = User.objects.create_user("carol@example.com")
    Order.objects.filter(pk=owned.pk).update(user=carol)
    alice = sign_in(Customer())
    page = alice.get(ACCOUNT).content.decode()
    assert len(hooked(page, "account-order")) == 1
    assert mine.number in page
    for other in (bobs, owned):
        assert other.number not in page
        assert alice.get(f"/orders/{other.number}/").status_code == 404
    assert alice.get(f"/orders/{mine.number}/").status_code == 200
    assert mine.events.get().kind == "joined"
    owned.refresh_from_db()
    assert owned.user == carol


def test_every_look_at_a_code_is_on_the_page_with_when_and_from_where() -> None:
    order = order_in(Status.COMPLETED)
    delivery = bring(order, "KIOSK-CANARY-PIN")
    guest = Customer(REMOTE_ADDR="203.0.113.7")
    let_in(guest, order)
    guest.post(reveal_page(order, delivery), headers={"user-agent": "Browser/1.0"})
    page = sign_in(Customer()).get(ACCOUNT).content.decode()
    assert len(hooked(page, "look")) == 1
    assert "203.0.113.7" in page
    assert "Browser/1.0" in page
    assert "CANARY" not in page


def test_signing_out_ends_the_session_with_all_it_could_see() -> None:
    alice = Customer()
    order = alice.paid_order()
    sign_in(alice)
    assert alice.get("/account/sign-out/").status_code == 405
    assert alice.post("/account/sign-out/").status_code == 302
    assert not is_in(alice)
    assert alice.get(f"/orders/{order.number}/").status_code == 404


@pytest.mark.parametrize("code", ["", "x", "12345", "1234567", "' or 1=1", "٠" * 6, "%00"])
def test_nonsense_is_no_code(code: str) -> None:
    alice = Customer()
    ask(alice)
    assert enter(alice, code).status_code == 400
    assert not is_in(alice)


def test_only_a_keyed_hash_of_a_code_is_kept_and_old_ones_go() -> None:
    ask(Customer())
    row = SignInCode.objects.get()
    assert mailed().encode() not in bytes(row.code_hash)
    assert mailed() not in str(row)
    SignInCode.objects.update(created_at=now() - timedelta(days=2))
    ask(Customer())
    assert SignInCode.objects.count() == 1


def test_the_pages_are_written_in_russian_and_so_is_the_mail() -> None:
    alice = Customer()
    assert "Войти" in alice.get("/ru/account/sign-in/").content.decode()
    assert alice.post("/ru/account/sign-in/", {"email": "a@example.com"})["Location"].startswith(
        "/ru/"
    )
    assert Message.objects.get(kind="sign_in").locale == "ru"

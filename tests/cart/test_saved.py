"""What one had in the cart before signing in, and on another device, is in one cart afterwards."""

from typing import Any

import pytest

from storefront.cart.models import SavedCart
from storefront.catalog.models import Sku
from tests.customers.test_signing_in import enter, mailed, sign_in
from tests.shopping import Customer, payment_behind, stock

pytestmark = pytest.mark.django_db


def cart(customer: Customer) -> dict[Any, int]:
    lines = customer.get("/cart/").context["cart"].lines
    return {line.offer.sku: line.quantity for line in lines}


@pytest.fixture
def cards() -> list[Sku]:
    return [stock("Apple"), stock("Steam"), stock("Xbox")]


def test_the_strangers_cart_joins_the_customers(cards: list[Sku]) -> None:
    apple, steam, xbox = cards
    phone, desk = Customer(), Customer()
    sign_in(phone)
    phone.add(apple, 2)
    phone.add(steam, 1)
    desk.add(steam, 3)
    desk.add(xbox, 1)
    sign_in(desk)
    assert cart(desk) == cart(phone) == {apple: 2, steam: 3, xbox: 1}
    assert desk.get("/").context["cart_count"] == 6
    assert "cart" not in desk.session, "it is kept in one place"


def test_what_is_changed_on_one_device_is_changed_on_the_other(cards: list[Sku]) -> None:
    apple, steam, _ = cards
    phone, desk = sign_in(Customer()), sign_in(Customer())
    phone.add(apple, 2)
    desk.add(steam)
    desk.post(f"/cart/{apple.pk}/", {"quantity": 5})
    assert cart(phone) == {apple: 5, steam: 1}
    phone.post(f"/cart/{apple.pk}/remove/")
    assert cart(desk) == {steam: 1}
    assert payment_behind(desk.check_out()).order.lines.count() == 1
    assert cart(phone) == {}, "it became an order"


def test_after_signing_out_the_cart_waits_for_its_owner(cards: list[Sku]) -> None:
    alice = sign_in(Customer())
    alice.add(cards[0])
    alice.post("/account/sign-out/")
    assert cart(alice) == {}
    assert cart(sign_in(alice)) == {cards[0]: 1}


def test_a_cart_is_nobody_elses(cards: list[Sku]) -> None:
    sign_in(Customer()).add(cards[0])
    mallory = sign_in(Customer(), "mallory@example.com")
    assert cart(mallory) == {}
    assert SavedCart.objects.count() == 1


@pytest.mark.fault("F107")
def test_signing_in_gives_the_session_a_new_key_and_the_old_one_no_cart(cards: list[Sku]) -> None:
    alice = Customer()
    alice.add(cards[0])
    alice.post("/account/sign-in/", {"email": "alice@example.com"})
    thief = Customer()
    thief.cookies["session"] = before = alice.cookies["session"].value
    enter(alice, mailed())
    assert alice.cookies["session"].value != before
    assert cart(alice) == {cards[0]: 1}
    assert cart(thief) == {}


@pytest.mark.parametrize(
    "lines",
    [{"x": {}}, {"x": None}, {"00000000-0000-0000-0000-000000000001": [1, "9.90"]},
     {"00000000-0000-0000-0000-000000000001": {"sku": "x", "quantity": 1, "price": "1", "at": ""}}],
)  # fmt: skip
def test_a_cart_that_cannot_be_read_is_an_empty_one(lines: dict[str, Any]) -> None:
    alice = sign_in(Customer())
    SavedCart.objects.create(user_id=alice.session["_auth_user_id"], lines=lines)
    assert cart(alice) == {}
    assert alice.get("/").context["cart_count"] == 0

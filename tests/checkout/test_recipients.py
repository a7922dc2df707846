"""Goods for somebody's number or account: asked for, checked, read back, told to the partner."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils.timezone import now

from storefront.cart.session import entries
from storefront.catalog.models import Sku
from storefront.mail.models import Message
from storefront.orders import actions as orders
from storefront.orders.goods import Goods
from storefront.orders.models import Order, OrderLine
from storefront.orders.states import Status
from tests.shopping import (
    CONSENTS,
    Answer,
    Customer,
    Elements,
    complaints,
    fields_of,
    hooked,
    payment_behind,
    stock,
)

pytestmark = pytest.mark.django_db

PHONE = {"code": "phone", "label": "Phone", "type": "tel", "pattern": r"\+971\d{9}"}
SERVER = {"code": "server", "label": "Server", "options": [["eu", "Europe"], ["as", "Asia"]]}
NICK = {"code": "nick", "label": "Nickname", "required": False, "maximum": 5}


@pytest.fixture
def alice() -> Customer:
    return Customer()


def recharge(*fields: dict[str, Any], name: str = "Du", **columns: Any) -> Sku:
    """A recharge in the Emirates that asks for these."""
    product = {
        "type": "recharge_fixed",
        "recipient": "asked",
        "country": "AE",
        "fields": {"en": list(fields), "ru": list(fields)},
    }
    return stock(name, product=product, **columns)


def send(customer: Customer, page: Answer | None = None, **typed: Any) -> Answer:
    """Send the form of the page (the checkout's, unless told) with what was typed."""
    shown = fields_of((page or customer.get("/checkout/")).content.decode())
    known = {} if page else {"email": "alice@example.com", **CONSENTS}
    return customer.post("/checkout/", {**shown, **known, **typed})


def read_back(answer: Answer) -> list[str]:
    assert answer.status_code == 200
    assert hooked(answer.content.decode(), "checkout-review")
    return Elements(answer.content.decode()).text.split(" ")


def test_each_field_is_asked_by_its_code_and_read_back_before_it_is_paid_for(
    alice: Customer,
) -> None:
    alice.add(recharge(PHONE, SERVER, NICK))
    page = alice.get("/checkout/").content.decode()
    assert hooked(page, "checkout-field-phone")[0]["type"] == "tel"
    assert hooked(page, "checkout-field-server")
    assert hooked(page, "checkout-field-nick")

    typed = {"field-1-phone": "050 123-45 67", "field-1-server": "eu"}
    review = send(alice, **typed)
    words = Elements(review.content.decode()).text
    assert not Order.objects.exists()
    assert "+971 501 234 567" in words
    assert "Europe" in words
    assert "Du" in words

    order = payment_behind(send(alice, review)).order
    assert order.lines.get().fields == {"phone": "+971501234567", "server": "eu"}


def test_what_changes_after_it_was_read_back_is_read_back_again(alice: Customer) -> None:
    alice.add(recharge(PHONE))
    review = send(alice, **{"field-1-phone": "+971501234567"})
    swapped = send(alice, review, **{"field-1-phone": "+971501234568"})
    assert "+971 501 234 568" in Elements(swapped.content.decode()).text
    assert not Order.objects.exists()


def test_one_can_go_back_and_change_it(alice: Customer) -> None:
    alice.add(recharge(PHONE))
    review = send(alice, **{"field-1-phone": "0501234567"})
    again = send(alice, review, change="1")
    (field,) = hooked(again.content.decode(), "checkout-field-phone")
    assert (again.status_code, field["value"], complaints(again)) == (200, "0501234567", 0)
    boxes = hooked(again.content.decode(), "checkout-consent")
    assert all("checked" in box for box in boxes), "they were ticked by the customer"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+971501234567", "+971501234567"),
        ("00971 50 123 4567", "+971501234567"),
        ("971501234567", "+971501234567"),
        ("(050) 123-4567", "+971501234567"),
        ("501234567", "+971501234567"),
    ],
)
def test_a_number_is_understood_as_people_write_it(
    alice: Customer, typed: str, number: str
) -> None:
    alice.add(recharge(PHONE))
    payment_behind(send(alice, send(alice, **{"field-1-phone": typed})))
    assert OrderLine.objects.get().fields == {"phone": number}


@pytest.mark.parametrize(
    ("pattern", "told"),
    [(r"^\+?971\d{7,11}$", "+971501234567"), (r"971\d{9}", "971501234567"),
     (r"\d{9}", "501234567"), (r"0\d{9}", "0501234567"), (None, "+971501234567")],
)  # fmt: skip
def test_a_number_is_told_as_the_partner_wants_it(
    alice: Customer, pattern: str | None, told: str
) -> None:
    alice.add(recharge(PHONE | {"pattern": pattern}))
    payment_behind(send(alice, send(alice, **{"field-1-phone": "050 1234567"})))
    assert OrderLine.objects.get().fields == {"phone": told}


@pytest.mark.parametrize(
    ("country", "typed", "number"),
    [("TR", "0532 123 45 67", "+905321234567"), ("KZ", "8 701 123 45 67", "+77011234567"),
     ("KZ", "7011234567", "+77011234567"), ("IT", "06 1234 5678", "+390612345678")],
)  # fmt: skip
def test_the_country_beside_a_number_says_what_it_means(
    alice: Customer, country: str, typed: str, number: str
) -> None:
    alice.add(recharge(PHONE | {"pattern": None}))
    given = {"field-1-phone": typed, "field-1-phone--country": country}
    payment_behind(send(alice, send(alice, **given)))
    assert OrderLine.objects.get().fields == {"phone": number}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"field-1-phone": ""}, "Give the phone number"),
    ({"field-1-phone": "call me"}, "This is no phone number"),
    ({"field-1-phone": "１２３４５６７８９"}, "This is no phone number"),
    ({"field-1-phone": "050 123 4567; drop"}, "This is no phone number"),
    ({"field-1-phone": "+4915112345678"}, "can't be topped up here: +49 15"),
    ({"field-1-phone": "0" * 300}, "at most 200"),
    ({"field-1-phone--country": "ZZ"}, "Select a valid choice"),
    ({"field-1-server": ""}, "Choose one of the list"),
    ({"field-1-server": "north"}, "Choose one of the list"),
    ({"field-1-server": ["eu", "north"]}, "Choose one of the list"),
    ({"field-1-nick": "too long"}, "at most 5 characters"),
    ({"field-1-nick": "a\u202eb"}, "nobody can read"),
]


@pytest.mark.fault("F102")
@pytest.mark.parametrize(("typed", "words"), WRONG)
def test_what_the_partner_would_refuse_is_refused_before_the_payment(
    alice: Customer, typed: dict[str, Any], words: str
) -> None:
    alice.add(recharge(PHONE, SERVER, NICK))
    right = {"field-1-phone": "+971501234567", "field-1-server": "eu"}
    answer = send(alice, **(right | typed))
    assert (answer.status_code, complaints(answer)) == (400, 1)
    assert words in Elements(answer.content.decode()).text
    assert not Order.objects.exists()


@pytest.mark.fault("F102")
@pytest.mark.parametrize("name", ["field-1-amount", "field-1-quantity", "field-2-phone", "price"])
def test_a_field_that_was_not_asked_for_is_refused(alice: Customer, name: str) -> None:
    alice.add(recharge(PHONE))
    answer = send(alice, **{"field-1-phone": "+971501234567", name: "1"})
    assert answer.status_code == 400
    assert not Order.objects.exists()


@pytest.mark.fault("F102")
def test_what_is_asked_can_not_be_left_out(alice: Customer) -> None:
    alice.add(recharge(PHONE))
    assert send(alice).status_code == 400
    assert not Order.objects.exists()


def test_two_people_get_the_same_recharge_in_two_lines(alice: Customer) -> None:
    du = recharge(PHONE)
    alice.add(du)
    alice.add(du)
    typed = {"field-1-phone": "+971501111111", "field-2-phone": "+971502222222"}
    review = send(alice, **typed)
    payment_behind(send(alice, review))
    numbers = {line.fields["phone"] for line in OrderLine.objects.all()}
    assert numbers == set(typed.values())


def test_what_was_typed_is_there_when_one_comes_back_from_the_cart(alice: Customer) -> None:
    alice.add(recharge(PHONE))
    send(alice, **{"field-1-phone": "0501234567"})
    (field,) = hooked(alice.get("/checkout/").content.decode(), "checkout-field-phone")
    assert field["value"] == "+971501234567"
    (entry,) = entries(alice.session)
    assert entry.fields == {"phone": "+971501234567"}


def test_a_mistyped_address_is_asked_about_and_never_refused(alice: Customer) -> None:
    alice.add(stock())
    asked = send(alice, email="alice@gmial.com")
    assert "Did you mean alice@gmail.com" in Elements(asked.content.decode()).text
    assert payment_behind(send(alice, asked)).order.email == "alice@gmial.com"


def test_a_mistyped_address_is_corrected_by_a_button(alice: Customer) -> None:
    alice.add(stock())
    corrected = send(alice, send(alice, email="alice@gmial.com"), correct="1")
    (field,) = hooked(corrected.content.decode(), "checkout-email")
    assert field["value"] == "alice@gmail.com"


def test_scripts_show_the_hint_as_one_types_and_then_one_click_is_enough(alice: Customer) -> None:
    alice.add(stock())
    headers = {"HX-Request": "true", "HX-Trigger-Name": "email"}
    shown = fields_of(alice.get("/checkout/").content.decode())
    part = alice.post("/checkout/", {"email": "alice@gmial.com"}, headers=headers)
    assert "alice@gmail.com" in part.content.decode()
    assert "<html" not in part.content.decode()
    typed = {**shown, **fields_of(part.content.decode()), **CONSENTS}
    answer = alice.post("/checkout/", {**typed, "email": "alice@gmial.com"})
    assert payment_behind(answer).order.email == "alice@gmial.com"


def test_the_order_and_its_mails_say_whom_it_is_for_and_not_all_of_it(alice: Customer) -> None:
    alice.add(recharge(PHONE, SERVER))
    review = send(alice, **{"field-1-phone": "+971501234567", "field-1-server": "eu"})
    payment = payment_behind(send(alice, review))
    alice.decide(payment)

    page = alice.get(payment.order.get_absolute_url()).content.decode()
    words = Elements(page).text
    assert len(hooked(page, "recipient")) == 2
    assert "+97•••67" in words
    assert "Europe" in words
    assert "501234567" not in page
    mail = Message.objects.get(kind="order_received")
    assert mail.context["order"]["lines"][0]["recipient"] == "+97•••67, Europe"


def test_what_went_straight_to_somebody_has_no_code_to_show(alice: Customer) -> None:
    alice.add(recharge(PHONE))
    review = send(alice, **{"field-1-phone": "+971501234567"})
    order = payment_behind(send(alice, review)).order
    orders.deliver(line=order.lines.get(), source=uuid4(), goods=[Goods()], now=now())
    orders.release(order=order, now=now())
    Order.objects.filter(pk=order.pk).update(status=Status.COMPLETED, paid_at=now())

    page = alice.get(order.get_absolute_url()).content.decode()

    assert "There is no code to enter" in page
    assert "There is no code to type in" in page
    assert "Show the code" not in page

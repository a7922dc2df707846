"""What a visitor may ask of the cart, and what a tampered form gets."""

from typing import Any
from uuid import UUID

import pytest

from storefront.cart.session import MOST_LINES
from storefront.catalog.models import Product, Sku
from tests.shopping import Customer, complaints, stock

pytestmark = pytest.mark.django_db

TAMPERED: list[Any] = [
    "-1", "0", "1.5", "1e9", "1_0", "+2", "１", "٣", "²", "0x1", "NaN", "True", "", " ", "1 2",
    "\0", str(2**31), str(2**63), "9" * 5000, "11", ["1", "1"], ["2", "-1"],
]  # fmt: skip


@pytest.fixture
def alice() -> Customer:
    return Customer()


def kept(customer: Customer) -> dict[str, tuple[int, str]]:
    """The cart as the session keeps it: quantities and prices by SKU."""
    lines = customer.session.get("cart", {}).values()
    return {line["sku"]: (line["quantity"], line["price"]) for line in lines}


def test_what_is_added_is_in_the_cart_at_the_servers_price(alice: Customer) -> None:
    apple = stock()
    answer = alice.add(apple, 2)
    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert kept(alice) == {str(apple.pk): (2, "9.9000")}
    (line,) = alice.get("/cart/").context["cart"].lines
    assert (line.quantity, str(line.total.amount)) == (2, "19.80")


@pytest.mark.fault("F102")
@pytest.mark.parametrize(
    "put_in",
    [{"price": "0.01"}, {"unit_price": "0.01"}, {"currency": "IDR"}, {"amount": "0.01"},
     {"shown_price": "0.01"}, {"max_per_order": "99"}, {"sku_id": "x"}],
)  # fmt: skip
def test_what_the_form_did_not_ask_for_is_refused(alice: Customer, put_in: dict[str, str]) -> None:
    apple = stock()
    added = alice.post("/cart/add/", {"sku": apple.pk, "quantity": "2"} | put_in)
    assert (added.status_code, kept(alice)) == (400, {})
    assert complaints(added)
    alice.add(apple, 3)
    changed = alice.post(f"/cart/{apple.pk}/", {"quantity": "2"} | put_in)
    assert (changed.status_code, kept(alice)) == (400, {str(apple.pk): (3, "9.9000")})


@pytest.mark.fault("F102")
@pytest.mark.parametrize("quantity", TAMPERED)
def test_f102_a_tampered_quantity_is_refused_in_words(alice: Customer, quantity: Any) -> None:
    answer = alice.add(stock(), quantity)
    assert answer.status_code == 400
    assert complaints(answer)
    assert kept(alice) == {}


def test_f102_a_missing_quantity_or_sku_is_refused(alice: Customer) -> None:
    apple = stock()
    for sent in ({"sku": apple.pk}, {"sku": apple.pk, "quantity[]": "1"}, {"quantity": "1"}, {}):
        answer = alice.post("/cart/add/", sent)
        assert answer.status_code == 400
        assert complaints(answer)
    assert kept(alice) == {}


@pytest.mark.parametrize("quantity", TAMPERED)
def test_f102_a_tampered_change_leaves_the_cart_as_it_was(alice: Customer, quantity: Any) -> None:
    apple = stock()
    alice.add(apple, 3)
    answer = alice.post(f"/cart/{apple.pk}/", {"quantity": quantity})
    assert answer.status_code == 400
    assert complaints(answer)
    assert kept(alice) == {str(apple.pk): (3, "9.9000")}


@pytest.mark.parametrize("sku", [str(UUID(int=7)), "", "1", "' OR 1=1 --", "\0", "[]", "x" * 9000])
def test_an_unknown_sku_is_refused(alice: Customer, sku: str) -> None:
    stock()
    answer = alice.post("/cart/add/", {"sku": sku, "quantity": "1"})
    assert answer.status_code == 400
    assert complaints(answer)
    assert kept(alice) == {}


def test_two_skus_at_once_are_refused(alice: Customer) -> None:
    skus = [stock("Apple").pk, stock("Steam").pk]
    assert alice.post("/cart/add/", {"sku": skus, "quantity": "1"}).status_code == 400
    assert kept(alice) == {}


NOT_FOR_SALE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "hidden SKU": ({}, {"is_hidden": True}),
    "hidden product": ({"is_hidden": True}, {}),
    "product of an unknown type": ({"type": "lottery"}, {}),
    "product held for staff": ({"hold_reason": "kind", "offered": {}}, {}),
    "SKU held for its price": ({}, {"hold_reason": "jump", "offered": {}}),
    "SKU in another currency": ({}, {"price_currency": "EUR"}),
    "sold out": ({}, {"stock": 0}),
    "fewer than asked for": ({}, {"stock": 1}),
    "any amount, without bounds": ({"type": "voucher_open_range"}, {"denomination_type": "custom"}),
    "recharge for nobody knows whom": ({"type": "recharge"}, {}),
    "fixed recharge for nobody knows whom": ({"type": "recharge_fixed"}, {}),
    "asks for nobody knows what": ({"recipient": "unreadable"}, {}),
}


@pytest.mark.parametrize("why", NOT_FOR_SALE)
def test_what_is_not_for_sale_cannot_be_put_into_the_cart(alice: Customer, why: str) -> None:
    product, sku = NOT_FOR_SALE[why]
    answer = alice.add(stock(product=product, **sku), 2)
    assert answer.status_code == 400
    assert complaints(answer)
    assert kept(alice) == {}


@pytest.mark.parametrize("why", NOT_FOR_SALE)
def test_what_stops_being_for_sale_is_named_in_the_cart_and_cannot_be_ordered(
    alice: Customer, why: str
) -> None:
    product, columns = NOT_FOR_SALE[why]
    sku = stock()
    alice.add(sku, 2)
    Sku.objects.filter(pk=sku.pk).update(**columns)
    Product.objects.filter(pk=sku.product_id).update(**product)

    page = alice.get("/cart/")
    assert complaints(page)
    assert str(page.context["cart"].total.amount) == "0.00"
    for answer in (alice.get("/checkout/"), alice.post("/checkout/", {})):
        assert (answer.status_code, answer["Location"]) == (302, "/cart/")


def test_twenty_different_things_fit_and_the_next_does_not(alice: Customer) -> None:
    skus = [stock(f"Card {number}") for number in range(MOST_LINES + 1)]
    for sku in skus[:MOST_LINES]:
        assert alice.add(sku).status_code == 302
    refused = alice.add(skus[MOST_LINES])
    assert refused.status_code == 400
    assert "cart is full" in refused.content.decode()
    assert len(kept(alice)) == MOST_LINES
    assert alice.add(skus[0], 5).status_code == 302, "more of the same is no new line"


def test_only_what_is_in_the_cart_can_be_changed(alice: Customer) -> None:
    apple = stock()
    assert alice.post(f"/cart/{apple.pk}/", {"quantity": "1"}).status_code == 404
    assert kept(alice) == {}


def test_taking_out_twice_is_once(alice: Customer) -> None:
    apple = stock()
    alice.add(apple)
    for _ in range(2):
        assert alice.post(f"/cart/{apple.pk}/remove/").status_code == 302
    assert kept(alice) == {}


def test_a_cart_is_its_visitors_own(alice: Customer) -> None:
    alice.add(stock())
    assert Customer().get("/cart/").context["cart"].lines == []

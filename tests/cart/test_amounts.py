"""Cards of any amount in the cart: each amount is a line, at the server's price."""

from decimal import Decimal
from typing import Any

import pytest

from storefront.catalog.models import Sku
from tests.shopping import Customer, complaints, payment_behind, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Customer:
    return Customer()


@pytest.fixture
def careem() -> Sku:
    """Any whole amount from 10 to 500 dirhams; a hundred costs 26.66 and is sold at 29.33."""
    return stock(
        "Careem", product={"type": "voucher_open_range", "denomination_type": "custom"},
        name_en="Gift card", denomination_type="custom", cost=None, cost_currency="",
        face_value=None, face_currency="AED", price=Decimal("2.94"), rate=Decimal("0.272"),
        markup_percent=Decimal(-2), minimum=Decimal(10), maximum=Decimal(500), step=Decimal(1),
    )  # fmt: skip


def add(customer: Customer, sku: Sku, amount: Any, quantity: Any = 1) -> Any:
    return customer.post("/cart/add/", {"sku": str(sku.pk), "quantity": quantity, "amount": amount})


def test_each_amount_is_a_line_and_the_same_one_again_is_the_same(
    alice: Customer, careem: Sku
) -> None:
    for amount in ("100", "100.00", "250"):
        assert add(alice, careem, amount).status_code == 302
    first, second = alice.get("/cart/").context["cart"].lines
    assert (str(first.total.amount), str(second.total.amount)) == ("29.33", "73.31")
    assert first.sku_name == "Gift card, AED100"
    answer = alice.post(f"/cart/{first.id}/", {"quantity": 3})
    assert answer.status_code == 302
    alice.post(f"/cart/{second.id}/remove/")
    (line,) = alice.get("/cart/").context["cart"].lines
    assert str(line.total.amount) == "87.99"


def test_the_order_keeps_amount_price_and_cost(alice: Customer, careem: Sku) -> None:
    add(alice, careem, "100", 2)
    order = payment_behind(alice.check_out()).order
    (line,) = order.lines.all()
    assert (line.amount, line.face_currency) == (Decimal(100), "AED")
    assert (line.unit_amount, line.unit_cost) == (Decimal("29.33"), Decimal("26.66"))
    assert order.total_amount == Decimal("58.66")


@pytest.mark.fault("F102")
@pytest.mark.parametrize(
    "amount",
    ["", "0", "-100", "9.99", "501", "10.5", "1e2", "NaN", "Infinity", "１00", "0x64", "100,000",
     "9" * 40, "100\0", ["100", "10"], "'; drop table"],
)  # fmt: skip
def test_a_tampered_amount_is_refused_in_words(alice: Customer, careem: Sku, amount: Any) -> None:
    answer = add(alice, careem, amount)
    assert answer.status_code == 400
    assert complaints(answer)
    assert alice.get("/cart/").context["cart"].lines == []


@pytest.mark.fault("F102")
def test_an_amount_for_a_card_of_fixed_value_is_refused(alice: Customer) -> None:
    answer = add(alice, stock(), "5")
    assert (answer.status_code, complaints(answer)) == (400, 1)
    assert alice.get("/cart/").context["cart"].lines == []


def test_bounds_that_move_under_the_cart_are_named_there(alice: Customer, careem: Sku) -> None:
    add(alice, careem, "100")
    Sku.objects.filter(pk=careem.pk).update(minimum=Decimal(200))
    page = alice.get("/cart/")
    assert "The smallest amount is AED" in page.content.decode()
    assert alice.get("/checkout/")["Location"] == "/cart/"


def test_all_lines_of_a_sku_share_its_stock_and_its_limit(alice: Customer, careem: Sku) -> None:
    Sku.objects.filter(pk=careem.pk).update(stock=4)
    assert add(alice, careem, "100", 2).status_code == 302
    assert add(alice, careem, "200", 3).status_code == 400
    Sku.objects.filter(pk=careem.pk).update(stock=100)
    assert add(alice, careem, "200", 8).status_code == 302
    assert add(alice, careem, "300", 1).status_code == 400, "ten of a kind are the most"
    first, _ = alice.get("/cart/").context["cart"].lines
    assert alice.post(f"/cart/{first.id}/", {"quantity": 3}).status_code == 400

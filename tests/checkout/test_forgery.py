"""Forms from elsewhere, sessions of others, and addresses that lead away."""

from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from storefront.orders.models import Order, OrderLine
from tests.customers.test_signing_in import sign_in
from tests.shopping import Customer, pay_page, stock

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F107")]


def guarded() -> Customer:
    """A browser whose forms are checked as in production."""
    return Customer(enforce_csrf_checks=True)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"HX-Boosted": "true"}])
def test_no_form_of_buying_works_from_elsewhere(headers: dict[str, str]) -> None:
    alice = Customer()
    order = alice.order()
    mallory = guarded()
    mallory.cookies = alice.cookies
    for path in (
        "/cart/add/", "/cart/prices/", f"/cart/{order.pk}/", f"/cart/{order.pk}/remove/",
        "/checkout/", f"/checkout/{order.number}/", pay_page(order.payments.get()),
        "/account/sign-in/", "/account/sign-out/", "/orders/find/",
    ):  # fmt: skip
        assert mallory.post(path, {"decision": "accept"}, headers=headers).status_code == 403, path
    order.refresh_from_db()
    assert (order.status, order.payments.get().status) == ("awaiting_payment", "open")


def test_the_cookies_are_for_us_alone() -> None:
    alice = Customer()
    alice.add(stock())
    alice.get("/checkout/")
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = alice.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)",
     "http:evil.example", "%2F%2Fevil.example"],
)  # fmt: skip
def test_no_address_of_ours_leads_to_another_site(path: str) -> None:
    alice = Customer()
    for start in ("/language/ru/", "/account/sign-in/", "/checkout/", "/cart/"):
        answer = alice.get(start, {"next": path})
        assert "evil.example" not in answer.get("Location", "")
        assert not answer.get("Location", "/").startswith(("//", "http", "javascript"))
    alice.add(stock())
    sent = {"email": "alice@example.com", "next": path}
    assert "evil.example" not in alice.post("/checkout/", sent).get("Location", "")
    assert sign_in(alice).get("/account/", {"next": path}).status_code == 200


BROKEN: list[dict[str, Any]] = [
    {"quantity": 0}, {"quantity": 101}, {"unit_amount": 0}, {"unit_amount": -1}, {"unit_cost": 0},
    {"amount": -5, "face_currency": "AED"}, {"amount": 5}, {"face_currency": "AED"},
    {"max_per_order": 0},
]  # fmt: skip


@pytest.mark.fault("F102")
@pytest.mark.parametrize("columns", BROKEN)
def test_the_last_wall_is_the_database(columns: dict[str, Any]) -> None:
    sku = stock()
    order = Order.objects.create(
        email="a@example.com", locale="en", total_amount=1, currency="USD", created_at=now()
    )
    right = {
        "order": order, "sku": sku, "position": 1, "product_name": "Apple", "sku_name": "$10",
        "quantity": 1, "max_per_order": 1, "unit_amount": 1, "currency": "USD", "unit_cost": 1,
        "cost_currency": "USD",
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.create(**(right | columns))
    OrderLine.objects.create(**right)

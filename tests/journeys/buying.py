"""What a customer does in the browser, in the words of the shop's test hooks."""

import psycopg
from playwright.sync_api import Page, expect

from storefront.orders.states import Status
from tests.stack import Stack


def choose(page: Page, shop: Stack, words: str = "Apple", language: str = "") -> None:
    """Search, open the first card that can be bought, put its cheapest choice into the cart."""
    page.goto(f"{shop.url}{language}/products/?q={words}&type=voucher")
    page.get_by_test_id("product-card").first.click()
    option = page.locator("[data-testid=sku-option]:not([disabled])").first
    option.check(force=True)
    page.get_by_test_id("add-to-cart").click()
    expect(page.get_by_test_id("cart-line")).to_have_count(1)


def check_out(page: Page, email: str = "alice@example.com") -> None:
    """From the cart to the payment page."""
    page.get_by_test_id("go-to-checkout").click()
    page.get_by_test_id("checkout-email").fill(email)
    for box in page.get_by_test_id("checkout-consent").all():
        box.check()
    page.get_by_test_id("place-order").click()
    expect(page.get_by_test_id("pay-now")).to_be_visible()


def status(page: Page) -> str:
    """The code of the order's status."""
    return page.get_by_test_id("order-status").get_attribute("data-status") or ""


def set_status(shop: Stack, number: str, status: Status) -> None:
    """Put an order into a state without living through it."""
    with psycopg.connect(shop.environment["DATABASE_URL"]) as database:
        database.execute(
            "update orders_order set status = %s, paid_at = coalesce(paid_at, now())"
            " where number = %s",
            (status, number),
        )

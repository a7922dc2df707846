"""Finance follows one sale from the float to the ledger, on pages that anybody can use."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from storefront.accounts.backends import DEMO_PASSWORD
from tests.journeys.buying import check_out, choose
from tests.journeys.test_accessible import check
from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def sign_in(shop: Stack, page: Page) -> None:
    """As the demonstration's owner; whoever asks for a finance page is brought back to it."""
    shop.manage("create_demo_logins")
    page.goto(f"{shop.url}/finance/")
    page.locator("#id_username").fill("owner@example.com")
    page.locator("#id_password").fill(DEMO_PASSWORD)
    page.locator("#login-form [type=submit]").click()
    expect(page.get_by_test_id("finance-available")).to_be_visible()


def amount(page: Page, name: str) -> Decimal:
    return Decimal(page.get_by_test_id(name).inner_text().strip().lstrip("$").replace(",", ""))


def test_a_sale_is_followed_from_the_float_to_its_entries(shop: Stack, page: Page) -> None:
    sign_in(shop, page)
    page.get_by_test_id("finance-ask").click()
    before = amount(page, "finance-balance")
    check(page)

    choose(page, shop)
    check_out(page)
    page.get_by_test_id("pay-now").click()
    expect(page.locator("[data-status=completed]")).to_be_visible()
    number = page.get_by_test_id("order-number").inner_text()
    kinds = "select kind, amount from ledger_entry where order_number = %s"
    booked = dict(wait_for(lambda: len(rows := shop.rows(kinds, number)) > 1 and rows))

    page.goto(f"{shop.url}/finance/")
    page.get_by_test_id("finance-ask").click()
    assert amount(page, "finance-balance") == before - booked["cost"].quantize(Decimal("0.01"))
    page.goto(f"{shop.url}/finance/alerts/")
    check(page)
    page.get_by_test_id("alerts-threshold").fill("-1")
    page.get_by_test_id("alerts-save").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    check(page)

    shop.manage("shell", "-v0", "-c", BOOK)
    for by in ("day", "order"):
        page.goto(f"{shop.url}/finance/margin/?by={by}")
        expect(page.get_by_test_id("margin-row").first).to_be_visible()
        check(page)
    page.get_by_role("link", name=number).click()
    expect(page.get_by_test_id("ledger-row")).to_have_count(len(booked))
    assert amount(page, "margin-sold") == booked["sale"].quantize(Decimal("0.01"))
    check(page)


BOOK = """
from django.utils.timezone import now
from storefront.finance.actions import book
book(now=now())
"""

"""A person buys a gift card and sees its PIN; the partner sold exactly one, once."""

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from storefront.orders.states import Status
from tests.journeys.buying import check_out, choose, set_status, status
from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.stack]

READY_WITHIN_SECONDS = 2


def orders_of(shop: Stack, page: Page) -> list[dict[str, Any]]:
    """What the partner sold for the order on this page."""
    number = page.get_by_test_id("order-number").inner_text()
    ours = {
        row[0]
        for row in shop.rows(
            "select p.external_id from fulfillment_purchase p join orders_orderline l"
            " on l.id = p.line_id join orders_order o on o.id = l.order_id where o.number = %s",
            number,
        )
    }
    return [sold for sold in shop.control("ledger")["orders"] if sold["external_id"] in ours]


def test_a_gift_card_is_bought_and_its_pin_is_there_within_two_seconds(
    shop: Stack, page: Page
) -> None:
    took: list[float] = []
    # What else this machine does may slow a sale down, and never makes one faster.
    while not took or (took[-1] > READY_WITHIN_SECONDS and len(took) < 3):
        choose(page, shop)
        check_out(page)
        page.get_by_test_id("pay-now").click()
        paid_at = time.monotonic()
        page.get_by_test_id("reveal").click()
        code = page.get_by_test_id("code").text_content()
        took.append(time.monotonic() - paid_at)

    assert min(took) < READY_WITHIN_SECONDS
    expect(page.locator("[data-status=completed]")).to_be_visible()
    (sold,) = orders_of(shop, page)
    assert sold["charges"] == 1
    assert code == sold["items"][0]["delivery_data"][0]["pin"]


def test_a_gift_card_is_bought_without_javascript(shop: Stack, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        choose(page, shop)
        check_out(page, email="bob@example.com")
        page.get_by_test_id("pay-now").click()

        expect(page.get_by_test_id("reveal")).to_be_visible(timeout=15_000)  # the page reloads
        page.get_by_test_id("reveal").click()

        (sold,) = orders_of(shop, page)
        assert sold["charges"] == 1
        pin = sold["items"][0]["delivery_data"][0]["pin"]
        assert page.get_by_test_id("code").text_content() == pin


def test_a_code_that_comes_while_the_page_asks_for_news_is_shown(shop: Stack, page: Page) -> None:
    choose(page, shop)
    check_out(page)
    page.get_by_test_id("pay-now").click()
    expect(page.locator("[data-status=completed]")).to_be_visible()
    number = page.get_by_test_id("order-number").inner_text()
    set_status(shop, number, Status.PROCESSING)
    page.reload()

    def slowly(route: Route) -> None:
        set_status(shop, number, Status.WAITING)
        with page.expect_response(lambda answer: answer.url.endswith(f"/{number}/")):
            pass
        route.continue_()

    page.route("**/reveal/", slowly)
    page.get_by_test_id("reveal").click()
    expect(page.get_by_test_id("code")).to_be_visible()
    expect(page.locator("[data-status=waiting]")).to_be_visible()
    expect(page.get_by_test_id("code")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_declined_payment_charges_nothing_and_can_be_tried_again(
    shop: Stack, browser: Browser, scripts: bool
) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        decline_and_pay(shop, context.new_page())


def decline_and_pay(shop: Stack, page: Page) -> None:
    choose(page, shop)
    check_out(page)
    page.get_by_test_id("pay-decline").click()

    assert status(page) == "awaiting_payment"
    assert orders_of(shop, page) == []
    page.get_by_test_id("pay-again").click()
    page.get_by_test_id("pay-now").click()
    expect(page.get_by_test_id("reveal")).to_be_visible(timeout=15_000)
    assert len(orders_of(shop, page)) == 1


def test_a_stranger_cannot_see_the_order(shop: Stack, page: Page, browser: Browser) -> None:
    choose(page, shop)
    check_out(page)
    page.get_by_test_id("pay-now").click()
    address = page.url

    with browser.new_context() as mallory:
        answer = mallory.new_page().goto(address)

    assert answer is not None
    assert answer.status == 404


def test_the_mail_leads_a_guest_to_the_order_and_holds_no_code(
    shop: Stack, page: Page, browser: Browser
) -> None:
    choose(page, shop)
    check_out(page, email="carol@example.com")
    page.get_by_test_id("pay-now").click()
    page.get_by_test_id("reveal").click()
    code = page.get_by_test_id("code").text_content() or ""
    number = page.get_by_test_id("order-number").inner_text()

    mails = wait_for(lambda: [path for path in (shop.folder / "mail").glob("*.log")
                              if number in path.read_text()])  # fmt: skip
    text = mails[0].read_text().replace("=\n", "")
    link = next(line for line in text.splitlines() if f"/orders/{number}/open/" in line)

    assert code not in text
    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(link.strip())
        assert "/open/" not in other.url
        expect(other.get_by_test_id("order-number")).to_have_text(number)
    logs = shop.logs()
    assert f"/orders/{number}/open/•••/" in logs, "what the web server wrote of the visit"
    assert link.strip().rstrip("/").rsplit("/", 1)[1] not in logs

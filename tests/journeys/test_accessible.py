"""Every page for people who cannot see it well, or at all: checked by axe in a real browser, light
and dark, on a desktop and on a phone. The browser reports what the content policy blocks, too.
"""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect

from storefront.orders.states import Status
from tests.journeys.buying import check_out, choose, set_status
from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.stack]

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [("light", DESKTOP), ("dark", PHONE)]


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A tab in which nothing is blocked; that the shop refuses something is meant here."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "responded with a status of 40" not in message.text:
            complaints.append(message.text)

    page.on("console", listen)
    yield page
    assert complaints == []


def check(page: Page) -> None:
    """As it stands, in each of the looks."""
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of its words
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict of its shape
        results = Axe().run(page)
        assert results.violations_count == 0, f"{page.url} {scheme}\n{results.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wider, f"{page.url} is wider than {size['width']} pixels"


@pytest.mark.parametrize("language", ["", "/ru"])
def test_the_shelves(shop: Stack, page: Page, language: str) -> None:
    page.goto(f"{shop.url}{language}/")
    check(page)
    page.goto(f"{shop.url}{language}/products/?q=apple")
    check(page)
    page.get_by_test_id("product-card").first.click()
    expect(page.get_by_test_id("add-to-cart")).to_be_visible()
    check(page)
    page.goto(f"{shop.url}{language}/products/?q=nothing-is-called-this")
    check(page)


def test_the_cart_and_the_checkout(shop: Stack, page: Page) -> None:
    page.goto(f"{shop.url}/cart/")
    check(page)
    choose(page, shop)
    check(page)
    page.get_by_test_id("quantity").fill("77")
    page.evaluate("document.querySelector('[data-send-on-change]').submit()")
    expect(page.get_by_test_id("form-error").first).to_be_visible()
    check(page)

    page.goto(f"{shop.url}/checkout/")
    check(page)
    page.get_by_test_id("place-order").click()
    expect(page.get_by_test_id("form-error")).to_have_count(3)
    expect(page.get_by_test_id("checkout-email")).to_be_focused()
    check(page)


def test_a_recharge_from_its_number_to_its_order(shop: Stack, page: Page) -> None:
    page.goto(f"{shop.url}/products/?q=Turkcell")
    page.get_by_test_id("product-card").first.click()
    page.locator("[data-testid=sku-option]:not([disabled])").first.check(force=True)
    page.get_by_test_id("add-to-cart").click()
    page.get_by_test_id("go-to-checkout").click()
    page.get_by_test_id("checkout-email").fill("alice@gmial.com")
    for box in page.get_by_test_id("checkout-consent").all():
        box.check()
    number = page.locator("[data-testid^=checkout-field-]").first
    number.fill("12")
    page.get_by_test_id("place-order").click()
    expect(page.get_by_test_id("form-error").first).to_be_visible()
    check(page)

    page.locator("[data-testid^=checkout-field-]").first.fill("0532 123 45 67")
    page.get_by_test_id("place-order").click()
    expect(page.get_by_test_id("review-value").first).to_contain_text("+90 5321 234 567")
    expect(page.get_by_test_id("email-suggestion")).to_be_visible()
    check(page)
    page.get_by_test_id("place-order").click()
    page.get_by_test_id("pay-now").click()
    expect(page.locator("[data-status=completed]")).to_be_visible(timeout=15_000)
    expect(page.get_by_test_id("recipient").first).to_contain_text("•••")
    check(page)


def test_paying_and_the_order_in_its_states(shop: Stack, page: Page) -> None:
    choose(page, shop, language="/ru")
    check_out(page)
    check(page)
    page.get_by_test_id("pay-decline").click()
    check(page)
    page.get_by_test_id("pay-again").click()
    page.get_by_test_id("pay-now").click()
    expect(page.get_by_test_id("reveal")).to_be_visible(timeout=15_000)
    number = page.get_by_test_id("order-number").inner_text()
    address = page.url
    check(page)

    for status in (Status.IN_REVIEW, Status.PARTIALLY_COMPLETED, Status.FAILED, Status.EXPIRED):
        set_status(shop, number, status)
        page.goto(address)
        expect(page.locator(f"[data-status={status}]")).to_be_visible()
        check(page)

    set_status(shop, number, Status.COMPLETED)
    page.goto(address)
    page.get_by_test_id("reveal").click()
    expect(page.get_by_test_id("code")).to_be_visible()
    check(page)


def test_the_paperwork_of_an_order(shop: Stack, page: Page) -> None:
    choose(page, shop)
    page.get_by_test_id("quantity").fill("2")
    page.get_by_test_id("quantity").press("Enter")
    expect(page.get_by_test_id("quantity")).to_have_value("2")
    check_out(page, email="dora@example.com")
    page.get_by_test_id("pay-now").click()
    expect(page.get_by_test_id("reveal")).to_have_count(2, timeout=15_000)
    address = page.url
    page.goto(address + "receipt/")
    check(page)
    page.goto(address)
    page.get_by_test_id("codes-print").click()
    expect(page.get_by_test_id("code")).to_have_count(2)
    check(page)


@pytest.mark.parametrize("language", ["", "/ru"])
def test_finding_an_order_and_the_account(shop: Stack, page: Page, language: str) -> None:
    email = f"erin{language.strip('/')}@example.com"
    page.goto(f"{shop.url}{language}/orders/find/")
    check(page)
    page.locator("form[method=post] button[type=submit]").last.click()
    check(page)
    choose(page, shop, language=language)
    check_out(page, email=email)
    page.get_by_test_id("pay-now").click()
    expect(page.locator("[data-status=completed]")).to_be_visible(timeout=15_000)
    page.goto(f"{shop.url}{language}/account/sign-in/")
    check(page)
    page.get_by_test_id("sign-in-email").fill(email)
    page.get_by_test_id("send-code").click()
    check(page)
    page.get_by_test_id("sign-in-code").fill(wait_for(lambda: mailed_code(shop, email)))
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("account-order")).to_have_count(1)
    check(page)


def mailed_code(shop: Stack, email: str) -> str:
    """The six digits in the mail to this address, once it is there."""
    for path in (shop.folder / "mail").glob("*.log"):
        text = path.read_text()
        if f"To: {email}" in text and (found := re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE)):
            return found[1]
    return ""


def test_where_nothing_is_and_where_the_demonstrations_mails_are(shop: Stack, page: Page) -> None:
    for path in ("/nothing/", "/ru/nothing/", "/demo/mail/"):
        page.goto(shop.url + path)
        check(page)

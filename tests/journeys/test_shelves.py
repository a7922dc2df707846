"""The shelves for people who enlarge them or hear them: nothing jumps, hides or is cut off."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_accessible import PHONE, check
from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.stack]

PAGES = ["/", "/products/", "/products/?q=apple", "/esim-plans/?to=Turkey"]
# A list, and which of its goods have each a page unlike the others.
GOODS = {
    "a card": "/products/?type=voucher&q=Apple",
    "sold out": "/products/?q=Nintendo+eShop+Poland",
    "any amount": "/products/?type=recharge",
    "an eSIM": "/products/?type=esim&q=Turkey",
}
# A window of 1280 pixels at 200 % and at 400 % is as wide as these.
ENLARGED = [640, 320]
# Chromium tells each shift of what was already there; what follows a click or a key does not count.
SHIFTS = """
    window.shifted = [];
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) {
        if (!shift.hadRecentInput) {
          const moved = shift.sources.map((source) => source.node && source.node.nodeName);
          window.shifted.push([shift.value, moved.join(" ")]);
        }
      }
    }).observe({ type: "layout-shift", buffered: true });
"""


def addresses(shop: Stack, page: Page) -> list[str]:
    """Of the lists, and of one product of each kind."""
    found = [shop.url + path for path in PAGES]
    for path in GOODS.values():
        page.goto(shop.url + path)
        href = page.get_by_test_id("product-card").first.get_attribute("href")
        found.append(f"{shop.url}{href}")
    return found


@pytest.mark.parametrize("kind", list(GOODS))
@pytest.mark.parametrize("language", ["", "/ru"])
def test_every_kind_of_goods_can_be_read_aloud(
    shop: Stack, page: Page, kind: str, language: str
) -> None:
    page.goto(shop.url + language + GOODS[kind])
    page.get_by_test_id("product-card").first.click()
    if kind == "sold out":
        expect(page.get_by_test_id("add-to-cart")).to_have_count(0)
        expect(page.get_by_test_id("product-card").first).to_be_visible()
    if kind == "any amount":
        page.get_by_test_id("custom-amount").fill("1")
        expect(page.get_by_test_id("form-error").first).to_be_visible()
    check(page)


def test_what_is_suggested_while_one_types_can_be_read_aloud(shop: Stack, page: Page) -> None:
    page.goto(f"{shop.url}/")
    page.get_by_test_id("search-input").press_sequentially("app")
    expect(page.get_by_test_id("suggestion").first).to_be_visible()
    check(page)
    page.get_by_test_id("search-input").press_sequentially("qqzzxx")
    expect(page.get_by_test_id("suggestion")).to_have_count(0)
    check(page)


def test_nothing_is_cut_off_at_200_and_at_400_percent(shop: Stack, page: Page) -> None:
    for address in addresses(shop, page):
        for width in ENLARGED:
            page.set_viewport_size({"width": width, "height": 500})
            page.goto(address)
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, f"{address} is {wider} pixels wider than {width}"
            assert page.locator("h1").first.bounding_box(), address
            assert cut(page) == [], f"{address} at {width} pixels"


def cut(page: Page) -> list[str]:
    """Links, buttons, fields and prices of which a part is beyond the window's edges."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main button, main input, main a, main .price")]
            .filter((each) => each.checkVisibility() && !each.closest(".scroll, .visually-hidden"))
            .map((each) => [each, each.getBoundingClientRect()])
            .filter(([each, at]) => at.width > 1 && (at.left < -1 || at.right > innerWidth + 1))
            .map(([each]) => each.outerHTML.slice(0, 120))"""
    )
    return found


def test_nothing_jumps_while_a_page_loads(shop: Stack, page: Page) -> None:
    page.add_init_script(SHIFTS)
    for address in addresses(shop, page):
        for size in ({"width": 1280, "height": 900}, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict of its shape
            page.goto(address, wait_until="networkidle")
            page.mouse.wheel(0, 2000)
            page.wait_for_timeout(50)
            assert page.evaluate("window.shifted") == [], f"{address} {size['width']}"
    # And a jump would have been told.
    page.mouse.wheel(0, -2000)
    page.evaluate("document.body.prepend(document.querySelector('footer').cloneNode(true))")
    # Asked from outside: the policy lets no page evaluate words, which waiting inside it would do.
    wait_for(lambda: page.evaluate("window.shifted.length > 0"))

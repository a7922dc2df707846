"""An eSIM is bought, installed, used up and topped up, and its page follows."""

import os
from base64 import b64encode

import psycopg
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from tests.journeys.buying import check_out
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def buy(page: Page, shop: Stack) -> str:
    """Buy one that can be topped up; its number at the partner."""
    before = set(shop.control("state")["esims"])
    page.goto(f"{shop.url}/products/?type=esim&q=Turkey")
    page.get_by_test_id("product-card").first.click()
    page.locator("[data-testid=sku-option]:not([disabled])").first.check(force=True)
    page.get_by_test_id("add-to-cart").click()
    check_out(page)
    page.get_by_test_id("pay-now").click()
    page.get_by_test_id("esim-open").click()
    (number,) = set(shop.control("state")["esims"]) - before
    return str(number)


def look(page: Page, shop: Stack, number: str, **change: object) -> str:
    """The partner's eSIM changes, its owner presses "refresh"; the state the page shows then."""
    shop.control(f"esims/{number}", change)
    with psycopg.connect(shop.database_url) as database:  # five minutes pass
        database.execute("update esim_esim set asked_at = null")
    page.get_by_test_id("esim-refresh").click()
    expect(page.get_by_test_id("esim-status")).to_be_visible()
    return page.get_by_test_id("esim-status").get_attribute("data-status") or ""


def scanned(page: Page) -> str:
    """What a phone's camera reads off the screen: a picture of it, decoded."""
    shot = b64encode(page.get_by_test_id("esim-qr").screenshot()).decode()
    empty = page.context.new_page()  # without the shop's policy, which allows no such images
    width, height, pixels = empty.evaluate(
        """async (shot) => {
          const image = new Image();
          image.src = "data:image/png;base64," + shot;
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0);
          const data = context.getImageData(0, 0, image.width, image.height).data;
          const reds = Array.from({length: image.width * image.height}, (_, at) => data[4 * at]);
          return [image.width, image.height, reds];
        }""",
        shot,
    )
    empty.close()
    (found,) = zxingcpp.read_barcodes(memoryview(bytes(pixels)).cast("B", [height, width]))
    return str(found.text)


def shoot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: set SCREENSHOTS to a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")


def test_an_esim_lives_and_its_page_follows(shop: Stack, page: Page) -> None:
    number = buy(page, shop)
    expect(page.get_by_test_id("esim-lpa")).to_be_visible()
    assert number not in page.content()
    lpa = page.get_by_test_id("esim-lpa").text_content()
    assert scanned(page) == lpa

    assert look(page, shop, number, state="released", can_renew=True) == "released"
    shoot(page, "released")
    assert look(page, shop, number, state="installed") == "installed"
    full = page.get_by_test_id("esim-remaining").inner_text()
    assert look(page, shop, number, state="half") == "installed"
    half = page.get_by_test_id("esim-remaining").inner_text()
    shoot(page, "half")
    assert look(page, shop, number, state="low") == "installed"
    assert len({full, half, page.get_by_test_id("esim-remaining").inner_text()}) == 3
    expect(page.get_by_test_id("esim-package")).to_have_count(1)
    expect(page.get_by_test_id("esim-coverage")).to_be_visible()
    assert look(page, shop, number, state="used_up") == "used_up"
    shoot(page, "used-up")
    assert look(page, shop, number, state="expired") == "expired"

    address = page.url
    page.get_by_test_id("esim-topup").click()
    shoot(page, "top-up")
    for box in page.get_by_test_id("checkout-consent").all():
        box.check()
    page.get_by_test_id("place-order").click()
    page.get_by_test_id("pay-now").click()
    expect(page.locator("[data-status=completed]")).to_be_visible(timeout=20_000)
    expect(page.get_by_test_id("reveal")).to_have_count(1)  # no code, a word from the partner

    page.goto(address)
    assert look(page, shop, number) == "installed"
    expect(page.get_by_test_id("esim-topped-up")).to_have_count(1)
    shoot(page, "topped-up")
    page.goto(address.replace("/esims/", "/ru/esims/"))
    expect(page.get_by_test_id("esim-status")).to_have_text("Установлена")
    shoot(page, "ru")


def test_plans_stand_beside_each_other_before_one_is_bought(shop: Stack, page: Page) -> None:
    page.goto(f"{shop.url}/esim-plans/")
    page.get_by_test_id("esim-destination").fill("Turkey")
    page.get_by_test_id("esim-destination").press("Enter")
    expect(page.get_by_test_id("esim-plans-local")).to_be_visible()
    shoot(page, "compare")
    page.goto(f"{shop.url}/ru/esim-plans/?to=Европа")
    expect(page.get_by_test_id("esim-plans-regional")).to_be_visible()
    shoot(page, "compare-ru")
    page.get_by_test_id("esim-plan").first.get_by_role("link").click()
    expect(page.get_by_test_id("add-to-cart")).to_be_visible()

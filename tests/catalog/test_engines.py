"""What search engines are told: an address a page, the same in each language, goods as data."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from storefront.catalog.meta import as_script
from storefront.catalog.models import Category, Product
from storefront.catalog.queries import engines
from tests.catalog.conftest import NOON
from tests.catalog.shelves import nth_id, settle, stock_product, stock_sku
from tests.shopping import Elements

pytestmark = pytest.mark.django_db

SITE = "https://shop.example"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
NASTY = "</script><script>alert(1)</script>\u2028&<!--"


@pytest.fixture(autouse=True)
def shop(settings: Settings) -> Any:
    settings.SITE_URL = SITE
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def steam() -> Product:
    games = Category.objects.create(id=1, slug="games", name_en="Games", name_ru="Игры")
    steam = stock_product(
        "Steam | Germany", slug="steam", now=NOON, category=games, country="DE", brand="Steam",
        name_ru="Стим | Германия", description_en="<p>Play &amp; win.</p><p>Now.</p>",
    )  # fmt: skip
    stock_sku(steam, now=NOON)
    stock_sku(steam, now=NOON, price="48.35", face_value=50, position=1)
    stock_sku(steam, now=NOON, price="120.00", face_value=100, stock=0, position=2)
    settle(now=NOON)
    return steam


def head(path: str) -> Elements:
    answer = Client().get(path)
    assert answer.status_code == 200
    return Elements(answer.content.decode())


def links(page: Elements, rel: str) -> list[dict[str, str]]:
    return [each for each in page.having("rel", rel) if "href" in each]


def described(page: Elements, name: str) -> str:
    return next(each["content"] for each in page.having("content") if each.get("name") == name)


@pytest.mark.parametrize(
    "path", ["/", "/products/", "/products/?category=games", "/products/?country=DE"]
)
def test_a_page_has_one_address_in_each_language(steam: Product, path: str) -> None:
    whole = f"/ru{path}"
    for own in (path, whole):
        page = head(own)
        assert [link["href"] for link in links(page, "canonical")] == [SITE + own]
        assert {link["hreflang"]: link["href"] for link in links(page, "alternate")} == {
            "en": SITE + path,
            "ru": SITE + whole,
            "x-default": SITE + path,
        }
        assert described(page, "description")
        assert not page.having("name", "robots")


@pytest.mark.parametrize(
    "query",
    [
        "?q=steam", "?sort=price", "?category=games&sort=price", "?country=XX", "?type=%22%3E",
        "?after=x",
    ],
)  # fmt: skip
def test_searches_orders_and_inventions_are_not_listed(steam: Product, query: str) -> None:
    page = head(f"/products/{query}")
    assert page.having("name", "robots")[0]["content"] == "noindex"
    assert not links(page, "alternate")


@pytest.mark.parametrize("path", ["/cart/", "/ru/cart/"])
def test_what_is_somebodys_own_is_not_listed(path: str) -> None:
    assert head(path).having("name", "robots")[0]["content"] == "noindex"


def test_titles_say_what_the_page_has(steam: Product) -> None:
    def title(path: str) -> str:
        html = Client().get(path).content.decode()
        return html.split("<title>")[1].split("</title>")[0].strip()

    assert title("/") == "Gift cards, top-ups and eSIMs · Kiosk"
    assert title("/products/") == "All products · Kiosk"
    assert title("/ru/products/?category=games&country=DE") == "Игры, Германия · Kiosk"
    assert title("/products/steam/") == "Steam $10 – $100, Germany · Kiosk"
    assert described(head("/products/steam/"), "description") == "Play & win. Now."


def test_a_product_is_told_as_data(steam: Product) -> None:
    product, crumbs = map(json.loads, head("/products/steam/").blocks)
    assert (product["@type"], product["name"]) == ("Product", "Steam | Germany")
    assert product["brand"] == {"@type": "Brand", "name": "Steam"}
    assert product["url"] == f"{SITE}/products/steam/"
    offers = product["offers"]
    assert (offers["@type"], offers["offerCount"]) == ("AggregateOffer", 3)
    assert (offers["lowPrice"], offers["highPrice"]) == ("9.90", "48.35"), "what can be bought"
    assert offers["priceCurrency"] == "USD"
    assert [offer["availability"].rsplit("/", 1)[1] for offer in offers["offers"]] == [
        "InStock", "InStock", "OutOfStock",
    ]  # fmt: skip
    assert [step["name"] for step in crumbs["itemListElement"]] == [
        "All products", "Games", "Steam",
    ]  # fmt: skip
    assert crumbs["itemListElement"][1]["item"] == f"{SITE}/products/?category=games"


def test_one_denomination_is_one_offer() -> None:
    stock_sku(stock_product("Apple", now=NOON), now=NOON)
    settle(now=NOON)
    offer = json.loads(head("/products/apple/").blocks[0])["offers"]
    assert (offer["@type"], offer["price"], offer["priceCurrency"]) == ("Offer", "9.90", "USD")


def test_no_text_ends_a_data_block() -> None:
    stock_sku(
        stock_product(NASTY, slug="nasty", brand=NASTY, now=NOON), now=NOON,
        name_en=NASTY, face_value=None, face_currency="",
    )  # fmt: skip
    settle(now=NOON)
    page = head("/products/nasty/")
    assert "script" not in [tag for tag, attributes in page.tags if not attributes]
    product = json.loads(page.blocks[0])
    assert product["brand"]["name"] == NASTY
    assert as_script(NASTY).isascii()


def test_robots_lead_crawlers_to_goods_alone() -> None:
    answer = Client().get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    for path in ("/cart/", "/checkout/", "/orders/", "/account/", "/admin/", "/ru/cart/"):
        assert f"Disallow: {path}" in lines
    assert "Disallow: /" not in lines
    assert f"Sitemap: {SITE}/sitemap.xml" in lines


def sitemap(path: str) -> ET.Element:
    answer = Client().get(path)
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return ET.fromstring(answer.content)  # noqa: S314  our own, a moment old


def addresses(root: ET.Element) -> list[str]:
    return [str(place.text).removeprefix(SITE) for place in root.iter(f"{MAP}loc")]


def test_sitemaps_name_every_page_in_each_language(steam: Product) -> None:
    stock_product("Hidden", now=NOON, is_hidden=True)
    stock_product("Strange", now=NOON, type="subscription")
    pages, products = addresses(sitemap("/sitemap.xml"))
    assert addresses(sitemap(pages)) == [
        "/", "/ru/", "/products/", "/ru/products/",
        "/products/?category=games", "/ru/products/?category=games",
        "/products/?country=DE", "/ru/products/?country=DE",
    ]  # fmt: skip
    listed = sitemap(products)
    assert addresses(listed) == ["/products/steam/", "/ru/products/steam/"]
    for url in listed:
        assert {link.get("hreflang"): link.get("href") for link in url.iter(LINK)} == {
            "en": f"{SITE}/products/steam/",
            "ru": f"{SITE}/ru/products/steam/",
            "x-default": f"{SITE}/products/steam/",
        }
        assert url.findtext(f"{MAP}lastmod") == "2026-11-23"


def test_what_a_sitemap_names_is_there(steam: Product) -> None:
    for path in addresses(sitemap("/sitemap.xml")):
        for page in addresses(sitemap(path)):
            assert head(page).having("rel", "canonical")[0]["href"] == SITE + page


def test_a_large_catalog_comes_in_pages_at_one_query_each(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(engines, "PRODUCTS_A_PAGE", 2)
    for number in range(1, 6):
        stock_product(f"Card {number}", id=nth_id(number), now=NOON)
    with django_assert_num_queries(1):
        _, *pages = addresses(sitemap("/sitemap.xml"))
    assert pages == [f"/sitemap-products-{nth_id(number)}.xml" for number in (1, 3, 5)]
    found = []
    for page in pages:
        with django_assert_num_queries(1):
            found += addresses(sitemap(page))
    assert found[::2] == [f"/products/card-{number}/" for number in range(1, 6)]


def test_a_sitemap_past_the_last_product_is_not_there() -> None:
    assert Client().get(f"/sitemap-products-{nth_id(9)}.xml").status_code == 404

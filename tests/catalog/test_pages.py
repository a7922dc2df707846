"""Home, list and product as a visitor gets them: few queries, both languages, never the partner."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from partner_api.sandbox.spoil import HOSTILE_TEXT
from storefront.catalog.models import Category, Product
from storefront.catalog.queries.offers import FRESH_FOR
from tests.catalog.conftest import NOON, Partner
from tests.catalog.goods import FIVE, custom_sku, product
from tests.catalog.shelves import settle, stock_product, stock_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves() -> dict[str, Product]:
    """A priced card in a category, one sold out, an eSIM."""
    games = Category.objects.create(id=1, slug="games", name_en="Games", name_ru="Игры")
    steam = stock_product(
        "Steam", now=NOON, category=games, country="AE", brand="Steam", name_ru="Стим",
        description_en="<p>Play.</p>", description_ru="<p>Играй.</p>",
    )  # fmt: skip
    stock_sku(steam, now=NOON)
    stock_sku(steam, now=NOON, face_value=Decimal(50), price=Decimal("48.35"), position=1)
    stock_sku(steam, now=NOON, face_value=Decimal(100), stock=0, position=2)
    gone = stock_product("Gone", now=NOON)
    stock_sku(gone, now=NOON, stock=0)
    esim = stock_product("Japan", now=NOON, type="esim", country="JP")
    stock_sku(esim, now=NOON, face_value=None, face_currency="", name_en="1 GB, 7 days")
    settle(now=NOON)
    return {"steam": steam, "gone": gone, "esim": esim}


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


ADDRESSES = ["/", "/products/", "/products/?q=steam&country=AE&sort=-price", "/products/steam/"]


@pytest.mark.parametrize("address", [*ADDRESSES, *(f"/ru{address}" for address in ADDRESSES)])
def test_a_page_takes_at_most_four_queries(
    client: Client, shelves: Any, address: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        text(client.get(address))


def test_more_products_take_no_more_queries(
    client: Client, shelves: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        stock_sku(stock_product(f"Card {number}", now=NOON), now=NOON)
    settle(now=NOON)
    with django_assert_max_num_queries(4):
        assert text(client.get("/products/")).count('data-testid="product-card"') == 24


def test_the_home_page_shows_what_can_be_bought(client: Client, shelves: Any) -> None:
    page = client.get("/")
    assert [card.name for card in page.context["products"]] == ["Steam", "Japan"]
    assert page.context["categories"] == [{"name": "Games", "url": "/products/?category=games"}]
    assert page.context["countries"] == [
        {"code": "JP", "name": "Japan", "url": "/products/?country=JP"},
        {"code": "AE", "name": "United Arab Emirates", "url": "/products/?country=AE"},
    ]


SHELF = {"HX-Request": "true", "HX-Target": "shelf"}


def test_an_empty_shop_has_its_pages(client: Client) -> None:
    assert client.get("/").context["products"] == []
    assert client.get("/products/").context["products"] == []


def test_a_card_says_what_one_chooses_by(client: Client, shelves: Any) -> None:
    steam = client.get("/products/?q=steam").context["products"][0]
    assert (steam.name, steam.brand, steam.country) == ("Steam", "Steam", "AE")
    assert steam.country_name == "United Arab Emirates"
    assert (steam.from_price.amount, steam.from_price.currency.code) == (Decimal("9.90"), "USD")
    assert steam.denomination_label == "$10 – $100"
    assert (steam.url, steam.is_available, steam.image_url) == ("/products/steam/", True, "")


def test_russian_pages_are_russian(client: Client, shelves: Any) -> None:
    steam = client.get("/ru/products/?q=стим").context["products"][0]
    assert (steam.name, steam.country_name) == ("Стим", "ОАЭ")
    assert steam.denomination_label == "10\xa0$ – 100\xa0$"
    assert steam.url == "/ru/products/steam/"
    page = client.get("/ru/products/steam/")
    assert page.context["product"].description_html == "<p>Играй.</p>"
    assert "Играй." in text(page)


def test_the_list_offers_its_filters_as_addresses(client: Client, shelves: Any) -> None:
    context = client.get("/products/?country=AE&q=steam").context
    assert [(o.value, o.label) for o in context["categories"]] == [("games", "Games")]
    assert context["categories"][0].url == "/products/?q=steam&category=games&country=AE"
    assert [(o.value, o.is_selected, o.number) for o in context["countries"]] == [("AE", True, 1)]
    assert context["countries"][0].url == "/products/?q=steam"
    assert [o.value for o in context["types"]] == ["voucher"]
    assert [o.value for o in context["sorts"] if o.is_selected] == ["best"]
    assert context["query"].country == "AE"


def test_next_and_previous_are_plain_links_that_keep_the_filters(
    client: Client, shelves: Any
) -> None:
    for number in range(30):
        stock_product(f"Card {number:02}", now=NOON, country="AE")
    settle(now=NOON)
    first = client.get("/products/?country=AE&sort=name")
    assert first.context["previous_url"] == ""
    assert first.context["next_url"].startswith("/products/?country=AE&sort=name&after=")
    second = client.get(first.context["next_url"])
    assert second.context["next_url"] == ""
    assert [card.name for card in second.context["products"]][-1] == "Steam"
    back = client.get(second.context["previous_url"])
    assert back.context["products"] == first.context["products"]


def test_htmx_gets_the_results_alone_under_the_same_address(client: Client, shelves: Any) -> None:
    whole = client.get("/products/")
    part = client.get("/products/", headers=SHELF)
    assert "<html" in text(whole)
    assert "<html" not in text(part)
    assert 'id="shelf"' in text(part)
    assert part.context["products"] == whole.context["products"]
    for response in (whole, part):
        assert "HX-Target" in response["Vary"]


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Target": "body"},
        {"HX-Request": "true", "HX-Target": "shelf", "HX-History-Restore-Request": "true"},
        {"HX-Target": "shelf"},
    ],
)
def test_htmx_gets_the_whole_page_where_it_names_no_part_of_it(
    client: Client, shelves: Any, headers: dict[str, str]
) -> None:
    assert "<html" in text(client.get("/products/", headers=headers))


def test_a_product_page_offers_its_skus_in_order(client: Client, shelves: Any) -> None:
    context = client.get("/products/steam/").context
    ten, fifty, hundred = context["skus"]
    assert (ten.label, ten.price.amount, ten.face.amount) == ("$10", Decimal("9.90"), Decimal(10))
    assert (ten.is_buyable, ten.reason, ten.max_quantity) == (True, "", 10)
    assert (fifty.label, fifty.price.amount) == ("$50", Decimal("48.35"))
    assert (hundred.is_buyable, hundred.reason, hundred.max_quantity) == (False, "Sold out", 0)
    assert context["product"].is_available
    assert context["form"] is None


def test_what_has_no_face_value_is_chosen_by_name(client: Client, shelves: Any) -> None:
    assert client.get("/products/japan/").context["skus"][0].label == "1 GB, 7 days"


def test_a_sold_out_product_says_so(client: Client, shelves: Any) -> None:
    card = client.get("/products/?q=gone").context["products"][0]
    assert (card.is_available, card.reason) == (False, "Sold out")
    page = client.get("/products/gone/")
    assert (page.context["product"].is_available, page.context["product"].reason) == (
        False, "Sold out",
    )  # fmt: skip
    assert "Sold out" in text(page)
    assert "add-to-cart" not in text(page)


def test_goods_for_nobody_knows_whom_are_not_offered(client: Client, shelves: Any) -> None:
    recharge = stock_product("Etisalat", now=NOON, type="recharge_fixed")
    stock_sku(recharge, now=NOON)
    settle(now=NOON)
    assert "Not available right now" in text(client.get("/products/etisalat/"))


@pytest.mark.fault("F101")
def test_f101_a_day_without_the_partner_keeps_the_pages_and_stops_the_sale(
    client: Client, shelves: Any
) -> None:
    with time_machine.travel(NOON + timedelta(hours=24), tick=False):
        page = client.get("/products/steam/")
        assert "Its price is being checked" in text(page)
        assert "as soon as it is confirmed" in text(page)
        assert 'data-testid="add-to-cart"' not in text(page)
        assert not any(sku.is_buyable for sku in page.context["skus"])
        assert len(client.get("/products/").context["products"]) == 3
        sku = shelves["steam"].skus.first()
        refused = client.post("/cart/add/", {"sku": sku.pk, "quantity": 1})
        assert "Its price is being checked" in text(refused, 400)
    with time_machine.travel(NOON + FRESH_FOR, tick=False):
        assert client.get("/products/steam/").context["skus"][0].is_buyable


@pytest.mark.parametrize("slug", ["nothing", "hidden", "subscription"])
def test_what_is_not_visible_has_no_page(client: Client, slug: str) -> None:
    stock_product("Hidden", now=NOON, is_hidden=True)
    stock_product("Subscription", now=NOON, type="subscription")
    text(client.get(f"/products/{slug}/"), 404)


HOSTILE = [
    "?q=%00", "?q=%ff%fe", "?q=" + "x" * 5000, "?q='%20OR%201=1--", "?category=%00&type=%00",
    "?country=%F0%9F%99%82", "?sort=%00", "?sort=id", "?after=%00", "?after=" + "A" * 5000,
    "?q=a&q=b", "?q[]=a", "?type=__proto__", "?category=../../etc/passwd", "?" + "&" * 500,
    "?q=%ED%A0%80", "?country=AE%0d%0aSet-Cookie:%20a=b",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_address_gets_a_list(client: Client, shelves: Any, query: str) -> None:
    text(client.get(f"/products/{query}"))


@pytest.mark.parametrize("slug", ["%00", "..%2f..", "a b", "<script>", "é", "x" * 5000])
def test_a_hostile_slug_is_not_found(client: Client, shelves: Any, slug: str) -> None:
    text(client.get(f"/products/{slug}/"), 404)


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_for_reading_only(client: Client, shelves: Any, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.fault("F98")
def test_f98_hostile_texts_do_nothing_on_any_page(client: Client, partner: Partner) -> None:
    partner.trouble("hostile_text", "products")
    partner.sync()
    with time_machine.travel(partner.now, tick=False):
        for address in ("/", "/products/", "/products/apple-scriptalert1script/"):
            page = text(client.get(address))
            assert "Apple" in page
            assert "evil.example" not in page
            assert "<script>alert(1)" not in page
            assert HOSTILE_TEXT not in page


def test_a_custom_amount_has_a_page(client: Client, partner: Partner) -> None:
    careem = product(
        "Careem", custom_sku("Careem"), type="voucher_open_range", denomination_type="custom"
    )
    partner.sells(*FIVE, careem)
    partner.sync()
    page = client.get("/products/careem/")
    assert page.context["skus"][0].is_buyable is True
    card = client.get("/products/?type=voucher_open_range").context["products"][0]
    assert (str(card.from_price.amount), card.is_available) == ("2.94", True)
    assert card.denomination_label == "AED10 – AED500"


def test_the_whole_demo_catalog_has_pages_in_both_languages(
    client: Client, partner: Partner
) -> None:
    partner.sells_the_demo()
    partner.sync()
    for slug in Product.objects.order_by("id").values_list("slug", flat=True)[::9]:
        text(client.get(f"/products/{slug}/"))
        text(client.get(f"/ru/products/{slug}/"))

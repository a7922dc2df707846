"""The product's page: what one gets, where it works, how it is used, and what else there is."""

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from storefront.catalog.models import Category, Product
from storefront.catalog.queries import alternatives
from tests.catalog.conftest import NOON, Partner
from tests.catalog.shelves import settle, stock_product, stock_sku
from tests.shopping import Elements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def on_sale(name: str, **columns: Any) -> Product:
    product = stock_product(name, now=NOON, **columns)
    stock_sku(product, now=NOON)
    return product


def page(path: str) -> Elements:
    answer = Client().get(path)
    assert answer.status_code == 200
    return Elements(answer.content.decode())


def test_the_ticket_says_what_where_and_how_fast() -> None:
    steam = stock_product("Steam | Germany", slug="steam", country="DE", brand="Steam", now=NOON)
    stock_sku(steam, now=NOON, face_currency="EUR", stock=3)
    settle(now=NOON)
    assert (
        "You get €10 (EUR) Works in Germany Arrives within seconds of payment Stock Only 3 left"
        in page("/products/steam/").text
    )
    assert "Осталось всего 3" in page("/ru/products/steam/").text


def test_the_place_behind_a_bar_is_not_said_twice() -> None:
    on_sale("NordVPN Basic | Global", slug="vpn")
    on_sale("eSIM | Japan", slug="japan", type="esim", country="JP")
    settle(now=NOON)
    vpn = Client().get("/products/vpn/").context["product"]
    assert (vpn.title, vpn.place) == ("NordVPN Basic", "Global")
    esim = Client().get("/products/japan/").context["product"]
    assert (esim.title, esim.place) == ("eSIM Japan", "Japan")


def test_the_way_to_a_product_is_shown() -> None:
    cards = Category.objects.create(id=1, slug="cards", name_en="Gift cards")
    games = Category.objects.create(id=2, slug="games", name_en="Games", parent=cards)
    on_sale("Steam", category=games)
    settle(now=NOON)
    assert Client().get("/products/steam/").context["crumbs"] == [
        ("All products", "/products/"),
        ("Gift cards", "/products/?category=cards"),
        ("Games", "/products/?category=games"),
    ]


def test_our_steps_stand_in_where_the_partner_has_none() -> None:
    on_sale("Steam", brand="STEAM", description_en="<p>Games.</p>")
    on_sale("Told", brand="Steam", description_en="<ol><li>Do this.</li></ol>")
    on_sale("Corner shop", brand="Corner")
    settle(now=NOON)
    assert "Redeem a gift card" in page("/products/steam/").text
    assert "How to redeem it" not in page("/products/told/").text
    assert "Keep it until it has been accepted." in page("/products/corner-shop/").text


def test_a_form_that_came_back_keeps_its_choice() -> None:
    apple = stock_product("Apple", now=NOON)
    stock_sku(apple, now=NOON)
    dear = stock_sku(apple, now=NOON, face_value=Decimal(50), price=Decimal("48.35"), position=1)
    settle(now=NOON)
    answer = Client().post("/cart/add/", {"sku": str(dear.pk), "quantity": "0"})
    assert answer.status_code == 400
    checked = Elements(answer.content.decode()).having("checked")
    assert [radio["value"] for radio in checked] == [str(dear.pk)]


def test_what_is_sold_out_leads_to_the_nearest_first(django_assert_max_num_queries: Any) -> None:
    games = Category.objects.create(id=1, slug="games", name_en="Games")
    gone = stock_product("Steam", now=NOON, brand="Steam", country="DE", category=games)
    stock_sku(gone, now=NOON, stock=0)
    on_sale("Xbox", brand="Xbox", country="US", category=games)
    on_sale("Roblox", brand="Roblox", country="DE", category=games)
    on_sale("Steam US", brand="Steam", country="US")
    on_sale("Steam Plus", brand="Steam", country="DE")
    on_sale("Apple", brand="Apple", country="DE")
    on_sale("Hidden", brand="Steam", country="DE", is_hidden=True)
    settle(now=NOON)
    Client().get("/")  # the shelf is read once after each change
    with django_assert_max_num_queries(4):
        answer = Client().get("/products/steam/")
    assert [card.name for card in answer.context["alternatives"]] == [
        "Steam Plus", "Steam US", "Roblox", "Xbox",
    ]  # fmt: skip
    assert "Sold out" in answer.content.decode()


def test_what_is_alone_has_no_alternatives(django_assert_num_queries: Any) -> None:
    alone = stock_product("Alone", now=NOON)
    with django_assert_num_queries(0):
        assert alternatives(alone) == []


def test_an_esim_says_what_it_is(partner: Partner) -> None:
    partner.sells_the_demo()
    partner.sync()
    with time_machine.travel(partner.now, tick=False):
        answer = Client().get("/products/esim-japan/")
        first = answer.context["skus"][0]
        assert (first.label, first.detail) == ("1\xa0GB", "7 days")
        words = Elements(answer.content.decode()).text
        assert "The days count from the first connection." in words
        assert "Yes, but not these plans: Unlimited, 7 days" in words
        assert "Works in 1 country" in words
        assert "NTT Docomo" in words
        europe = Client().get("/ru/products/esim-europe/").context["esim"]
        assert len(europe.coverage) == 28
        assert all(place.networks for place in europe.coverage)

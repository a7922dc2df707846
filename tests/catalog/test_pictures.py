"""Pictures of others: shown from the hosts the owner named, by the browser alone; else drawn."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from partner_api.sandbox.spoil import HOSTILE_IMAGES
from storefront.catalog import cards, pictures
from storefront.catalog.models import Product
from tests.catalog.conftest import NOON, Partner
from tests.catalog.shelves import settle, stock_product, stock_sku

GOOD = "https://images.example/cards/steam.webp?w=640"


@pytest.fixture(autouse=True)
def one_host(settings: Any) -> Iterator[None]:
    settings.IMAGE_HOSTS = ("images.example",)
    cards.card_of.cache_clear()
    with time_machine.travel(NOON, tick=False):
        yield
    cards.card_of.cache_clear()


def steam(image: str) -> str:
    """The product's page with this picture, and the list it is in."""
    product = stock_product("Steam", now=NOON, image=image)
    stock_sku(product, now=NOON)
    settle(now=NOON)
    pages = [Client().get(path) for path in ("/products/", "/products/steam/")]
    assert [page.status_code for page in pages] == [200, 200]
    return "".join(page.content.decode() for page in pages)


@pytest.mark.django_db
def test_a_picture_of_a_named_host_is_shown_and_says_nothing_of_the_visitor() -> None:
    page = steam(GOOD)
    assert page.count(f'src="{GOOD}"') == 2
    assert page.count('referrerpolicy="no-referrer"') == 2
    assert '<svg class="art"' not in page


@pytest.mark.fault("F99")
@pytest.mark.django_db
def test_f99_any_other_picture_is_a_drawn_card() -> None:
    page = steam("https://elsewhere.example/steam.png")
    assert "elsewhere.example" not in page
    assert page.count('<svg class="art"') == 2


@pytest.mark.fault("F99")
@pytest.mark.parametrize(
    "address",
    [
        *HOSTILE_IMAGES,
        "",
        "http://images.example/a.png",
        "https://images.example",
        "https://images.example:444/a.png",
        "https://images.example.evil.example/a.png",
        "https://evil.example/https://images.example/",
        "https://images.example@evil.example/a.png",
        "https://evil.example\\@images.example/a.png",
        "https://user:word@images.example/a.png",
        "https://images.example/a.png\n",
        'https://images.example/a.png" onerror="x',
        " https://images.example/a.png",
        "https:images.example/a.png",
        "https://xn--imges-2na.example/a.png",
    ],
)
def test_f99_no_trick_makes_an_address_a_named_one(address: str) -> None:
    assert pictures.shown(address) == ""


@pytest.mark.fault("F99")
def test_f99_hostile_pictures_are_on_no_page_and_asked_for_by_nobody(
    partner: Partner, client: Client
) -> None:
    partner.trouble("hostile_image", "products")
    asked: list[str] = []
    partner.adapter.before = lambda request: asked.append(str(request.url))
    partner.sync()
    assert Product.objects.exclude(image="").count() == 5
    paths = ["/", "/products/", *(product.get_absolute_url() for product in Product.objects.all())]
    with time_machine.travel(partner.now, tick=False):
        pages = "".join(client.get(path).content.decode() for path in paths)
    assert [image for image in HOSTILE_IMAGES if image in pages] == []
    assert "<img" not in pages.replace('<img src="/static/', "")
    assert all(url.startswith("http://partner.test/catalog/") for url in asked)

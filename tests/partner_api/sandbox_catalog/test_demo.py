"""The demo catalog is worth browsing: enough goods, of every kind, from many countries."""

from collections import Counter

import pytest

from partner_api.sandbox.catalog import Catalog
from partner_api.sandbox.catalog.countries import COUNTRIES
from partner_api.sandbox.catalog.oddities import _BY_ID

FAMOUS = [
    "Apple",
    "Google Play",
    "Steam",
    "PlayStation",
    "Xbox",
    "Nintendo eShop",
    "Netflix",
    "Spotify",
    "Amazon",
    "Uber",
    "Airbnb",
    "IKEA",
    "Zalando",
    "Sephora",
    "Nike",
    "Starbucks",
    "Roblox",
    "Razer Gold",
    "Valorant",
    "Fortnite",
    "Discord",
    "Twitch",
    "Tinder",
    "Microsoft 365",
    "Kaspersky",
]
TYPES = {"voucher", "recharge_fixed", "recharge", "voucher_open_range", "esim", "other"}


def test_there_are_enough_products_to_browse(demo: Catalog) -> None:
    assert 120 <= len(demo.products) <= 260


def test_every_type_is_on_sale_several_times(demo: Catalog) -> None:
    number = Counter(product.type for product in demo.products)
    assert set(number) == TYPES
    assert min(number.values()) >= 8


def test_the_first_page_already_shows_every_type(demo: Catalog) -> None:
    assert {product.type for product in demo.products[:24]} == TYPES


def test_goods_come_from_more_than_forty_countries(demo: Catalog) -> None:
    countries = {p.attributes["country"] for p in demo.products if "country" in p.attributes}
    assert len(countries) > 40
    assert countries <= set(COUNTRIES)


def test_local_esims_cover_more_than_forty_countries(demo: Catalog) -> None:
    local = [p for p in demo.products if p.type == "esim" and "country" in p.attributes]
    assert len({p.attributes["country"] for p in local}) > 40


def test_mobile_numbers_can_be_topped_up_in_more_than_twenty_countries(demo: Catalog) -> None:
    mobile = [p for p in demo.products if p.category_id == 2]
    assert {p.type for p in mobile} == {"recharge", "recharge_fixed"}
    assert len({p.attributes["country"] for p in mobile}) > 20


@pytest.mark.parametrize("brand", FAMOUS)
def test_a_well_known_brand_is_on_sale(demo: Catalog, brand: str) -> None:
    assert any(product.attributes.get("brand") == brand for product in demo.products)


def test_gift_cards_come_in_several_denominations(demo: Catalog) -> None:
    cards = [p for p in demo.products if p.type == "voucher" and 11 <= p.category_id <= 16]
    several = [card for card in cards if len(card.skus) >= 3]
    assert len(several) / len(cards) > 0.8


def test_awkward_goods_are_there(demo: Catalog) -> None:
    assert set(_BY_ID) <= {product.id for product in demo.products}


def test_some_goods_are_sold_out_wholly_and_some_in_part(demo: Catalog) -> None:
    stocks = [{sku.stock > 0 for sku in product.skus} for product in demo.products]
    assert {False} in stocks
    assert {False, True} in stocks
    assert stocks.count({True}) / len(stocks) > 0.95


def test_a_name_may_be_four_hundred_characters_long_in_both_languages(demo: Catalog) -> None:
    longest = max(demo.products, key=lambda product: len(product.name.en))
    assert len(longest.name.en) >= 400
    assert len(longest.name.ru) >= 400


def test_most_goods_have_no_image_and_a_few_have_one_elsewhere(demo: Catalog) -> None:
    images = Counter(product.image for product in demo.products)
    assert images.pop("") / len(demo.products) > 0.95
    assert {image.split(":")[0] for image in images} == {"http", "https"}


def test_some_descriptions_hold_entities_and_foreign_markup(demo: Catalog) -> None:
    pages = [product.description.en for product in demo.products]
    assert any("&ldquo;" in page and "&nbsp;" in page for page in pages)
    assert any("onclick=" in page and "style=" in page for page in pages)

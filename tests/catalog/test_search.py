"""A search finds what was meant: beginnings, both languages, other words for it, typing errors."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from storefront.catalog import actions, words
from storefront.catalog.models import Category, Product, SearchSynonym
from storefront.catalog.queries import Filters, ListPage, current_shelf, visible_products
from storefront.catalog.queries.finding import read_search
from tests.catalog.conftest import NOON
from tests.catalog.shelves import settle, stock_product, stock_sku

pytestmark = pytest.mark.django_db

GOODS = [
    ("PlayStation Network", "PlayStation", "US", "voucher", "Карта PlayStation Network"),
    ("PlayStation Network | Turkey", "PlayStation", "TR", "voucher", ""),
    ("Apple Gift Card", "Apple", "AE", "voucher", "Подарочная карта Apple"),
    ("Google Play", "Google Play", "US", "voucher", "Гугл Плей"),
    ("Netflix", "Netflix", "DE", "voucher", ""),
    ("Pinapple Juice", "Tropic", "US", "voucher", ""),
    ("Decathlon", "Décathlon", "FR", "voucher", ""),
    ("eSIM Japan", "", "JP", "esim", "eSIM Япония"),
    ("Etisalat top-up", "Etisalat", "AE", "recharge_fixed", ""),
]

NAMES = [name for name, *_ in GOODS]


@pytest.fixture
def goods() -> None:
    games = Category.objects.create(id=7, slug="games", name_en="Gaming", name_ru="Игры")
    for name, brand, country, kind, russian in GOODS:
        product = stock_product(
            name, now=NOON, brand=brand, country=country, type=kind, name_ru=russian,
            category=games if brand == "PlayStation" else None,
        )  # fmt: skip
        stock_sku(product, now=NOON)
    for word, means, country in [
        ("psn", "playstation", ""), ("app store", "apple", ""), ("эплстор", "apple", ""),
        ("uae", "", "AE"), ("плейстейшн", "playstation", ""),
    ]:  # fmt: skip
        SearchSynonym.objects.update_or_create(
            word=word, defaults={"means": means, "country": country}
        )
    settle(now=NOON)


def found(text: str) -> list[str]:
    page = visible_products(Filters(q=text), current_shelf(), language="en")
    return [row.name for row in page.products]


PLAYSTATION = ["PlayStation Network", "PlayStation Network | Turkey"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("playst", PLAYSTATION),
        ("PLAYSTATION network", PLAYSTATION),
        ("network play", PLAYSTATION),
        ("psn", PLAYSTATION),
        ("psn turkey", PLAYSTATION[1:]),
        ("psn турция", PLAYSTATION[1:]),
        ("gaming", PLAYSTATION),
        ("игры", PLAYSTATION),
        ("гугл", ["Google Play"]),
        ("app store", ["Apple Gift Card"]),
        ("App Store ОАЭ", ["Apple Gift Card"]),
        ("эплстор", ["Apple Gift Card"]),
        ("uae", ["Apple Gift Card", "Etisalat top-up"]),
        ("emirates", ["Apple Gift Card", "Etisalat top-up"]),
        ("de", ["Decathlon", "Netflix"]),
        ("décathlon", ["Decathlon"]),
        ("decathlon", ["Decathlon"]),
        ("top up", ["Etisalat top-up"]),
        ("пополнение", ["Etisalat top-up"]),
        ("esim japan", ["eSIM Japan"]),
        ("есим япония", ["eSIM Japan"]),
        ("apple de", []),
        ("100%", []),
        ("_", []),
        ("\\ ' & | ! :* <->", []),
        ("=ae", ["Apple Gift Card", "Etisalat top-up"]),
        ("#7", []),
    ],
)
def test_a_search_reads_names_brands_countries_and_other_words_for_them(
    goods: None, text: str, names: list[str]
) -> None:
    assert sorted(found(text)) == (names if words.words_of(text) else sorted(NAMES))


@pytest.mark.parametrize(
    ("text", "names", "corrected"),
    [
        ("playstaton", PLAYSTATION, "playstation"),
        ("netflx", ["Netflix"], "netflix"),
        ("этисалат", ["Etisalat top-up"], "etisalat"),
        ("тууадшч germany", [], ""),
        ("ытеадшч", [], ""),
        ("туеадшч", ["Netflix"], "netflix"),
        ("плейстейшен", PLAYSTATION, "плейстейшн"),
        ("apple germny", [], ""),
        ("netflix germny", ["Netflix"], "netflix germany"),
        ("xyzzyq", [], ""),
    ],
)
def test_a_mistyped_word_is_read_as_what_it_was_meant_for(
    goods: None, text: str, names: list[str], corrected: str
) -> None:
    page = visible_products(Filters(q=text), current_shelf(), language="en")
    assert sorted(row.name for row in page.products) == names
    if names:
        assert page.search.corrected == corrected


def test_the_best_match_comes_first(goods: None) -> None:
    assert found("play")[0] == "Google Play"
    assert found("apple") == ["Apple Gift Card"]
    stock_sku(stock_product("Zoo for apple", now=NOON, brand="Zoo"), now=NOON)
    settle(now=NOON)
    assert found("apple") == ["Apple Gift Card", "Zoo for apple"]


def test_search_and_filters_count_together(client: Client, goods: None) -> None:
    page = client.get("/products/?q=playstation").context
    assert page["total_label"] == "2 products"
    assert [(o.value, o.number) for o in page["countries"]] == [("TR", 1), ("US", 1)]
    page = client.get("/products/?q=playstation&country=TR").context
    assert page["total_label"] == "1 product"
    assert [(o.value, o.number) for o in page["countries"]] == [("TR", 1), ("US", 1)]
    assert [chip.url for chip in page["chips"]] == ["/products/?q=playstation"]


@pytest.mark.parametrize("address", ["/products/?q=netflx", "/products/?q=xyzzyq qqq"])
def test_a_search_takes_at_most_four_queries_also_when_mistyped_or_in_vain(
    client: Client, goods: None, address: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        assert client.get(address).status_code == 200


def test_an_empty_result_offers_what_comes_near_and_what_others_buy(
    client: Client, goods: None
) -> None:
    page = client.get("/products/?q=netflix france").context
    assert page["products"] == []
    assert {card.title for card in page["nearest"]} == {"Decathlon", "Netflix"}
    page = client.get("/products/?q=psn&country=DE").context
    assert {card.title for card in page["nearest"]} == {"PlayStation Network"}
    page = client.get("/products/?q=xyzzyq").context
    assert page["nearest"] == []
    assert len(page["popular"]) >= 6


def test_suggestions_are_a_part_of_the_list(client: Client, goods: None) -> None:
    response = client.get(
        "/products/?q=play", headers={"HX-Request": "true", "HX-Target": "suggestions"}
    )
    text = response.content.decode()
    assert "<html" not in text
    assert text.count('data-testid="suggestion"') == 3
    assert 'href="/products/?q=play"' in text


def test_what_staff_add_is_found_at_once(goods: None) -> None:
    assert found("нетик") == []
    SearchSynonym.objects.create(word="нетик", means="netflix")
    actions.renew_search(by="staff", now=NOON)
    assert found("нетик") == ["Netflix"]


@pytest.mark.parametrize(
    "text",
    ["V-Bucks® 1000", "McDonald’s", "Décathlon Ёлка", "a|b(c)[d]{e}~`^_@#", "№5 “x”…", "50%"],
)
def test_the_database_folds_words_as_we_do(text: str) -> None:
    product = stock_product(text, now=NOON, type="unknown", slug="x")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array(SELECT unnest(tsvector_to_array(words))) FROM catalog_product"
            " WHERE id = %s",
            [product.pk],
        )
        (known,) = cursor.fetchone()
    assert set(known) == set(words.words_of(text))


def test_goods_found_are_the_visible_ones(goods: None) -> None:
    Product.objects.filter(name_en="Netflix").update(is_hidden=True)
    assert found("netflix") == []


@pytest.fixture
def many_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards of three brands, some with all of the words, some with longer ones."""
    monkeypatch.setattr("storefront.catalog.sync.shelf.MOST_FOUND", 10)
    for number in range(60):
        brand = ("Steam", "Xbox", "Giftly")[number % 3]
        ending = "s" if number % 4 == 0 else ""
        product = stock_product(
            f"{brand} gift card{ending} {number}", now=NOON, brand=brand, type="recharge_fixed"
        )
        if number % 5:
            stock_sku(product, now=NOON)
    settle(now=NOON)


@pytest.mark.parametrize(("text", "is_common"), [("card", True), ("gift card", False)])
def test_a_word_of_very_many_goods_finds_the_same_in_the_same_order(
    many_cards: None, monkeypatch: pytest.MonkeyPatch, text: str, is_common: bool
) -> None:
    assert read_search(text, current_shelf()).is_common is is_common, "Giftly begins with gift"
    quick = walked(text)
    monkeypatch.setattr("storefront.catalog.queries.finding._is_common", lambda *_: False)
    assert walked(text) == quick
    assert len(quick[0]) == 60


def walked(text: str) -> tuple[list[str], list[str]]:
    """The slugs of all pages forth and, from the last one, back."""
    forth, back = list[str](), list[str]()
    page = visible_products(Filters(q=text), current_shelf(), language="en", size=7)
    forth += [row.slug for row in page.products]
    while page.next:
        page = pages_of(text, page.next)
        forth += [row.slug for row in page.products]
    while page.previous:
        page = pages_of(text, page.previous)
        back += [row.slug for row in page.products]
    return forth, back


def pages_of(text: str, after: str) -> ListPage:
    return visible_products(Filters(q=text, after=after), current_shelf(), language="en", size=7)

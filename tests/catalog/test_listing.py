"""Lists go on by key: no page is lost or shown twice, and no stranger's text breaks them."""

import base64
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.catalog.forms import read_filters
from storefront.catalog.models import Category, Product
from storefront.catalog.queries import Filters, current_shelf, visible_products
from storefront.catalog.queries.listing import SORTS, ListPage
from tests.catalog.conftest import NOON
from tests.catalog.shelves import nth_id, settle, stock_product, stock_sku

pytestmark = pytest.mark.django_db

PRICES = [None, "5", "5", "7.50", "7.5", "100"]


@pytest.fixture
def shelves() -> list[Product]:
    """Thirty products with equal names, prices and ages among them."""
    products = [
        stock_product(
            f"Card {number % 7:02}",
            slug=f"card-{number}",
            id=nth_id(number),
            name_ru="" if number % 3 else f"Карта {number % 4}",
            now=NOON + timedelta(days=number % 5),
        )
        for number in range(30)
    ]
    for number, product in enumerate(products):
        price = PRICES[number % len(PRICES)]
        if price is not None:
            stock_sku(product, now=NOON, price=Decimal(price))
    settle(now=NOON)
    return list(Product.objects.all())


def listed(filters: Filters, *, language: str = "en", size: int = 24) -> ListPage:
    return visible_products(filters, current_shelf(), language=language, size=size)


def names(page: ListPage) -> list[str]:
    return [row.name for row in page.products]


def key(product: Product, sort: str, language: str) -> tuple[Any, ...]:
    name = product.name_ru or product.name_en if language == "ru" else product.name_en
    price = product.from_price if product.from_price is not None else Decimal(10**10)
    down = product.from_price if product.from_price is not None else Decimal(0)
    keys = {
        "name": name, "price": price, "-price": down, "newest": product.first_seen_at,
        "popular": product.popularity,
    }  # fmt: skip
    return keys[sort], product.pk.int


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("sort", SORTS)
def test_walking_there_and_back_meets_everything_once_and_in_order(
    shelves: list[Product], sort: str, language: str
) -> None:
    down = sort in {"-price", "newest", "popular"}
    expected = sorted(shelves, key=lambda product: key(product, sort, language), reverse=down)
    page = listed(Filters(sort=sort), language=language, size=7)
    assert page.previous is None
    pages = [page.products]
    while page.next:
        page = listed(Filters(sort=sort, after=page.next), language=language, size=7)
        pages.append(page.products)
    assert [row.slug for part in pages for row in part] == [p.slug for p in expected]
    assert [len(part) for part in pages] == [7, 7, 7, 7, 2]
    for earlier in reversed(pages[:-1]):
        assert page.previous
        page = listed(Filters(sort=sort, after=page.previous), language=language, size=7)
        assert page.products == earlier
        assert page.next
    assert page.previous is None


def test_a_page_stays_where_it_is_when_what_comes_before_changes(shelves: list[Product]) -> None:
    page = listed(Filters(sort="name"), size=7)
    assert page.next
    Product.objects.filter(slug__in=[row.slug for row in page.products]).update(is_hidden=True)
    again = listed(Filters(sort="name", after=page.next), size=7)
    assert len(again.products) == 7


def test_what_is_hidden_or_of_an_unknown_type_is_not_listed() -> None:
    stock_product("Shown", now=NOON)
    stock_product("Hidden", now=NOON, is_hidden=True)
    stock_product("Unknown", now=NOON, type="subscription")
    settle(now=NOON)
    assert names(listed(Filters())) == ["Shown"]


def test_a_category_holds_what_is_below_it() -> None:
    gifts = Category.objects.create(id=1, slug="gifts", name_en="Gifts")
    games = Category.objects.create(id=2, slug="games", name_en="Games", parent=gifts)
    stock_product("Steam", now=NOON, category=games)
    stock_product("Amazon", now=NOON, category=gifts)
    stock_product("Uber", now=NOON)
    settle(now=NOON)
    assert sorted(names(listed(Filters(category="gifts")))) == ["Amazon", "Steam"]
    assert names(listed(Filters(category="games"))) == ["Steam"]
    assert names(listed(Filters(category="nothing"))) == []


def test_filters_narrow_together() -> None:
    stock_product("Orange", now=NOON, country="FR", type="recharge")
    stock_product("Fnac", now=NOON, country="FR")
    stock_product("Etisalat", now=NOON, country="AE", type="recharge")
    settle(now=NOON)
    assert names(listed(Filters(country="FR", type="recharge"))) == ["Orange"]
    assert sorted(names(listed(Filters(country="fr")))) == ["Fnac", "Orange"]
    assert names(listed(Filters(country="France"))) == []


def cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


HOSTILE_CURSORS = [
    "",
    "x",
    "é",
    "🙂" * 50,
    "====",
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b"[" * 3000).decode(),
    cursor(),
    cursor("name"),
    cursor("name", False, "x", "not an id"),
    cursor("name", False, None, nth_id(1).hex),
    cursor("name", False, "a\0b", nth_id(1).hex),
    cursor("name", False, "\ud800", nth_id(1).hex),
    cursor("name", False, "x" * 401, nth_id(1).hex),
    cursor("name", "yes", "x", nth_id(1).hex),
    cursor("price", False, "NaN", nth_id(1).hex),
    cursor("price", False, "1e999999", nth_id(1).hex),
    cursor("price", False, "-1", nth_id(1).hex),
    cursor("price", False, [1], nth_id(1).hex),
    cursor("newest", False, "yesterday", nth_id(1).hex),
    cursor("newest", False, "2026-11-23", nth_id(1).hex),
    cursor("newest", False, "0001-01-01T00:00:00+14:00", nth_id(1).hex),
    cursor("newest", False, "9999-12-31T23:59:59-14:00", nth_id(1).hex),
    cursor("gone", False, "x", nth_id(1).hex),
]


@pytest.mark.parametrize("sort", ["name", "price", "newest", "-price", "'; --", "\ud800"])
def test_a_cursor_that_is_not_ours_is_a_page_all_the_same(
    shelves: list[Product], sort: str
) -> None:
    for after in HOSTILE_CURSORS:
        page = listed(Filters(sort=sort, after=after), size=7)
        assert len(page.products) in {0, 7}, after


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.fixed_dictionaries({name: st.text(max_size=50) for name in Filters.__annotations__}))
def test_whatever_an_address_says_there_is_an_answer(
    shelves: list[Product], query: dict[str, str]
) -> None:
    assert len(listed(read_filters(query)[0]).products) <= 24


def test_what_a_stranger_sends_is_cleaned_and_cut() -> None:
    filters, ignored = read_filters(
        {"q": " a\0\u202eb\n c " + "x" * 500, "type": "\x00", "foreign": "y"}
    )
    assert filters.q.startswith("a b c ")
    assert len(filters.q) == 100
    assert filters.type == ""
    assert ignored == ()


@pytest.mark.parametrize(
    ("query", "kept", "ignored"),
    [
        ({"price_min": "10", "price_max": "25.50"}, ("10", "25.50"), ()),
        ({"price_min": "1,040", "price_max": "10.00"}, ("10", "1040"), ()),
        ({"price_min": "cheap"}, ("", ""), ("price_min",)),
        ({"price_min": "-5"}, ("", ""), ("price_min",)),
        ({"price_max": "1e9"}, ("", ""), ("price_max",)),
        ({"price_max": "99999999999"}, ("", ""), ("price_max",)),
        ({"price_max": "1.2.3"}, ("", ""), ("price_max",)),
        ({"sort": "id"}, ("", ""), ("sort",)),
        ({"price_max": "NaN"}, ("", ""), ("price_max",)),
    ],
)
def test_prices_are_read_as_people_write_them_and_nonsense_is_named(
    query: dict[str, str], kept: tuple[str, str], ignored: tuple[str, ...]
) -> None:
    filters, left_out = read_filters(query)
    assert (filters.price_min, filters.price_max) == kept
    assert left_out == ignored


def test_a_price_range_holds_what_is_sold_within_it(shelves: list[Product]) -> None:
    assert {row.price for row in listed(Filters(price_min="6", price_max="50")).products} == {
        Decimal("7.50")
    }
    assert len(listed(Filters(price_min="6")).products) == 15
    assert len(listed(Filters(price_max="5", price_min="5")).products) == 10


@pytest.mark.parametrize("sort", list(SORTS))
def test_a_first_page_is_read_as_any_other(sort: str) -> None:
    """It is asked for in SQL that was put together before; with a filter Django writes it."""
    for number in range(30):
        product = stock_product(f"Card {number}", now=NOON, type="recharge", country="US")
        Product.objects.filter(pk=product.pk).update(
            own_fields=[None, {"en": [], "ru": []}, {"en": [{}], "ru": []}][number % 3],
            recipient="unreadable",
        )
        if number % 2:
            stock_sku(product, now=NOON)
    settle(now=NOON)
    for language in ("en", "ru"):
        first, filtered = (
            visible_products(filters, current_shelf(), language=language)
            for filters in (Filters(sort=sort), Filters(sort=sort, country="US"))
        )
        assert first == filtered
        assert {row.not_yet for row in first.products} == {True, False}

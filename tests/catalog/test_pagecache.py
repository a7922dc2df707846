"""Kept pages: the same for every stranger, nobody's own, and never older than the catalog."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storefront.catalog import pagecache
from storefront.catalog.models import CatalogState, Product, Sku
from storefront.catalog.queries.offers import FRESH_FOR
from tests.catalog.conftest import NOON, Partner
from tests.catalog.shelves import settle, stock_product, stock_sku

pytestmark = pytest.mark.django_db
PAGES = ["/", "/products/", "/products/?q=steam", "/products/steam/", "/ru/products/steam/"]


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def pages(settings: Any, monkeypatch: pytest.MonkeyPatch) -> pagecache.Pages:
    """Room for pages, all of it empty."""
    settings.PAGE_CACHE_BYTES = 2**20
    pages = pagecache.Pages()
    monkeypatch.setattr(pagecache, "PAGES", pages)
    return pages


@pytest.fixture
def steam() -> Sku:
    sku = stock_sku(stock_product("Steam", now=NOON, country="AE"), now=NOON)
    settle(now=NOON)
    return sku


def body(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def queries(get: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        get()
    return len(seen)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asked_for_again_takes_one_query(steam: Sku, address: str) -> None:
    first = body(Client(), address)
    stranger = Client()
    assert queries(lambda: stranger.get(address)) == 1
    assert without_token(body(Client(), address)) == without_token(first)


def without_token(page: str) -> str:
    start = 'name="csrfmiddlewaretoken" value="'
    before, found, after = page.partition(start)
    return before + found + after[64:] if found else page


def test_a_changed_price_is_on_every_page_at_once(steam: Sku) -> None:
    for address in PAGES:
        assert "9.90" in body(Client(), address) or "9,90" in body(Client(), address)
    Sku.objects.update(price=Decimal("12.34"))
    settle(now=NOON)
    for address in PAGES:
        page = body(Client(), address)
        assert "12.34" in page or "12,34" in page
        assert "9.90" not in page
        assert "9,90" not in page


def test_what_a_sync_publishes_is_on_the_pages_at_once(partner: Partner) -> None:
    partner.sync()
    with time_machine.travel(partner.now, tick=False):
        assert "$9.90" in body(Client(), "/products/apple/")
        sku = Sku.objects.get(product__slug="apple", face_value=10)
        partner.change(str(sku.pk), price="10.00")
        partner.sync()
        assert "$11.00" in body(Client(), "/products/apple/")
        assert "$11.00" in body(Client(), "/products/?q=apple")


def test_a_page_ends_when_its_prices_grow_too_old(steam: Sku, noon: Any) -> None:
    noon.move_to(NOON + FRESH_FOR - timedelta(seconds=5))
    assert "add-to-cart" in body(Client(), "/products/steam/")
    assert "Its price is being checked" not in body(Client(), "/products/steam/")
    noon.move_to(NOON + FRESH_FOR + timedelta(seconds=1))
    assert "Its price is being checked" in body(Client(), "/products/steam/")
    CatalogState.objects.update(priced_at=NOON + FRESH_FOR)
    assert "Its price is being checked" not in body(Client(), "/products/steam/")


def test_no_page_is_kept_longer_than_a_minute(steam: Sku, noon: Any) -> None:
    body(Client(), "/products/")
    Product.objects.update(name_en="Changed behind the catalog's back")
    assert "Changed" not in body(Client(), "/products/")
    noon.shift(pagecache.KEPT_FOR)
    assert queries(lambda: Client().get("/products/")) > 1


def test_whoever_has_a_cart_sees_the_own_one_and_nobody_else_does(steam: Sku) -> None:
    alice, mallory = Client(), Client()
    alice.post("/cart/add/", {"sku": steam.pk, "quantity": 3})
    for address in PAGES:
        before = body(mallory, address)
        assert '<span class="count">3</span>' in body(alice, address)
        assert '<span class="count">' not in before
        assert '<span class="count">' not in body(mallory, address)


def test_every_visitor_has_a_token_that_only_this_visitor_can_use(steam: Sku) -> None:
    body(Client(), "/products/steam/")
    for _ in range(2):
        visitor = Client(enforce_csrf_checks=True)
        start = 'name="csrfmiddlewaretoken" value="'
        token = body(visitor, "/products/steam/").partition(start)[2][:64]
        order = {"sku": steam.pk, "quantity": 1, "csrfmiddlewaretoken": token}
        assert Client(enforce_csrf_checks=True).post("/cart/add/", order).status_code == 403
        assert visitor.post("/cart/add/", order).status_code == 302


def test_languages_addresses_hosts_and_parts_do_not_mix(steam: Sku) -> None:
    whole = body(Client(), "/products/")
    assert "<html" not in body(Client(), "/products/", hx_request="true", hx_target="shelf")
    assert body(Client(), "/products/") == whole
    assert 'lang="ru"' in body(Client(), "/ru/products/")
    assert 'value="nothing"' in body(Client(), "/products/?q=nothing")
    assert body(Client(), "/products/", host="localhost") == whole


def test_an_unchanged_page_is_not_sent_twice(steam: Sku) -> None:
    first = Client().get("/products/")
    again = Client().get("/products/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Sku.objects.update(price=Decimal("12.34"))
    settle(now=NOON)
    changed = Client().get("/products/", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["Cache-Control"] == "private, no-cache"
    assert "ETag" not in Client().get("/products/steam/")


@pytest.mark.parametrize("address", ["/products/nothing/", "/products/steam"])
def test_only_whole_pages_are_kept(steam: Sku, address: str, pages: pagecache.Pages) -> None:
    Client().get(address)
    assert pages._bytes == 0


def test_what_is_kept_stays_within_its_room(
    steam: Sku, pages: pagecache.Pages, settings: Any
) -> None:
    settings.PAGE_CACHE_BYTES = 2**17
    for number in range(40):
        body(Client(), f"/products/?q={number}")
    assert 2**16 < pages._bytes <= 2**17
    assert queries(lambda: Client().get("/products/?q=0")) > 1
    assert queries(lambda: Client().get("/products/?q=39")) == 1

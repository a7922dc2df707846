"""Parts of pages that are drawn once: never older than what they show, and nobody's own."""

from decimal import Decimal
from typing import Any

import psycopg
import pytest
import time_machine
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe

from storefront.catalog import drawn, pagecache
from storefront.catalog.meta import meta
from storefront.catalog.models import Product, Sku
from storefront.catalog.queries.offers import FRESH_FOR
from tests.catalog.conftest import NOON
from tests.catalog.shelves import settle, stock_product, stock_sku

pytestmark = pytest.mark.django_db
PAGES = ["/products/?n={}", "/products/?q=steam&n={}", "/products/steam/?n={}"]


@pytest.fixture(autouse=True)
def noon(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Parts are remembered; whole pages would be, but every address below is asked for once."""
    settings.PAGE_CACHE_BYTES = 2**20
    monkeypatch.setattr(pagecache, "PAGES", pagecache.Pages())
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def steam() -> Sku:
    sku = stock_sku(stock_product("Steam", now=NOON, country="AE"), now=NOON)
    settle(now=NOON)
    return sku


def body(address: str, client: Client | None = None) -> str:
    response = (client or Client()).get(address)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("address", PAGES)
def test_a_part_that_was_drawn_is_not_drawn_again(
    steam: Sku, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = body(address.format(1))
    for place in ("list_page.render_to_string", "views.render_to_string"):
        monkeypatch.setattr(f"storefront.catalog.{place}", None)
    assert len(body(address.format(2))) == len(first)


@pytest.mark.parametrize("address", PAGES)
def test_a_row_that_changed_is_on_the_page_whatever_the_shelf_says(
    steam: Sku, address: str
) -> None:
    assert "Gone by" not in body(address.format(1))
    Product.objects.update(name_en="Gone by Steam")
    assert "Gone by" in body(address.format(2))


def test_a_price_and_the_stock_of_a_denomination_are_always_those_of_now(steam: Sku) -> None:
    assert "$9.90" in body("/products/steam/?n=1")
    Sku.objects.update(price=Decimal("12.34"))
    assert "$12.34" in body("/products/steam/?n=2")
    Sku.objects.update(stock=0)
    assert "add-to-cart" not in body("/products/steam/?n=3")


def test_a_product_that_is_drawn_ends_when_its_prices_grow_too_old(steam: Sku, noon: Any) -> None:
    assert "Its price is being checked" not in body("/products/steam/?n=1")
    noon.shift(FRESH_FOR * 2)
    assert "Its price is being checked" in body("/products/steam/?n=2")


def test_a_form_that_is_drawn_once_has_the_token_of_whoever_looks(steam: Sku) -> None:
    for number in range(2):
        visitor = Client(enforce_csrf_checks=True)
        start = 'name="csrfmiddlewaretoken" value="'
        token = body(f"/products/steam/?n={number}", visitor).partition(start)[2][:64]
        order = {"sku": steam.pk, "quantity": 1, "csrfmiddlewaretoken": token}
        assert Client(enforce_csrf_checks=True).post("/cart/add/", order).status_code == 403
        assert visitor.post("/cart/add/", order).status_code == 302


def test_the_place_of_the_token_is_nobodys_to_see(steam: Sku) -> None:
    form = '<input type="hidden" name="csrfmiddlewaretoken" value='
    for number in range(2):
        page = body(f"/products/steam/?n={number}")
        assert drawn.HERE not in page
        assert form in page


def test_languages_and_carts_do_not_mix(steam: Sku) -> None:
    alice = Client()
    alice.post("/cart/add/", {"sku": steam.pk, "quantity": 3})
    for number, address in enumerate(PAGES):
        assert '<span class="count">3</span>' in body(address.format(f"a{number}"), alice)
        assert '<span class="count">' not in body(address.format(f"b{number}"))
        assert "All products" in body(address.format(f"c{number}"))
        assert "Все товары" in body("/ru" + address.format(f"d{number}"))


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_costs_nobody_a_page() -> None:
    """Nothing asks beforehand whether it still works: the first question of a page finds out."""
    with transaction.atomic():
        stock_sku(stock_product("Steam", now=NOON), now=NOON)
        settle(now=NOON)
    for address in ("/", "/products/", "/products/steam/"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        with psycopg.connect(connection.connection.info.dsn) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        # As before every request that a server takes.
        monitored: Any = connection
        monitored.health_check_done = False
        assert "Steam" in body(address)


def test_a_known_product_costs_two_queries_and_a_list_two(steam: Sku) -> None:
    for address in ("/products/steam/?n={}", "/products/?n={}"):
        body(address.format(1))
        with CaptureQueriesContext(connection) as seen:
            body(address.format(2))
        assert len(seen) == 2


def test_a_message_is_shown_to_nobody_else(steam: Sku) -> None:
    request: Any = RequestFactory().get("/products/")
    request.session, request.user = SessionStore(), AnonymousUser()
    request._messages = FallbackStorage(request)
    messages.info(request, "Said to Alice alone")
    shown = drawn.Shown(mark_safe("goods"), meta("/products/", title="All", description="All"))
    for number in range(2):
        assert "Said to Alice alone" not in body(f"/products/?n={number}")
        page = drawn.whole_page(request, "catalog/product_list.html", shown)
        assert "Said to Alice alone" in page.content.decode()

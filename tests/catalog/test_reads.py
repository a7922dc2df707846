"""What pages read of a large shop: through an index, and about as much as they show.

The same with 100,000 and with 1,000,000 SKUs, so that no page grows with the shop.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storefront.catalog.models import CatalogState, Product
from storefront.catalog.pages import list_url
from storefront.catalog.queries import Filters, current_shelf, visible_products
from storefront.catalog.queries.counts import MOST_COUNTED
from storefront.catalog.queries.listing import cursor_at
from storefront.catalog.sync import shelf
from tests.catalog.many import stock_many

pytestmark = pytest.mark.django_db
SIZES = [
    100_000,
    pytest.param(1_000_000, marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
]
SORTS = ["popular", "price", "-price", "name", "newest"]
# A page has 24 products, and one more tells whether there is another page.
FEW = 30
SCANS = {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}


@pytest.fixture(scope="module", autouse=True, params=SIZES)
def shop(
    request: pytest.FixtureRequest, django_db_setup: object, django_db_blocker: Any
) -> Iterator[None]:
    """Filled once for all of these tests, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        stock_many(request.param)
        shelf.renew_shelf()
        shelf.renew_words()
        CatalogState.objects.update(priced_at=datetime.now(UTC))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE catalog_product, catalog_sku, catalog_searchword")
            # As autovacuum would.
            cursor.execute("SELECT gin_clean_pending_list('shelf_by_words')")
            cursor.execute("SELECT gin_clean_pending_list('words_by_sound')")
            # Now and not after each test.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        transaction.set_rollback(True)


def read(address: str) -> dict[str, int]:
    """How many rows each table's scans touched for that page, and that none went through all."""
    with CaptureQueriesContext(connection) as seen:
        assert Client().get(address).status_code == 200
    rows: dict[str, int] = {}
    for asked in list(seen):
        if "catalog_product" in asked["sql"] or "catalog_sku" in asked["sql"]:
            for scan in scans(asked["sql"]):
                assert scan["Node Type"] in SCANS, (address, scan)
                looked_at = (scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) * scan[
                    "Actual Loops"
                ]
                rows[scan["Relation Name"]] = rows.get(scan["Relation Name"], 0) + int(looked_at)
    return rows


def scans(sql: str) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
        answer = cursor.fetchone()[0]
    plans = json.loads(answer) if isinstance(answer, str) else answer
    nodes = [plans[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if "Relation Name" in node:
            yield node


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("language", ["", "/ru"])
def test_the_first_page_reads_about_what_it_shows(sort: str, language: str) -> None:
    rows = read(f"{language}/products/?sort={sort}")
    assert set(rows) == {"catalog_product"}
    assert rows["catalog_product"] <= FEW


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_page_in_the_middle_reads_no_more_in_either_direction(sort: str, backwards: bool) -> None:
    column = {"popular": "popularity", "name": "name_en", "newest": "first_seen_at"}.get(
        sort, "from_price"
    )
    middle = Product.objects.order_by(column, "id")[5_000]
    after = cursor_at(sort, getattr(middle, column), middle.pk, backwards=backwards)
    filters = Filters(sort=sort, after=after)
    page = visible_products(filters, current_shelf(), language="en")
    assert len(page.products) == 24
    assert page.next
    assert page.previous
    assert read(list_url(filters))["catalog_product"] <= FEW


@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("brandqqa", FEW),  # a brand
        ("card 7777", FEW),  # one product
        ("brandqzb card", FEW),
        ("card", MOST_COUNTED // 2 + FEW),  # all of them, of which so many are counted
        ("barndqqa", 10 * FEW),  # mistyped: all that it may have been meant for
    ],
)
def test_a_search_reads_about_what_it_finds(words: str, most: int) -> None:
    # Once for the page, once for the numbers beside the filters.
    assert sum(read(f"/products/?q={words.replace(' ', '+')}").values()) <= 2 * most


def test_a_product_reads_its_own_rows() -> None:
    rows = read("/products/product-5000/")
    assert rows["catalog_product"] <= 2
    assert rows["catalog_sku"] <= 2 * 10

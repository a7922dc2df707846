"""Fetching the partner's lists, page by page, straight into temporary tables.

Nothing is kept in memory but one page, and no transaction is open while the partner is asked:
every COPY stands alone. The tables belong to this database connection and end with it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import connection

from partner_api import PartnerClient
from partner_api.models import Page, Product
from storefront.catalog.sync import rows

log = structlog.get_logger(__name__)

LOCALES = ("en", "ru")
# More pages than this are taken for an endless list.
PAGE_LIMIT = 500

TABLES = {
    "staged_category": "locale text, id bigint, name text, slug_base text, parent_id bigint, "
    "attributes jsonb",
    "staged_product": "locale text, id uuid, type text, denomination_type text, name text, "
    "slug_base text, description text, raw jsonb, image text, category_id bigint, "
    "category_name text, category_slug text, country text, brand text, attributes jsonb, "
    "fields jsonb, recipient text",
    "staged_sku": "locale text, id uuid, product_id uuid, name text, position int, image text, "
    "attributes jsonb, face_value numeric, face_currency text, minimum numeric, maximum numeric, "
    "step numeric",
    "staged_price": "id uuid, denomination_type text, cost numeric, cost_currency text, "
    "face_currency text, rate numeric, markup_percent numeric, "
    "markup_fixed numeric, stock int, max_per_order int, problem text",
}
Counts = dict[str, int]
Row = tuple[Any, ...]


class EndlessList(Exception):  # noqa: N818  the failure is the name
    """A list went on beyond the page limit."""


@contextmanager
def staging_tables() -> Iterator[None]:
    """Empty staging tables for the length of a `with` block."""
    drop = f"DROP TABLE IF EXISTS {', '.join(TABLES)}"
    with connection.cursor() as cursor:
        cursor.execute(drop)
        for name, columns in TABLES.items():
            cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
    try:
        yield
    finally:
        # A connection that broke has taken its temporary tables along.
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute(drop)


def fetch(client: PartnerClient) -> Counts:
    """Copy everything the partner lists into staging; returns {pages, unreadable}.

    Prices come last: they change fastest, so they are the youngest. Raises PartnerError and
    EndlessList; what is staged by then is worth nothing.
    """
    counts = {"pages": 0, "unreadable": 0}
    for locale in LOCALES:
        _copy_categories(client, locale, counts)
        _copy_products(client, locale, counts)
    for page in _limited(client.pricelist_pages(), "prices", counts):
        _copy("staged_price", _read(page.items, rows.price, counts))
    _index()
    return counts


def _copy_categories(client: PartnerClient, locale: str, counts: Counts) -> None:
    page = client.category_page(locale=locale)
    counts["unreadable"] += len(page.unreadable)
    lines = _read(page.items, rows.category, counts)
    _copy("staged_category", ((locale, *line) for line in lines))


def _copy_products(client: PartnerClient, locale: str, counts: Counts) -> None:
    pages = client.product_pages(locale=locale, include_skus=True)
    for page in _limited(pages, f"products, {locale}", counts):
        lines = _read(page.items, rows.product, counts)
        _copy("staged_product", ((locale, *line) for line in lines))
        skus = ((locale, *line) for item in page.items for line in _skus(item, counts))
        _copy("staged_sku", skus)


def _skus(item: Product, counts: Counts) -> list[Row]:
    try:
        product_id = rows.uuid_of(item.id)
    except rows.BadItem:
        return []  # counted with its product
    counts["unreadable"] += len(item.unreadable_skus)
    numbered = list(enumerate(item.skus))
    return _read(numbered, lambda pair: rows.sku(pair[1], product_id, pair[0]), counts)


def _limited(pages: Iterable[Page[Any]], what: str, counts: Counts) -> Iterator[Page[Any]]:
    """The pages, counted, with progress in the log and a limit."""
    for number, page in enumerate(pages, start=1):
        if number > PAGE_LIMIT:
            raise EndlessList(f"{what}: more than {PAGE_LIMIT} pages")
        counts["pages"] += 1
        counts["unreadable"] += len(page.unreadable)
        if number % 25 == 0:
            log.info("catalog sync", fetching=what, page=number)
        yield page


def _read(items: Iterable[Any], reader: Callable[[Any], Row], counts: Counts) -> list[Row]:
    read = []
    for item in items:
        try:
            read.append(reader(item))
        except rows.BadItem:
            counts["unreadable"] += 1
    return read


def _copy(table: str, lines: Iterable[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)


def _index() -> None:
    """What the checks and the merge join by; without figures the planner would guess badly."""
    with connection.cursor() as cursor:
        for table in TABLES:
            key = "id" if table == "staged_price" else "id, locale"
            cursor.execute(f"CREATE INDEX ON {table} ({key})")
            cursor.execute(f"ANALYZE {table}")

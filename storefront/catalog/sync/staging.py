"""Fetching the partner's lists, page by page, straight into temporary tables.

Nothing is kept in memory but a page and the next one, and no transaction is open while the partner
is asked: every COPY stands alone. The tables belong to this database connection and end with it.

The reference does not say so, but both locales list the same goods: what there is, is taken from
the English lists; the Russian ones are read for texts alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import connection, transaction

from partner_api import PartnerClient
from partner_api.errors import NotFound, PartnerError
from partner_api.models import Page, PriceRow, Product
from storefront.catalog.sync import rows
from storefront.catalog.sync.ahead import ahead

log = structlog.get_logger(__name__)

# More pages than this are taken for an endless list; prices may have as many as their SKUs need.
PAGE_LIMIT = 500
PER_PAGE = 200
# So many products are asked for one by one in a run, because the pricelist left them out.
MOST_DETAILS = 50

_PRICE = (
    "id uuid, denomination_type text, cost numeric, cost_currency text, face_currency text, "
    "rate numeric, markup_percent numeric, markup_fixed numeric, stock int, max_per_order int, "
    "problem text"
)
TABLES = {
    "staged_category": "id bigint, name text, slug_base text, parent_id bigint, attributes jsonb",
    "staged_category_ru": "id bigint, name text, attributes jsonb",
    "staged_product": "id uuid, type text, denomination_type text, name text, slug_base text, "
    "description text, raw jsonb, image text, category_id bigint, category_name text, "
    "category_slug text, country text, brand text, attributes jsonb, fields jsonb, recipient text",
    "staged_product_ru": "id uuid, name text, description text, raw jsonb, category_id bigint, "
    "category_name text, fields jsonb",
    "staged_sku": "id uuid, product_id uuid, name text, position int, image text, "
    "attributes jsonb, face_value numeric, face_currency text, minimum numeric, maximum numeric, "
    "step numeric",
    "staged_sku_ru": "id uuid, name text",
    "staged_price": _PRICE,
}
# What is joined or grouped by, in the lists that come before the prices.
JOINED = dict.fromkeys(list(TABLES)[:-1], "id") | {
    "staged_category": "id, parent_id",
    "staged_product": "id, category_id",
    "staged_sku": "id, product_id",
}
# The SKUs that prices are wanted for: in a full sync, and between two of them.
STAGED_SKUS = "SELECT id, product_id FROM staged_sku"
OUR_SKUS = "SELECT id, product_id FROM catalog_sku WHERE missing_runs = 0"
Row = tuple[Any, ...]
Report = Callable[[str], None]


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


@contextmanager
def a_few_prices(lines: list[Row]) -> Iterator[None]:
    """Nothing but these prices staged, in a transaction that waits for nobody long."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '300ms'")
        cursor.execute(f"CREATE TEMP TABLE staged_price ({_PRICE}) ON COMMIT DROP")
        _copy("staged_price", lines)
        yield
        cursor.execute("DROP TABLE staged_price")


@dataclass
class Fetch:
    """One fetch into staging. Raises PartnerError and EndlessList; what is staged by then is worth
    nothing. `counts` says how many pages came, how many items could not be read, and how many
    products were asked for one by one."""

    client: PartnerClient
    report: Report
    counts: dict[str, int] = field(
        default_factory=lambda: {"pages": 0, "unreadable": 0, "details": 0}
    )

    def everything(self) -> None:
        """All lists. Prices come last: they change fastest, so they are the youngest."""
        self._categories("en", "staged_category", rows.category)
        self._categories("ru", "staged_category_ru", rows.category_text)
        ours = _number("SELECT count(*) FROM catalog_product WHERE missing_runs = 0")
        for page in self._pages("products", self._products("en"), about=ours):
            _copy("staged_product", self._read(page.items, rows.product))
            _copy("staged_sku", self._skus(page.items))
        listed = _number("SELECT count(*) FROM staged_product")
        for page in self._pages("products in Russian", self._products("ru"), about=listed):
            _copy("staged_product_ru", self._read(page.items, rows.product_text))
            skus = [sku for product in page.items for sku in product.skus]
            _copy("staged_sku_ru", self._read(skus, rows.sku_text))
        _analyse(JOINED)
        self.prices(of=STAGED_SKUS)

    def prices(self, *, of: str) -> None:
        """The pricelist; `of` is the query of the SKUs it should be of."""
        skus = _number(f"SELECT count(*) FROM ({of}) AS sku")  # noqa: S608  our own queries
        most = max(PAGE_LIMIT, 2 * skus // PER_PAGE)
        for page in self._pages("prices", self.client.pricelist_pages(), most=most, about=skus):
            _copy("staged_price", self._read(page.items, rows.price))
            _copy("staged_price", self._read(page.unreadable, rows.unreadable_price, count=False))
        _analyse({"staged_price": "id"})

    def missing_prices(self, *, of: str) -> None:
        """What the pricelist leaves out, from the product's own page, for MOST_DETAILS products.

        The reference promises prices there as well. Only SKUs the pricelist does not mention are
        looked for: one that it gives no usable price has none.
        """
        for product_id in _unpriced(of):
            self.report("prices the list left out")
            if not self._detail(product_id):
                break

    def _detail(self, product_id: str) -> bool:
        """Stage what the product's own page says of its SKUs; False when asking is of no use."""
        try:
            product = self.client.product(product_id)
        except NotFound:
            return True
        except PartnerError as error:
            log.warning("catalog sync: no detail", product=product_id, error=str(error))
            return False
        self.counts["details"] += 1
        prices = [
            PriceRow(
                sku_id=sku.id, denomination_type=product.denomination_type, price=sku.price,
                currency=sku.currency, stock=sku.stock, max_per_order=sku.max_per_order,
                rate=sku.rate, markup_percent=sku.markup_percent, markup_fixed=sku.markup_fixed,
            )
            for sku in product.skus
        ]  # fmt: skip
        _copy_new_prices(self._read(prices, rows.price))
        return True

    def _categories(self, locale: str, table: str, reader: Callable[[Any], Row]) -> None:
        page = self.client.category_page(locale=locale)
        self.counts["unreadable"] += len(page.unreadable)
        _copy(table, self._read(page.items, reader))

    def _products(self, locale: str) -> Iterator[Page[Product]]:
        return self.client.product_pages(locale=locale, include_skus=True)

    def _skus(self, products: Iterable[Product]) -> list[Row]:
        read = []
        for product in products:
            if not rows.is_uuid(product.id):
                continue  # counted with its product
            self.counts["unreadable"] += len(product.unreadable_skus)
            for position, sku in enumerate(product.skus):
                try:
                    read.append(rows.sku(sku, product.id, position))
                except rows.BadItem:
                    self.counts["unreadable"] += 1
        return read

    def _pages(
        self, what: str, pages: Iterator[Page[Any]], *, about: int, most: int = 0
    ) -> Iterator[Page[Any]]:
        """The pages, the next one fetched while one is stored; counted, reported, limited. `about`
        so many rows are expected, as far as anybody knows."""
        most = most or PAGE_LIMIT
        of = f" of about {-(-about // PER_PAGE)}" if about else ""
        with ahead(pages) as fetched:
            for number, page in enumerate(fetched, start=1):
                if number > most:
                    raise EndlessList(f"{what}: more than {most} pages")
                self.counts["pages"] += 1
                self.counts["unreadable"] += len(page.unreadable)
                self.report(f"{what}: page {number}{of}")
                yield page

    def _read(
        self, items: Iterable[Any], reader: Callable[[Any], Row], *, count: bool = True
    ) -> list[Row]:
        read = []
        for item in items:
            try:
                read.append(reader(item))
            except rows.BadItem:
                self.counts["unreadable"] += count
        return read


def _unpriced(of: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT product_id::text FROM ({of}) AS sku WHERE NOT EXISTS ("  # noqa: S608  our own queries
            "SELECT FROM staged_price AS told WHERE told.id = sku.id) LIMIT %s",
            [MOST_DETAILS],
        )
        return [row[0] for row in cursor.fetchall()]


def _copy(table: str, lines: list[Row]) -> None:
    if not lines:
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)


def _copy_new_prices(lines: list[Row]) -> None:
    """Those of SKUs that have none yet: the list's word counts before the detail's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id::text FROM staged_price WHERE id = ANY(%s::uuid[])",
            [[line[0] for line in lines]],
        )
        known = {row[0] for row in cursor.fetchall()}
    _copy("staged_price", [line for line in lines if line[0].lower() not in known])


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def _analyse(tables: Mapping[str, str]) -> None:
    """Without figures the planner guesses badly; of the columns that join, rough ones will do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 10")
        for table, columns in tables.items():
            cursor.execute(f"ANALYZE {table} ({columns})")

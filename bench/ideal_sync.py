"""The least a sync must do: fetch, decode by type, COPY into staging, and one merge a table that
touches only what changed. No checks, no cleaning of texts, no prices of ours, no pages.

It keeps what the shop keeps of a catalog: both languages, attributes, costs and stock.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec
import psycopg
import requests

from storefront.catalog.sync.ahead import ahead

T = TypeVar("T")


class Sku(msgspec.Struct):
    """A SKU of a product."""

    id: str
    name: str
    image: str
    attributes: dict[str, Any]


class Shelf(msgspec.Struct):
    """A product's category."""

    id: int
    name: str


class Product(msgspec.Struct):
    """A row of the product list."""

    id: str
    name: str
    type: str
    denomination_type: str
    category: Shelf
    description: str
    image: str
    attributes: dict[str, Any]
    fields: msgspec.Raw
    skus: list[Sku]


class Price(msgspec.Struct):
    """A row of the pricelist."""

    sku_id: str
    denomination_type: str
    currency: str
    stock: int | None
    max_per_order: int | None
    price: Decimal | None = None
    rate: Decimal | None = None
    markup_percent: Decimal | None = None
    markup_fixed: Decimal | None = None


class Meta(msgspec.Struct):
    """Where a list goes on."""

    next_cursor: str | None


class Page(msgspec.Struct, Generic[T]):
    """One page of a list."""

    data: list[T]
    meta: Meta


PRODUCT = """id uuid primary key, type text, denomination_type text, name_en text, name_ru text,
    description_en text, description_ru text, image text, category_id bigint, attributes jsonb,
    fields jsonb"""
SKU = """id uuid primary key, product_id uuid, name_en text, name_ru text, position int, image text,
    attributes jsonb, denomination_type text, cost numeric, currency text, rate numeric,
    markup_percent numeric, markup_fixed numeric, stock int, max_per_order int"""
STAGED = {
    "product": PRODUCT.replace(" primary key", "").replace("name_ru text,", "", 1).replace(
        "description_ru text,", ""
    ),
    "product_ru": "id uuid, name_ru text, description_ru text",
    "sku": "id uuid, product_id uuid, name_en text, position int, image text, attributes jsonb",
    "sku_ru": "id uuid, name_ru text",
    "price": """id uuid, denomination_type text, cost numeric, currency text, rate numeric,
        markup_percent numeric, markup_fixed numeric, stock int, max_per_order int""",
}  # fmt: skip
SOURCES = {
    "product": "staged_product AS told JOIN staged_product_ru AS ru USING (id)",
    "sku": "staged_sku AS told JOIN staged_sku_ru AS ru USING (id) JOIN staged_price USING (id)",
}


def prepare(connection: psycopg.Connection) -> None:
    """The two tables, with the keys they need."""
    connection.execute(f"CREATE TABLE product ({PRODUCT})".encode())
    connection.execute(f"CREATE TABLE sku ({SKU})".encode())
    connection.execute("CREATE INDEX ON sku (product_id)")


def sync(connection: psycopg.Connection, *, url: str, token: str) -> None:
    """All lists into the tables; `connection` commits by itself."""
    for name, columns in STAGED.items():
        connection.execute(f"CREATE TEMP TABLE staged_{name} ({columns})".encode())
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        products = url + "/catalog/products?include_skus=1&per_page=200&locale="
        for items in pages(session, products + "en", Page[Product]):
            copy(connection, "product", map(_product, items))
            copy(connection, "sku", (row for each in items for row in _skus(each)))
        for items in pages(session, products + "ru", Page[Product]):
            copy(connection, "product_ru", ((p.id, p.name, p.description) for p in items))
            copy(connection, "sku_ru", ((sku.id, sku.name) for p in items for sku in p.skus))
        for items in pages(session, url + "/catalog/pricelist?per_page=200", Page[Price]):
            copy(connection, "price", map(_price, items))
    for name in STAGED:
        connection.execute(f"ANALYZE staged_{name}".encode())
    with connection.transaction():
        connection.execute("SET LOCAL work_mem = '64MB'")
        merge(connection, "product", PRODUCT)
        merge(connection, "sku", SKU)


def pages(session: requests.Session, url: str, kind: Any) -> Iterator[list[Any]]:
    """The rows of each page, the next one fetched and decoded while one is stored."""
    decode = msgspec.json.Decoder(kind).decode
    with ahead(_fetched(session, url, decode)) as fetched:
        yield from fetched


def _fetched(
    session: requests.Session, url: str, decode: Callable[[bytes], Any]
) -> Iterator[list[Any]]:
    cursor = ""
    while True:
        answer = session.get(url + (f"&cursor={cursor}" if cursor else ""), timeout=30)
        answer.raise_for_status()
        page = decode(answer.content)
        yield page.data
        if not page.meta.next_cursor:
            return
        cursor = page.meta.next_cursor


def copy(connection: psycopg.Connection, name: str, lines: Iterable[tuple[Any, ...]]) -> None:
    """These rows into the staging table."""
    with connection.cursor().copy(f"COPY staged_{name} FROM STDIN".encode()) as stream:
        for line in lines:
            stream.write_row(line)


def merge(connection: psycopg.Connection, name: str, columns: str) -> None:
    """Insert what is new and update what differs; nothing else is touched."""
    names = [part.split()[0] for part in columns.split(",")][1:]
    listed = ", ".join(names)
    statement = f"""
        WITH told AS MATERIALIZED (
            SELECT id, {", ".join(f"new.{each}" for each in names)}, live.id IS NULL AS is_new
            FROM (SELECT id, {listed} FROM {SOURCES[name]}) AS new LEFT JOIN {name} AS live
                USING (id)
            WHERE live.id IS NULL OR ROW ({", ".join(f"live.{each}" for each in names)})
                IS DISTINCT FROM ROW ({", ".join(f"new.{each}" for each in names)})
        ), changed AS (
            UPDATE {name} AS live SET ({listed}) = ROW ({", ".join(f"told.{n}" for n in names)})
            FROM told WHERE told.id = live.id AND NOT told.is_new
        )
        INSERT INTO {name} (id, {listed}) SELECT id, {listed} FROM told WHERE is_new
    """  # noqa: S608  the names above
    connection.execute(statement.encode())


def _product(item: Product) -> tuple[Any, ...]:
    return (
        item.id, item.type, item.denomination_type, item.name, item.description, item.image,
        item.category.id, json.dumps(item.attributes), bytes(item.fields).decode(),
    )  # fmt: skip


def _skus(item: Product) -> Iterator[tuple[Any, ...]]:
    for position, sku in enumerate(item.skus):
        yield sku.id, item.id, sku.name, position, sku.image, json.dumps(sku.attributes)


def _price(item: Price) -> tuple[Any, ...]:
    return (
        item.sku_id, item.denomination_type, item.price, item.currency, item.rate,
        item.markup_percent, item.markup_fixed, item.stock, item.max_per_order,
    )  # fmt: skip

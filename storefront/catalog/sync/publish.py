"""Merging staging into the shelves: set-based SQL that touches only rows which change.

One statement a table finds the rows that differ, updates those we have and inserts the others; an
unchanged catalog writes nothing. ON CONFLICT DO UPDATE would lock and log every row. Call it in one
transaction.

What a row is told to be stands in `tables`; this is how it gets there. A row that is missing is
counted, hidden the second time, and never deleted.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from storefront.catalog import repricing
from storefront.catalog.models import Sku
from storefront.catalog.pricing import JUMP_BAND_PERCENT
from storefront.catalog.sync import derived, firsts
from storefront.catalog.sync.firsts import NOTHING, Firsts
from storefront.catalog.sync.tables import (
    CATEGORIES,
    FRESH_PRICES,
    PRICES,
    PRODUCTS,
    SKUS,
    Table,
)

Parameters = dict[str, Any]
# So many names of each kind of change are kept with the run.
NAMED = 25


@dataclass
class Changes:
    """Rows written by one publication, and the names of the first of them by what happened."""

    added: int = 0
    changed: int = 0
    hidden: int = 0
    # Nothing stood there before.
    is_first: bool = False
    names: dict[str, list[str]] = field(default_factory=dict)

    def note(self, what: str, count: int, names: list[str]) -> None:
        """Add so many rows to which `what` happened."""
        setattr(self, what, getattr(self, what) + count)
        known = self.names.setdefault(what, [])
        known.extend(names[: NAMED - len(known)])

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.hidden)


def publish(*, now: datetime, at: datetime) -> Changes:
    """Merge all of staging, fetched from `now` on; returns what it changed. New SKUs have their
    prices of the moment `at`; those of others are not among it: see `repricing`."""
    changes = Changes(is_first=not Sku.objects.exists())
    priced = repricing.parameters(now=at)
    _merge(CATEGORIES, changes, now=now)
    # What follows from SKUs is written with their product, so they come first: the database looks
    # for an SKU's product when the transaction ends. Products are what is named first, though.
    skus = Changes()
    _merge(SKUS, skus, priced, news=firsts.of_skus(), now=now)
    followed = derived.parameters(settings.STORE_CURRENCY)
    _merge(PRODUCTS, changes, followed, news=firsts.of_products(), now=now)
    for what in ("added", "changed"):
        changes.note(what, getattr(skus, what), skus.names[what])
    for name, staged in (("catalog_product", "staged_product"), ("catalog_sku", "staged_sku")):
        count, names = _execute(_missing(name, staged), {"now": now})
        changes.note("hidden", count, names)
    return changes


def publish_prices(*, now: datetime) -> Changes:
    """Merge the staged pricelist into the SKUs we have; returns what it changed."""
    changes = Changes()
    _merge(PRICES, changes, now=now)
    return changes


def publish_fresh_prices(*, now: datetime) -> Changes:
    """Merge what is staged of a few SKUs, and say nothing of the others."""
    changes = Changes()
    _merge(FRESH_PRICES, changes, now=now)
    return changes


def _merge(
    table: Table,
    changes: Changes,
    more: Parameters | None = None,
    *,
    news: Firsts = NOTHING,
    now: datetime,
) -> None:
    parameters: Parameters = {"now": now, "band": JUMP_BAND_PERCENT / 100} | (more or {})
    with connection.cursor() as cursor:  # the joins of a large catalog would spill to disk
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_statement(table, news), parameters)
        added, added_names, changed, changed_names = cursor.fetchone()
    changes.note("added", added, added_names or [])
    changes.note("changed", changed, changed_names or [])


def _statement(table: Table, news: Firsts) -> str:
    """Find the rows that differ, once, and write them."""
    columns = list(table.columns)
    told = ", ".join(f"{sql} AS {name}" for name, sql in table.columns.items())
    old = ", ".join(f"live.{name}" for name in columns)
    new = ", ".join(f"told.{name}" for name in columns)
    dated = ", changed_at = %(now)s" if table.is_dated else ""
    slug = f", {table.slug} AS slug_base" if table.slug else ""
    return f"""
        WITH RECURSIVE told AS MATERIALIZED (
            SELECT {table.key} AS id{slug}, told.*, live.id IS NULL AS is_new
            FROM {table.source} CROSS JOIN LATERAL (SELECT {told}) AS told
            WHERE live.id IS NULL OR ({old}) IS DISTINCT FROM ({new})
        ), changed AS (
            UPDATE {table.name} AS live SET ({", ".join(columns)}) = ROW ({new}){dated}
            FROM told WHERE live.id = told.id AND NOT told.is_new
            RETURNING coalesce(nullif(live.name_en, ''), live.name_ru) AS name
        ){_insert(table, news)}
        SELECT (SELECT count(*) FROM added), (SELECT (array_agg(name))[:{NAMED}] FROM added),
            (SELECT count(*) FROM changed), (SELECT (array_agg(name))[:{NAMED}] FROM changed)
    """  # noqa: S608  names and queries of this package


def _insert(table: Table, news: Firsts) -> str:
    if not table.adds:
        return ", added AS (SELECT NULL::text AS name LIMIT 0)"
    values = {name: f"told.{name}" for name in ("id", *table.columns)} | news.columns
    if table.is_dated:
        values |= {"first_seen_at": "%(now)s", "changed_at": "%(now)s"}
    if table.slug:
        values["slug"] = _slug(table.name)
    queries = f", {news.queries}" if news.queries else ""
    return f"""{queries}, added AS (
        INSERT INTO {table.name} ({", ".join(values)})
        SELECT {", ".join(values.values())} FROM told {news.joins} WHERE is_new
        RETURNING coalesce(nullif(name_en, ''), name_ru) AS name
    )"""  # noqa: S608  as above


def _slug(table: str) -> str:
    """The wished-for address if it is free and nobody before in this run wished for it."""
    return f"""
        CASE WHEN told.slug_base <> ''
            AND row_number() OVER (PARTITION BY told.slug_base ORDER BY told.id) = 1
            AND NOT EXISTS (SELECT FROM {table} AS taken WHERE taken.slug = told.slug_base)
        THEN told.slug_base
        ELSE coalesce(nullif(told.slug_base, ''), 'item') || '-' || left(md5(told.id::text), 10)
        END
    """


def _missing(table: str, staged: str) -> str:
    return f"""
        WITH missing AS (
            UPDATE {table} AS live SET missing_runs = missing_runs + 1,
                is_hidden = missing_runs + 1 >= 2, changed_at = %(now)s
            WHERE NOT is_hidden AND NOT EXISTS (
                SELECT FROM {staged} AS told WHERE told.id = live.id
            )
            RETURNING coalesce(nullif(name_en, ''), name_ru) AS name
        )
        SELECT count(*), (array_agg(name))[:{NAMED}] FROM missing
    """  # noqa: S608  as above


def _execute(sql: str, parameters: Parameters) -> tuple[int, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        count, names = cursor.fetchone()
    return int(count), names or []

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

from django.db import connection

from storefront.catalog.pricing import JUMP_BAND_PERCENT
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
    names: dict[str, list[str]] = field(default_factory=dict)

    def note(self, what: str, count: int, names: list[str]) -> None:
        """Add so many rows to which `what` happened."""
        setattr(self, what, getattr(self, what) + count)
        known = self.names.setdefault(what, [])
        known.extend(names[: NAMED - len(known)])

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.hidden)


def publish(*, now: datetime) -> Changes:
    """Merge all of staging; returns what it changed. Prices are not among it: see `repricing`."""
    changes = Changes()
    for table in (CATEGORIES, PRODUCTS, SKUS):
        _merge(table, changes, now=now)
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


def _merge(table: Table, changes: Changes, *, now: datetime) -> None:
    with connection.cursor() as cursor:  # the joins of a large catalog would spill to disk
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_statement(table), {"now": now, "band": JUMP_BAND_PERCENT / 100})
        added, added_names, changed, changed_names = cursor.fetchone()
    changes.note("added", added, added_names or [])
    changes.note("changed", changed, changed_names or [])


def _statement(table: Table) -> str:
    """Find the rows that differ, once, and write them."""
    columns = list(table.columns)
    told = ", ".join(f"{sql} AS {name}" for name, sql in table.columns.items())
    old = ", ".join(f"live.{name}" for name in columns)
    new = ", ".join(f"told.{name}" for name in columns)
    dated = ", changed_at = %(now)s" if table.is_dated else ""
    slug = f", {table.slug} AS slug_base" if table.slug else ""
    return f"""
        WITH told AS MATERIALIZED (
            SELECT {table.key} AS id{slug}, told.*, live.id IS NULL AS is_new
            FROM {table.source} CROSS JOIN LATERAL (SELECT {told}) AS told
            WHERE live.id IS NULL OR ({old}) IS DISTINCT FROM ({new})
        ), changed AS (
            UPDATE {table.name} AS live SET ({", ".join(columns)}) = ROW ({new}){dated}
            FROM told WHERE live.id = told.id AND NOT told.is_new
            RETURNING coalesce(nullif(live.name_en, ''), live.name_ru) AS name
        ){_insert(table)}
        SELECT (SELECT count(*) FROM added), (SELECT (array_agg(name))[:{NAMED}] FROM added),
            (SELECT count(*) FROM changed), (SELECT (array_agg(name))[:{NAMED}] FROM changed)
    """  # noqa: S608  names and queries of this package


def _insert(table: Table) -> str:
    if not table.adds:
        return ", added AS (SELECT NULL::text AS name LIMIT 0)"
    firsts = list(table.at_first)
    if table.is_dated:
        firsts += [("first_seen_at", "%(now)s"), ("changed_at", "%(now)s")]
    if table.slug:
        firsts.append(("slug", _slug(table.name)))
    names = ", ".join(["id", *table.columns, *(name for name, _ in firsts)])
    values = ", ".join(
        ["told.id", *(f"told.{name}" for name in table.columns), *(sql for _, sql in firsts)]
    )
    return f""", added AS (
        INSERT INTO {table.name} ({names}) SELECT {values} FROM told WHERE is_new
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

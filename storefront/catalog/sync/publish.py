"""Merging staging into the shelves: set-based SQL that touches only rows which change.

An UPDATE of rows that differ and an INSERT of new ones write nothing for an unchanged catalog;
ON CONFLICT DO UPDATE would lock and log every row. Call it in one transaction.

What a row is told to be stands in `tables`; this is how it gets there. A row that is missing is
counted, hidden the second time, and never deleted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from storefront.catalog.pricing import JUMP_BAND_PERCENT
from storefront.catalog.sync.tables import CATEGORIES, PRODUCTS, SKUS, Table

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """Rows written by one publication."""

    added: int = 0
    changed: int = 0
    hidden: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            self.added + other.added, self.changed + other.changed, self.hidden + other.hidden
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.hidden)


def publish(*, now: datetime) -> Changes:
    """Merge all of staging; returns what it changed. Prices are not among it: see `repricing`."""
    parameters = {"now": now, "band": JUMP_BAND_PERCENT / 100}
    changes = Changes()
    with connection.cursor() as cursor:  # the joins of a large catalog would spill to disk
        cursor.execute("SET LOCAL work_mem = '64MB'")
    for table in (CATEGORIES, PRODUCTS, SKUS):
        changed = _execute(_update(table), parameters)
        changes += Changes(added=_execute(_insert(table), parameters), changed=changed)
    for name, staged in (("catalog_product", "staged_product"), ("catalog_sku", "staged_sku")):
        changes += Changes(hidden=_execute(_missing(name, staged), parameters))
    return changes


def _execute(sql: str, parameters: Parameters) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def _update(table: Table) -> str:
    columns = ", ".join(table.columns)
    old = ", ".join(f"live.{name}" for name in table.columns)
    new = ", ".join(f"told.{name}" for name in table.columns)
    dated = ", changed_at = %(now)s" if table.is_dated else ""
    return f"""
        UPDATE {table.name} AS live SET ({columns}) = ROW ({new}){dated}
        FROM ({table.told}) AS told
        WHERE live.id = told.id AND ({old}) IS DISTINCT FROM ({new})
    """  # noqa: S608  names and queries of this module


def _insert(table: Table) -> str:
    firsts = list(table.at_first)
    if table.is_dated:
        firsts += [("first_seen_at", "%(now)s"), ("changed_at", "%(now)s")]
    if table.has_slug:
        firsts.append(("slug", _slug(table.name)))
    names = ", ".join(["id", *table.columns, *(name for name, _ in firsts)])
    values = ", ".join(
        ["told.id", *(f"told.{name}" for name in table.columns), *(sql for _, sql in firsts)]
    )
    return f"""
        INSERT INTO {table.name} ({names}) SELECT {values} FROM ({table.told}) AS told
        WHERE NOT EXISTS (SELECT FROM {table.name} AS live WHERE live.id = told.id)
    """  # noqa: S608  as above


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
        UPDATE {table} AS live
        SET missing_runs = missing_runs + 1, is_hidden = missing_runs + 1 >= 2, changed_at = %(now)s
        WHERE NOT is_hidden AND NOT EXISTS (SELECT FROM {staged} AS told WHERE told.id = live.id)
    """  # noqa: S608  as above

"""The partner's orders and charges beside our rows for a while: temporary tables, page by page.

Of an order only what is compared is kept: never a code.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from partner_api import Order, PartnerClient

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 2000


class Sold(NamedTuple):
    """One order as the partner has it."""

    external_id: str
    partner_id: str
    status: str
    sku_id: str | None
    quantity: int | None
    units: int
    created_at: datetime | None


class Charge(NamedTuple):
    """One row of the partner's ledger about an order; negative when it was taken from us."""

    order_id: str
    amount: Decimal
    currency: str


class Unreadable(Exception):  # noqa: N818  the failure is the name
    """The partner's books have rows that can't be read: nothing may be concluded from the rest."""


@contextmanager
def beside(
    sold: Iterable[Sold], charges: Iterable[Charge], *, since: datetime = LONG_AGO
) -> Iterator[None]:
    """Both as tables of this connection while the block runs; `since`: where they begin."""
    with connection.cursor() as cursor:
        _drop()
        cursor.execute(
            "CREATE TEMP TABLE partner_orders (external_id text, partner_id text, status text,"
            " sku_id text, quantity int, units int, created_at timestamptz)"
        )
        cursor.execute(
            "CREATE TEMP TABLE partner_charges (order_id text, amount numeric, currency text)"
        )
        cursor.execute(
            "CREATE TEMP TABLE partner_window AS SELECT %s::timestamptz AS since", [since]
        )
        _copy("partner_orders", sold)
        _copy("partner_charges", charges)
        cursor.execute("CREATE INDEX ON partner_orders (external_id)")
        cursor.execute("CREATE INDEX ON partner_orders (partner_id)")
        cursor.execute("CREATE INDEX ON partner_charges (order_id)")
        cursor.execute("ANALYZE partner_orders")
        cursor.execute("ANALYZE partner_charges")
    try:
        yield
    finally:
        _drop()


def sold_by(client: PartnerClient, *, since: datetime | None = None) -> Iterator[Sold]:
    """All orders the partner has. Raises Unreadable, and what the client raises."""
    for page in client.order_pages(per_page=100, date_from=since):
        if page.unreadable:
            raise Unreadable(page.unreadable[0].reason)
        yield from map(_sold, page.items)


def charged_by(client: PartnerClient, *, since: datetime | None = None) -> Iterator[Charge]:
    """Its ledger about orders, newest first, back to `since`. Raises as `sold_by`."""
    for page in client.balance_transaction_pages():
        if page.unreadable:
            raise Unreadable(page.unreadable[0].reason)
        for row in page.items:
            if since is not None and row.created_at < since:
                return
            if row.order_id:
                yield Charge(row.order_id, row.amount, row.currency)


def _sold(order: Order) -> Sold:
    item = order.items[0] if order.items else None
    return Sold(
        order.external_id or "",
        order.id,
        order.status,
        item.sku_id if item else None,
        item.quantity if item else None,
        sum(len(item.deliveries) for item in order.items),
        order.created_at,
    )


def _copy(table: str, rows: Iterable[Sold] | Iterable[Charge]) -> None:
    """In batches: reading the rows may need this connection, or take its time."""
    left = iter(rows)
    while some := list(islice(left, _BATCH)):
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in some:
                copy.write_row(row)


def run(statement: str, values: Mapping[str, Any] | None = None) -> None:
    """Carry it out; temporary tables belong to this very connection."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _drop() -> None:
    run(
        "DROP TABLE IF EXISTS pg_temp.partner_orders, pg_temp.partner_charges,"
        " pg_temp.partner_window"
    )

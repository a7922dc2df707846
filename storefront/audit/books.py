"""The partner's orders and ledger beside our rows for one check: temporary tables, page by page.

Of an order only what is compared is kept: never a code.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db import connection

from partner_api import Order, PartnerClient

T = TypeVar("T")

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 500


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
            "CREATE TEMP TABLE audit_orders (external_id text, partner_id text, status text,"
            " sku_id text, quantity int, units int, created_at timestamptz)"
        )
        cursor.execute("CREATE TEMP TABLE audit_charges (order_id text, amount numeric)")
        cursor.execute("CREATE TEMP TABLE audit_window AS SELECT %s::timestamptz AS since", [since])
        for some in _batches(sold):
            cursor.executemany("INSERT INTO audit_orders VALUES (%s, %s, %s, %s, %s, %s, %s)", some)
        for few in _batches(charges):
            cursor.executemany("INSERT INTO audit_charges VALUES (%s, %s)", few)
        cursor.execute("CREATE INDEX ON audit_orders (external_id)")
        cursor.execute("CREATE INDEX ON audit_orders (partner_id)")
        cursor.execute("CREATE INDEX ON audit_charges (order_id)")
        cursor.execute("ANALYZE audit_orders")
        cursor.execute("ANALYZE audit_charges")
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
                yield Charge(row.order_id, row.amount)


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


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while some := list(islice(left, _BATCH)):
        yield some


def _drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.audit_orders, pg_temp.audit_charges, pg_temp.audit_window"
        )

"""Holding the books beside each other: finds the differences and merges them into the breaks.

A break that is found again stays the same row; one that is not, though its time was looked at, has
ended by itself; one a person accepted stays so while its amount does.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction

from partner_api import PartnerClient
from partner_api.models import Balance
from storefront.core.refs import external_id_pattern
from storefront.orders import states as ordering
from storefront.reconciliation import books, mirror
from storefront.reconciliation.books import run
from storefront.reconciliation.differences import MATCHED, QUERIES
from storefront.reconciliation.kinds import Cause

# Lists may lag, and what an order costs may be booked a little later than it is delivered.
SETTLED = timedelta(hours=1)
# An order's charge is not before it, but the partner's clock is not ours.
_BEFORE = timedelta(days=1)
# A balance that is asked for while orders are placed may be that of a moment ago.
_RECENT = timedelta(minutes=10)
_STEP = Decimal("0.0001")


class Found(NamedTuple):
    """One difference, as the table of breaks wants it."""

    kind: str
    subject: str
    order_number: str
    amount: Decimal
    currency: str
    says: str
    at: datetime


def compare(client: PartnerClient, *, since: datetime, now: datetime) -> dict[str, int]:
    """Read the partner's books, then merge every difference; returns how much was compared.

    Raises PartnerError and books.Unreadable; no break is opened or closed then.
    """
    mirror.read(client, now=now)
    balance = client.balance()
    told = {
        "since": since,
        "settled": now - SETTLED,
        "ours": external_id_pattern(),
        "settled_orders": sorted(ordering.SETTLED),
    }
    sold = books.sold_by(client, since=since - _BEFORE)
    charges = mirror.charges(since=since - _BEFORE)
    with books.beside(sold, charges, since=since), transaction.atomic():
        run(MATCHED, told)
        run(_FOUND)
        for query in QUERIES:
            run(f"INSERT INTO found {query}", told)
        with connection.cursor() as cursor:
            rows = [*_ledger_gaps(since), *_wrong_balance(balance, now)]
            cursor.executemany("INSERT INTO found VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)
        for step in _MERGE:
            run(step, {"now": now, "since": since})
        return _counts(since)


def _ledger_gaps(since: datetime) -> Iterator[Found]:
    for gap in mirror.gaps_since(since):
        says = f"{gap.expected.normalize():f} by the rows before, {gap.found.normalize():f} after"
        subject = f"{gap.at.isoformat()} {gap.currency}"
        amount = (gap.found - gap.expected).quantize(_STEP)
        yield Found(Cause.GAP, subject, "", amount, gap.currency, says, gap.at)


def _wrong_balance(balance: Balance, now: datetime) -> Iterator[Found]:
    """The balance beside the ledger's newest rows, and its parts beside each other."""
    rows = mirror.standing().filter(currency=balance.currency)
    newest = rows.order_by("-created_at", "-id").first()
    currency = balance.currency
    if newest is not None:
        recent = rows.filter(created_at__gte=newest.created_at - _RECENT)
        if not recent.filter(balance_after=balance.balance).exists():
            amount = (balance.balance - newest.balance_after).quantize(_STEP)
            says = f"{balance.balance} by the balance, {newest.balance_after.normalize():f} by rows"
            yield Found(Cause.BALANCE_DIFFERS, currency, "", amount, currency, says, now)
    yield from parts_that_differ(balance, now)


def parts_that_differ(balance: Balance, now: datetime) -> Iterator[Found]:
    """Whether what is available is balance - reserved + overdraft; the partner's figure counts."""
    currency = balance.currency
    computed = balance.expected_available
    if computed != balance.available_balance:
        amount = (balance.available_balance - computed).quantize(_STEP)
        says = f"{balance.available_balance} by the partner, {computed} by its parts"
        yield Found(Cause.AVAILABLE_DIFFERS, currency, "", amount, currency, says, now)


_FOUND = """
    CREATE TEMP TABLE found (kind text, subject text, order_number text, amount numeric(14, 4),
      currency text, says text, at timestamptz) ON COMMIT DROP
"""
_MERGE = (
    """
    UPDATE reconciliation_break b SET seen_at = %(now)s, amount = f.amount, says = left(f.says, 300)
    FROM found f WHERE b.kind = f.kind AND b.subject = f.subject AND b.closed_at IS NULL
    """,
    """
    INSERT INTO reconciliation_break (kind, subject, order_number, amount, currency, says, at,
      found_at, seen_at, closed_by, reason)
    SELECT DISTINCT ON (kind, subject) kind, subject, order_number, amount, currency,
      left(says, 300), at, %(now)s, %(now)s, '', ''
    FROM found f WHERE NOT EXISTS (SELECT FROM reconciliation_break b
      WHERE b.kind = f.kind AND b.subject = f.subject
        AND (b.closed_at IS NULL OR (b.reason <> '' AND b.amount = f.amount)))
    """,
    """
    UPDATE reconciliation_break b SET closed_at = %(now)s, closed_by = 'system'
    WHERE closed_at IS NULL AND at >= %(since)s AND NOT EXISTS (
      SELECT FROM found f WHERE b.kind = f.kind AND b.subject = f.subject)
    """,
)


def _counts(since: datetime) -> dict[str, int]:
    questions = {
        "orders": "SELECT count(*) FROM partner_orders",
        "transactions": "SELECT count(*) FROM reconciliation_mirroredtransaction"
        " WHERE created_at >= %(since)s",
        "purchases": "SELECT count(*) FROM matched",
        "payments": "SELECT count(*) FROM payments_payment WHERE created_at >= %(since)s",
        "breaks": "SELECT count(*) FROM reconciliation_break WHERE closed_at IS NULL",
    }
    counts = {}
    with connection.cursor() as cursor:
        for name, question in questions.items():
            cursor.execute(question, {"since": since})
            counts[name] = int(cursor.fetchone()[0])
    return counts

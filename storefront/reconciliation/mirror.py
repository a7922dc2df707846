"""Copying the partner's ledger, which has no ids and pages by time.

Pages are read into a temporary table until they overlap what is here by a day, so memory stays the
same however long the ledger is. A row is its content and the how-manieth of its kind it is: reading
a page twice adds nothing, and two equal rows stay two. Where the copy does not add up or a row is
no longer listed, the same stretch is read again by pages of another size, since rows of one moment
that a page's end cuts apart can be passed over; what still does not fit is a difference.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from partner_api import BalanceTransaction, PartnerClient
from storefront.reconciliation.books import Charge, Unreadable, run
from storefront.reconciliation.chain import Gap, Link, gaps
from storefront.reconciliation.models import MirroredTransaction

OVERLAP = timedelta(days=1)
PAGE_SIZES = (100, 83)
_BATCH = 2000
_BOUND = 10**15

_COLUMNS = "type, amount, balance_after, currency, created_at, order_id, payment_method, fee_amount"


def read(client: PartnerClient, *, now: datetime, whole: bool = False) -> None:
    """Copy what is new, or compare all of it.

    Raises PartnerError and Unreadable; the mirror is then as it was.
    """
    newest = MirroredTransaction.objects.order_by("-created_at").first()
    until = None if whole or newest is None else newest.created_at - OVERLAP
    with _staging():
        edge = None
        for walk, per_page in enumerate(PAGE_SIZES):
            whole_after = _stage(client, walk, per_page, until)
            edge = max(filter(None, [edge, whole_after]), default=None)
            with transaction.atomic():
                _merge(edge, now=now)
            if not _missing(edge) and next(gaps_since(edge), None) is None:
                break


def charges(*, since: datetime) -> Iterator[Charge]:
    """What the ledger says of orders, from then on."""
    rows = standing().filter(created_at__gte=since).exclude(order_id="")
    for row in rows.values_list("order_id", "amount", "currency").iterator(chunk_size=_BATCH):
        yield Charge(*row)


def standing() -> QuerySet[MirroredTransaction]:
    """The rows that count: one that is gone still happened, unless another came in its place."""
    instead = MirroredTransaction.objects.filter(
        created_at=OuterRef("created_at"), type=OuterRef("type"), order_id=OuterRef("order_id"),
        missing_since=None, first_seen_at__gte=OuterRef("missing_since"),
    )  # fmt: skip
    return MirroredTransaction.objects.filter(Q(missing_since=None) | ~Exists(instead))


def gaps_since(since: datetime | None = None) -> Iterator[Gap]:
    """The gaps of the mirror; from the last row before `since` on."""
    rows = standing()
    if since is not None:
        before = rows.filter(created_at__lte=since).order_by("-created_at").first()
        rows = rows.filter(created_at__gte=before.created_at if before else since)
    fields = rows.order_by("created_at", "id").values_list(
        "created_at", "currency", "amount", "balance_after"
    )
    return gaps(Link(*row) for row in fields.iterator(chunk_size=_BATCH))


def _missing(edge: datetime | None) -> bool:
    rows = MirroredTransaction.objects.filter(missing_since__isnull=False)
    return (rows.filter(created_at__gt=edge) if edge else rows).exists()


class _staging:  # noqa: N801  used as a function
    """The temporary table of what the partner lists, while the block runs."""

    def __enter__(self) -> None:
        run("DROP TABLE IF EXISTS pg_temp.listed")
        run(
            "CREATE TEMP TABLE listed (walk int, place bigint, type text, amount numeric(28, 8),"
            " balance_after numeric(28, 8), currency text, created_at timestamptz, order_id text,"
            " payment_method text, fee_amount numeric(28, 8), rest text)"
        )

    def __exit__(self, *_: object) -> None:
        run("DROP TABLE IF EXISTS pg_temp.listed")


def _stage(
    client: PartnerClient, walk: int, per_page: int, until: datetime | None
) -> datetime | None:
    """Copy pages, newest first, back to `until`; returns after which moment the copy is whole."""
    place = 0
    for page in client.balance_transaction_pages(per_page=per_page):
        if page.unreadable:
            raise Unreadable(page.unreadable[0].reason)
        with connection.cursor() as cursor, cursor.copy("COPY listed FROM STDIN") as copy:
            for row in page.items:
                copy.write_row(_line(walk, place, row))
                place += 1
        oldest = min((row.created_at for row in page.items), default=None)
        if until is not None and oldest is not None and oldest < until:
            # Of this very moment the next page may hold more.
            return oldest
    return None


def _line(walk: int, place: int, row: BalanceTransaction) -> tuple[object, ...]:
    if any(
        abs(amount) > _BOUND
        for amount in (row.amount, row.balance_after, row.fee_amount or Decimal(0))
    ):
        raise Unreadable("an amount beyond all bounds")
    return (
        walk, place, _text(row.type, 40), row.amount, row.balance_after, _text(row.currency, 8),
        row.created_at, _text(row.order_id, 64), _text(row.payment_method, 80), row.fee_amount,
        f"{row.original_amount} {_text(row.original_currency, 8)} {row.exchange_rate}",
    )  # fmt: skip


def _text(value: str | None, most: int) -> str:
    """As a column keeps it."""
    return (value or "").replace("\0", "")[:most]


# Equal rows are numbered within one walk; a row that either walk lists is listed.
_LISTED = f"""
    SELECT DISTINCT ON (content, occurrence) * FROM (
      SELECT {_COLUMNS}, walk, place, content, row_number() OVER (
        PARTITION BY walk, content ORDER BY place DESC) AS occurrence
      FROM (SELECT *, md5(concat_ws('|', type, trim_scale(amount), trim_scale(balance_after),
              currency, extract(epoch FROM created_at), order_id, payment_method,
              trim_scale(fee_amount), rest))::uuid AS content
            FROM listed WHERE created_at > %(edge)s) l) numbered
    ORDER BY content, occurrence, walk
"""  # noqa: S608  our own columns


_MERGE = (
    "DROP TABLE IF EXISTS pg_temp.listed_once",
    f"CREATE TEMP TABLE listed_once AS {_LISTED}",
    "CREATE INDEX ON listed_once (content, occurrence)",
    "ANALYZE listed_once",
    # In the partner's order: ids tell which row of one moment came first.
    f"""
    INSERT INTO reconciliation_mirroredtransaction ({_COLUMNS}, content, occurrence, first_seen_at)
    SELECT {_COLUMNS}, content, occurrence, %(now)s FROM listed_once l
    WHERE NOT EXISTS (SELECT FROM reconciliation_mirroredtransaction m
      WHERE m.content = l.content AND m.occurrence = l.occurrence)
    ORDER BY walk, place DESC
    """,  # noqa: S608  our own columns
    """
    UPDATE reconciliation_mirroredtransaction m SET missing_since = %(now)s
    WHERE missing_since IS NULL AND created_at > %(edge)s AND NOT EXISTS (SELECT FROM listed_once l
      WHERE l.content = m.content AND l.occurrence = m.occurrence)
    """,
    """
    UPDATE reconciliation_mirroredtransaction m SET missing_since = NULL
    WHERE missing_since IS NOT NULL AND created_at > %(edge)s AND EXISTS (SELECT FROM listed_once l
      WHERE l.content = m.content AND l.occurrence = m.occurrence)
    """,
    "DROP TABLE listed_once",
)


def _merge(edge: datetime | None, *, now: datetime) -> None:
    """Add what is new, note what is gone, take back what has returned."""
    for step in _MERGE:
        run(step, {"edge": edge or "-infinity", "now": now})

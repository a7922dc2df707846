"""Reading differences, comparisons and the mirror, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Sum

from storefront.reconciliation.chain import Gap, Link, gaps
from storefront.reconciliation.mirror import standing
from storefront.reconciliation.models import Break, Comparison, MirroredTransaction

PAGE = 100


@dataclass(frozen=True)
class State:
    """How the books stand: the last comparison that came to an end, and one that failed since."""

    open_breaks: int
    done: Comparison | None
    failed: Comparison | None


def state() -> State:
    """As the last comparison left it."""
    ended = Comparison.objects.filter(finished_at__isnull=False).order_by("-pk")
    latest = ended.first()
    if latest is None or not latest.error:
        return State(_open(), latest, None)
    return State(_open(), ended.filter(error="").first(), latest)


def _open() -> int:
    return Break.objects.filter(closed_at=None).count()


@dataclass(frozen=True)
class Heap:
    """All open differences of one kind in one currency."""

    kind: str
    count: int
    amount: Decimal
    currency: str


def heaps() -> list[Heap]:
    """Open differences by kind, the most money first."""
    rows = Break.objects.filter(closed_at=None).values("kind", "currency")
    found = rows.annotate(count=Count("pk"), amount=Sum("amount"))
    heaps = [Heap(row["kind"], row["count"], row["amount"], row["currency"]) for row in found]
    return sorted(heaps, key=lambda heap: (-abs(heap.amount), heap.kind))


def open_breaks(*, kind: str, after: int) -> list[Break]:
    """Open differences, the oldest first; `after`: the last one of the page before."""
    rows = Break.objects.filter(closed_at=None, pk__gt=after)
    return list((rows.filter(kind=kind) if kind else rows).order_by("pk")[: PAGE + 1])


def closed_breaks() -> list[Break]:
    """The latest that ended or were accepted."""
    rows = Break.objects.filter(closed_at__isnull=False)
    return list(rows.order_by("-closed_at", "-pk")[:20])


def comparisons() -> list[Comparison]:
    """The latest ones."""
    return list(Comparison.objects.order_by("-pk")[:10])


@dataclass(frozen=True)
class Entry:
    """A row of the partner's ledger, and the gap that follows below it, if one does."""

    row: MirroredTransaction
    gap: Gap | None

    @property
    def key(self) -> str:
        """Where the next page begins."""
        return f"{self.row.created_at.isoformat()} {self.row.pk}"


def ledger(*, order_id: str, before: str) -> list[Entry]:
    """The partner's ledger, newest first, a row more than a page. ValueError for a strange key."""
    rows = MirroredTransaction.objects.all()
    if order_id:
        rows = rows.filter(order_id=order_id)
    if before:
        moment, _, pk = before.rpartition(" ")
        if (at := datetime.fromisoformat(moment)).tzinfo is None:
            raise ValueError("a time without its zone")
        rows = rows.filter(created_at__lte=at).exclude(created_at=at, pk__gte=int(pk))
    found = list(rows.order_by("-created_at", "-pk")[: PAGE + 1])
    broken = {} if order_id else {gap.at: gap for gap in _gaps_among(found)}
    last = {row.created_at: row.pk for row in found}
    return [
        Entry(row, broken.get(row.created_at) if last[row.created_at] == row.pk else None)
        for row in found
    ]


def whole_ledger() -> Iterator[MirroredTransaction]:
    """All of it, oldest first, in the memory of a few rows."""
    return MirroredTransaction.objects.order_by("created_at", "pk").iterator(chunk_size=2000)


def _gaps_among(rows: list[MirroredTransaction]) -> Iterator[Gap]:
    chosen = standing().filter(pk__in=[row.pk for row in rows]).order_by("created_at", "pk")
    return gaps(Link(r.created_at, r.currency, r.amount, r.balance_after) for r in chosen)

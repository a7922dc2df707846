"""Having the books compared, and accepting what they differ by."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Min

from partner_api import PartnerClient, PartnerError
from storefront.cases.actions import close_case, open_case
from storefront.core.locks import AlreadyRunning, held
from storefront.reconciliation import mirror
from storefront.reconciliation.books import Unreadable
from storefront.reconciliation.comparing import compare
from storefront.reconciliation.kinds import Cause
from storefront.reconciliation.models import Break, Comparison, MirroredTransaction

__all__ = ["AlreadyClosed", "AlreadyRunning", "Unreadable", "accept", "copy_ledger", "reconcile"]

log = structlog.get_logger(__name__)

# Any number, as long as nothing else locks by it.
LOCK = 7_360_402
# How far back orders are compared, and further while a difference of an older time is open.
WINDOW = timedelta(days=8)
OPEN, UNCOMPARED = "reconciliation-break", "books-uncompared"


class AlreadyClosed(Exception):  # noqa: N818  the failure is the name
    """Its cause ended, or a colleague was faster."""


def reconcile(
    *, client: PartnerClient, by: str, now: datetime, since: datetime | None = None
) -> Comparison:
    """Compare what is younger than `since`, or than WINDOW and every open difference.

    Staff hear of each kind of difference, and when the books could not be read: then nothing is
    concluded. Raises AlreadyRunning. Must not be called inside a transaction.
    """
    with held(LOCK, taken="another comparison of the books is running"):
        run = Comparison.objects.create(
            started_at=now, by=by[:120], since=since or _due_since(now=now)
        )
        try:
            run.counts = compare(client, since=run.since, now=now)
        except (PartnerError, Unreadable) as error:
            run.error = (str(error) or type(error).__name__)[:300]
            log.warning("the books were not compared", error=run.error)
        run.finished_at = now
        run.save()
    _tell(run, now)
    return run


def copy_ledger(*, client: PartnerClient, now: datetime) -> int:
    """Copy what is new of the partner's ledger and compare nothing; how many rows that were.

    Raises AlreadyRunning, PartnerError, Unreadable; the mirror is then as it was. Must not be
    called inside a transaction.
    """
    with held(LOCK, taken="another comparison of the books is running"):
        mirror.read(client, now=now)
    return MirroredTransaction.objects.filter(first_seen_at=now).count()


@transaction.atomic
def accept(*, found: Break, reason: str, by: str, now: datetime) -> None:
    """A person takes the difference as it is and says why. No money moves by this.

    Raises AlreadyClosed, and then writes nothing.
    """
    rows = Break.objects.filter(pk=found.pk, closed_at=None)
    if not rows.update(closed_at=now, closed_by=by[:120], reason=reason[:300]):
        raise AlreadyClosed(str(found))
    if not Break.objects.filter(kind=found.kind, closed_at=None).exists():
        close_case(kind=OPEN, subject=found.kind, by=by, now=now)


def _due_since(*, now: datetime) -> datetime:
    oldest = Break.objects.filter(closed_at=None).aggregate(oldest=Min("at"))["oldest"]
    return now - WINDOW if oldest is None else min(now - WINDOW, oldest)


def _tell(run: Comparison, now: datetime) -> None:
    if run.error:
        open_case(
            kind=UNCOMPARED, subject="partner", now=now,
            summary=f"The partner's books could not be compared with ours: {run.error}",
        )  # fmt: skip
        return
    close_case(kind=UNCOMPARED, subject="partner", by="system", now=now)
    for kind, label in Cause.choices:
        first = Break.objects.filter(kind=kind, closed_at=None).order_by("found_at").first()
        if first is None:
            close_case(kind=OPEN, subject=kind, by="system", now=now)
        else:
            open_case(
                kind=OPEN, subject=kind, now=now,
                summary=f"{label}: {first.subject}, {first.says}",
            )  # fmt: skip

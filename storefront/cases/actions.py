"""Opening and closing cases. No summary ever holds a code."""

from datetime import datetime

import structlog

from storefront.cases.models import Case

log = structlog.get_logger(__name__)


def open_case(*, kind: str, subject: str, summary: str, now: datetime) -> None:
    """Put it before staff, unless one is open for the same kind and subject already."""
    case = Case(kind=kind, subject=subject, summary=summary[:300], opened_at=now)
    Case.objects.bulk_create([case], ignore_conflicts=True)
    log.warning("case", kind=kind, subject=subject, summary=case.summary)


def close_case(*, kind: str, subject: str, by: str, now: datetime) -> None:
    """Close what is open for this kind and subject, if anything is."""
    Case.objects.filter(kind=kind, subject=subject, closed_at=None).update(
        closed_at=now, closed_by=by
    )

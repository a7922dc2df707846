"""Opening and closing cases. No summary ever holds a code."""

from collections.abc import Collection
from datetime import datetime

import structlog
from django.db import transaction

from storefront.cases.models import Case, CaseNote

log = structlog.get_logger(__name__)


def open_case(*, kind: str, subject: str, summary: str, now: datetime) -> None:
    """Put it before staff, unless one is open for the same kind and subject already."""
    case = Case(kind=kind, subject=subject, summary=summary[:300], opened_at=now)
    Case.objects.bulk_create([case], ignore_conflicts=True)
    log.warning("case", kind=kind, subject=subject, summary=case.summary)


def close_case(*, kind: str, subject: str, by: str, now: datetime) -> None:
    """Close what is open for this kind and subject, if anything is."""
    close_cases(kinds=[kind], subject=subject, by=by, now=now)


def close_cases(*, kinds: Collection[str], subject: str, by: str, now: datetime) -> None:
    """The same for several kinds of one subject, at once."""
    rows = Case.objects.filter(kind__in=kinds, subject=subject, closed_at=None)
    rows.update(closed_at=now, closed_by=by)


class AlreadyClosed(Exception):  # noqa: N818  the failure is the name
    """Its cause ended, or a colleague was faster."""


def note(*, case: Case, text: str, by: str, now: datetime) -> None:
    """Write down what is known about it; closed cases take notes, too."""
    CaseNote.objects.create(case=case, at=now, by=by, text=text)


@transaction.atomic
def settle(*, case: Case, text: str, by: str, now: datetime) -> None:
    """A person is done with it and says why. No money moves by this, and where the cause is still
    there, whoever opened the case opens another. Raises AlreadyClosed, and then writes nothing.
    """
    rows = Case.objects.filter(pk=case.pk, closed_at=None)
    if not rows.update(closed_at=now, closed_by=by[:120]):
        raise AlreadyClosed(str(case))
    note(case=case, text=text, by=by, now=now)

"""The row of a run, from its first moment to its end, and the lock that lets one run at a time."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from storefront.cases.actions import open_case
from storefront.catalog.models import SyncRun
from storefront.catalog.states import SYNC_RUN
from storefront.core.locks import held
from storefront.core.states import swap

log = structlog.get_logger(__name__)

# Any number, as long as nothing else locks by it.
SYNC_LOCK = 7_360_401
# How often a run that goes on says how far it is.
REPORT_SECONDS = 1.0
Tell = Callable[[str], None]


def alone() -> AbstractContextManager[None]:
    """Hold the lock. Raises AlreadyRunning."""
    return held(SYNC_LOCK, taken="another sync of the catalog is running")


@dataclass
class Progress:
    """A run under way: what time it is, and how far it has come, told now and then."""

    run: SyncRun
    tell: Tell
    _began: float = field(default_factory=time.monotonic)
    _told: float = 0.0

    def now(self) -> datetime:
        """The time by the clock of whoever started the run."""
        return self.run.started_at + timedelta(seconds=time.monotonic() - self._began)

    def report(self, words: str) -> None:
        """Keep the words where staff and the terminal see them, unless some were kept just now."""
        if time.monotonic() - self._told < REPORT_SECONDS:
            return
        self._told = time.monotonic()
        SyncRun.objects.filter(pk=self.run.pk).update(progress=words[:200])
        self.tell(words)


def begin(*, kind: SyncRun.Kind, by: str, force: str, now: datetime) -> SyncRun:
    """The row of a new run, committed, so that a killed run leaves a trace. Needs the lock."""
    with transaction.atomic(durable=True):
        # We hold the lock: whatever still says it is running was killed.
        for dead in SyncRun.objects.filter(status=SyncRun.Status.RUNNING):
            swap(dead, to="failed", moves=SYNC_RUN, finished_at=now, error="the process was ended")
        return SyncRun.objects.create(kind=kind, started_at=now, by=by[:120], forced=force[:300])


def end_unpublished(run: SyncRun, status: SyncRun.Status, reason: str, *, now: datetime) -> None:
    """Say in the run, and to staff, why nothing was published."""
    with transaction.atomic():
        swap(
            run, to=status.value, moves=SYNC_RUN, progress="",
            finished_at=now, error=reason[:1000] or "no reason given", counts=run.counts,
        )  # fmt: skip
        open_case(
            kind="catalog-sync", subject=run.subject, now=now,
            summary=f"The {run.subject} sync was {status.value}, nothing was published: {reason}",
        )  # fmt: skip

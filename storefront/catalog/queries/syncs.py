"""What staff are told about the syncs: how old the prices are, what runs, what went wrong last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storefront.catalog.models import CatalogState, SyncRun

# Prices older than this are shown to staff as old; those beyond `offers.FRESH_FOR` are not sold at.
OLD_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class SyncStatus:
    """`troubles` are the runs that published nothing, the latest of each kind, unless one of the
    same kind was published since."""

    priced_at: datetime | None
    age: timedelta | None
    running: SyncRun | None
    troubles: list[SyncRun]

    @property
    def is_old(self) -> bool:
        """Whether staff should wonder."""
        return self.age is None or self.age > OLD_AFTER


def sync_status(*, now: datetime) -> SyncStatus:
    """How the syncs stand."""
    priced_at = CatalogState.objects.values_list("priced_at", flat=True).first()
    ended = SyncRun.objects.exclude(status=SyncRun.Status.RUNNING)
    latest = [ended.filter(kind=kind).first() for kind in SyncRun.Kind.values]
    return SyncStatus(
        priced_at=priced_at,
        age=now - priced_at if priced_at else None,
        running=SyncRun.objects.filter(status=SyncRun.Status.RUNNING).first(),
        troubles=[run for run in latest if run and run.status != SyncRun.Status.PUBLISHED],
    )

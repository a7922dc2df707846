"""Background work of the catalog. A tick that finds a sync at work leaves it alone."""

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from storefront.catalog import actions
from storefront.catalog.models import SyncRun

log = structlog.get_logger(__name__)

# Shorter than the queue's redelivery, so that one order to sync is carried out once.
LONGEST_SECONDS = 540


@shared_task(name="catalog.sync", soft_time_limit=LONGEST_SECONDS - 20, time_limit=LONGEST_SECONDS)
def sync(by: str = "beat", force: str = "", kind: str = "full", **_: object) -> None:
    """One sync, of everything or (kind "light") of prices and stock."""
    try:
        actions.sync(by=by, force=force, kind=SyncRun.Kind(kind), now=timezone.now())
    except actions.AlreadyRunning:
        log.info("catalog sync left out: another one is running", kind=kind)


@shared_task(name="catalog.renew")
def renew(**_: object) -> None:
    """The pages follow what was changed in a hurry."""
    with transaction.atomic():
        actions.renew(now=timezone.now())

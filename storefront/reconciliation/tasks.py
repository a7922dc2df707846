"""The daily comparison, and the one a person asks for."""

import structlog
from celery import shared_task
from django.utils.timezone import now

from storefront import partner
from storefront.reconciliation import actions

log = structlog.get_logger(__name__)

# Shorter than the queue's redelivery, so that one comparison is carried out once.
LONGEST_SECONDS = 540


@shared_task(
    name="reconciliation.compare",
    soft_time_limit=LONGEST_SECONDS - 20,
    time_limit=LONGEST_SECONDS,
)
def compare(*, by: str = "beat", **_: object) -> None:
    """The three books; one comparison at a time."""
    try:
        actions.reconcile(client=partner.client(), by=by, now=now())
    except actions.AlreadyRunning as reason:
        log.info("not compared", reason=str(reason))

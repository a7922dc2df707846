"""The nightly check."""

from celery import shared_task
from django.utils.timezone import now

from storefront import partner
from storefront.audit import actions

# Shorter than the queue's redelivery, so that one night's check is carried out once.
LONGEST_SECONDS = 540


@shared_task(name="audit.check", soft_time_limit=LONGEST_SECONDS - 20, time_limit=LONGEST_SECONDS)
def check(**_: object) -> None:
    """Every invariant, the partner's books included."""
    actions.nightly(client=partner.client(), now=now())

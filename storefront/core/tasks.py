"""Core's background work."""

from celery import shared_task
from django.utils.timezone import now

from storefront.core import limits


@shared_task(name="core.forget_limits")
def forget_limits(**_: object) -> None:
    """Keep the table of allowances as small as it is busy."""
    limits.forget(now=now())

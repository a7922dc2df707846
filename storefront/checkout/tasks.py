"""Checkout in the background."""

from celery import shared_task
from django.utils.timezone import now

from storefront.checkout import actions


@shared_task(name="checkout.expire_unpaid")
def expire_unpaid(**_: object) -> None:
    """Close orders nobody paid."""
    actions.expire_unpaid(now=now())

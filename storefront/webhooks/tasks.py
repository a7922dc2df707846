"""Webhooks in the background."""

from celery import shared_task
from django.utils.timezone import now

from storefront.webhooks import actions, payment_inbox


@shared_task(name="webhooks.follow")
def follow(**_: object) -> None:
    """Follow the partner's events that are due."""
    actions.follow(now=now())


@shared_task(name="webhooks.sweep")
def sweep(**_: object) -> None:
    """Follow what the queue lost, and what came before its order did."""
    actions.follow(now=now())
    payment_inbox.sweep(now=now())


@shared_task(name="webhooks.apply_payment")
def apply_payment(*, event_id: int, **_: object) -> None:
    """Follow one event of the payment provider's."""
    payment_inbox.apply(event_id=event_id, now=now())

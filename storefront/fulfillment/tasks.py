"""Fulfilment in the background: each task is one call, and may run twice."""

from uuid import UUID

from celery import shared_task
from django.utils.timezone import now

from storefront import partner
from storefront.fulfillment.actions import buying, confirming, settling, sweeping, watching


@shared_task(name="fulfillment.advance")
def advance(*, purchase_id: str, **_: object) -> None:
    """One step of one purchase."""
    buying.advance(purchase_id=UUID(purchase_id), client=partner.client(), clock=now)


@shared_task(name="fulfillment.settle")
def settle(*, order_id: str, **_: object) -> None:
    """Settle one order."""
    settling.settle(order_id=UUID(order_id), now=now())


@shared_task(name="fulfillment.tend")
def tend(*, payment_id: str, **_: object) -> None:
    """Ask about one payment."""
    confirming.tend(payment_id=UUID(payment_id), now=now())


@shared_task(name="fulfillment.sweep")
def sweep(**_: object) -> None:
    """Queue what the queue lost."""
    sweeping.sweep(now=now())


@shared_task(name="fulfillment.watch")
def watch(**_: object) -> None:
    """See whether the partner works again where it did not."""
    watching.watch(client=partner.client(), now=now())

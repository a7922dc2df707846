"""eSIMs in the background: each task is one call, and may run twice."""

from uuid import UUID

from celery import shared_task
from django.utils.timezone import now

from storefront import partner
from storefront.esim import actions


@shared_task(name="esim.ask")
def ask(*, esim_id: str, **_: object) -> None:
    """Ask about one eSIM."""
    actions.ask(esim_id=UUID(esim_id), client=partner.client(), now=now())


@shared_task(name="esim.poll")
def poll(**_: object) -> None:
    """Queue the questions of this minute."""
    actions.poll(now=now())

"""Mail in the background."""

from uuid import UUID

from celery import shared_task
from django.utils.timezone import now

from storefront.mail import actions


@shared_task(name="mail.send")
def send(*, message_id: str, **_: object) -> None:
    """Send one message."""
    actions.send(message_id=UUID(message_id), now=now())


@shared_task(name="mail.sweep")
def sweep(**_: object) -> None:
    """Queue what the queue lost."""
    actions.sweep(now=now())

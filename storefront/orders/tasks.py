"""Orders in the background."""

from celery import shared_task
from django.utils.timezone import now

from storefront.orders import actions


@shared_task(name="orders.tell_of_delays")
def tell_of_delays(**_: object) -> None:
    """Write to those whose order takes long."""
    actions.tell_of_delays(now=now())


@shared_task(name="orders.answer_link_request")
def answer_link_request(*, request_id: int, **_: object) -> None:
    """Mail the link somebody asked for."""
    actions.answer_link_request(request_id=request_id, now=now())


@shared_task(name="orders.answer_link_requests")
def answer_link_requests(**_: object) -> None:
    """Answer what the queue lost."""
    actions.answer_link_requests(now=now())

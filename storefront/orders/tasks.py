"""Orders in the background."""

from celery import shared_task
from django.utils.timezone import now

from storefront.orders import actions


@shared_task(name="orders.tell_of_delays")
def tell_of_delays(**_: object) -> None:
    """Write to those whose order takes long."""
    actions.tell_of_delays(now=now())

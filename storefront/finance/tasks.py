"""Finance in the background."""

from celery import shared_task
from django.utils.timezone import now

from storefront import partner
from storefront.finance import actions


@shared_task(name="finance.read_balance")
def read_balance(**_: object) -> None:
    """Ask for the balance; the next tick asks again whatever came of it."""
    actions.read_balance(client=partner.client(), now=now())

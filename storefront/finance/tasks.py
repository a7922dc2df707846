"""Finance in the background."""

from datetime import timedelta

from celery import shared_task
from django.utils.timezone import now

from storefront import partner
from storefront.finance import actions

# Well below the time a task may take.
PATIENCE = timedelta(seconds=40)


@shared_task(name="finance.read_balance")
def read_balance(**_: object) -> None:
    """Ask for the balance; the next tick asks again whatever came of it."""
    actions.read_balance(client=partner.client(), now=now())


@shared_task(name="finance.book_margins")
def book_margins(*, whole: str = "", **_: object) -> None:
    """Book what the ledger has; what is left after so long is the next tick's."""
    started = now()
    while now() - started < PATIENCE:
        if actions.book(now=now(), is_whole=bool(whole)) < actions.BATCH:
            return

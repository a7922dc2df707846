"""What follows from a change of the catalog, written in the same transaction as the change."""

from datetime import datetime

from django.conf import settings

from storefront.catalog import repricing
from storefront.catalog.sync import derived, holds


def renew(*, now: datetime) -> None:
    """Products and the shelf follow; every kept page becomes unreachable."""
    derived.renew_products(currency=settings.STORE_CURRENCY)
    derived.renew_shelf()
    holds.tell_staff(now=now)


def reprice_and_renew(*, now: datetime) -> int:
    """Prices follow their costs, rules and rates, and everything follows them; how many changed.

    Where none did, nothing is written.
    """
    changed = repricing.reprice(now=now)
    if changed:
        renew(now=now)
    return changed

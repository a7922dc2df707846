"""What follows from a change of the catalog, written in the same transaction as the change."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from storefront.catalog import repricing
from storefront.catalog.sync import derived, holds, shelf

log = structlog.get_logger(__name__)


def renew(*, now: datetime) -> None:
    """Products and the shelf follow; every kept page becomes unreachable."""
    derived.renew_products(currency=settings.STORE_CURRENCY)
    shelf.renew_shelf()
    holds.tell_staff(now=now)


def reprice_and_renew(*, now: datetime) -> int:
    """Prices follow their costs, rules and rates, and everything follows them; how many changed.

    Where none did, nothing is written.
    """
    changed = repricing.reprice(now=now)
    if changed:
        renew(now=now)
    return changed


def renew_search(*, by: str, now: datetime) -> None:
    """Have the search know the synonyms as they are now."""
    with transaction.atomic():
        shelf.renew_shelf()
        shelf.renew_words()
    log.info("synonyms changed", by=by, at=now)

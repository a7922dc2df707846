"""Staff's word on what a product asks of its buyer."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from storefront.catalog import recipients
from storefront.catalog.actions.renewing import renew
from storefront.catalog.models import Product

log = structlog.get_logger(__name__)


def set_fields(*, product: UUID, text: str | None, by: str, now: datetime) -> Product:
    """Ask for these fields (JSON, see `recipients.written`), or with None for the partner's again.

    Raises recipients.UnusableFields, Product.DoesNotExist.
    """
    fields = None if text is None else recipients.written(text)
    with transaction.atomic():
        found = Product.objects.select_for_update().get(pk=product)
        found.own_fields = fields
        found.save(update_fields=["own_fields"])
        log.info("recipient fields set", product=str(product), by=by, fields=fields)
        renew(now=now)
    return found

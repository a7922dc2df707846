"""Not selling a SKU until staff say so: it cost more than its pricelist said."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from storefront.catalog.actions.renewing import renew
from storefront.catalog.models import Sku
from storefront.core.queue import enqueue

log = structlog.get_logger(__name__)


def pause(*, sku_id: UUID, now: datetime) -> None:
    """From now on it is refused, whatever a sync says of it; the pages follow a moment later.

    One row is written: whoever calls this has a customer's order in hand.
    """
    if Sku.objects.filter(pk=sku_id, paused_at=None).update(paused_at=now):
        enqueue("catalog.renew")


@transaction.atomic
def sell_again(*, skus: Sequence[UUID], by: str, now: datetime) -> int:
    """Staff looked at the cost; returns how many are on sale again."""
    count = Sku.objects.filter(pk__in=skus, paused_at__isnull=False).update(paused_at=None)
    if count:
        log.info("sold again", skus=[str(key) for key in skus], by=by)
        renew(now=now)
    return count

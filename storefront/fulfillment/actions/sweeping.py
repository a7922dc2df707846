"""Finding what the queue lost. Everything that is due is a row with its time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Least

from storefront.core.queue import enqueue
from storefront.fulfillment import queries
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import ACTIVE
from storefront.payments.queries import due as payments_due

BATCH = 200


def sweep(*, now: datetime) -> int:
    """Queue what is due, the oldest first; returns how many. Two sweepers share the work."""
    with transaction.atomic():
        rows = queries.due(now=now, most=BATCH).select_for_update(skip_locked=True, of=("self",))
        ids = [purchase.pk for purchase in rows]
        Purchase.objects.filter(pk__in=ids).update(nudged_at=now)
        for purchase_id in ids:
            enqueue("fulfillment.advance", purchase_id=str(purchase_id))
    orders = queries.orders_to_settle(now=now, most=BATCH)
    for order_id in orders:
        enqueue("fulfillment.settle", order_id=str(order_id))
    due = payments_due(now=now, most=BATCH)
    for payment_id in due:
        enqueue("fulfillment.tend", payment_id=str(payment_id))
    return len(ids) + len(orders) + len(due)


def hint(*, purchase_id: UUID, now: datetime) -> None:
    """Somebody says there is news: make the purchase due and ask. Nothing else is believed.

    A worker that is asking at this very moment may have its answer from before the news, and will
    write a later due time: it finds the mark when it lets go, and asks once more.
    """
    waiting = Purchase.objects.filter(
        pk=purchase_id, status__in=sorted(ACTIVE), due_at__isnull=False
    )
    if waiting.update(has_news=True, due_at=Least("due_at", now)):
        enqueue("fulfillment.advance", purchase_id=str(purchase_id))

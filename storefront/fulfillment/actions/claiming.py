"""Holding a purchase while a worker works on it, and writing under its fence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from storefront.core import states
from storefront.fulfillment.models import Purchase, PurchaseEvent
from storefront.fulfillment.states import ACTIVE, FINAL, MOVES, Status
from storefront.fulfillment.waits import LEASE
from storefront.orders.models import Order


def claim(*, purchase_id: UUID, now: datetime) -> Purchase | None:
    """The purchase, ours alone until the lease ends; None when it is not due or somebody's.

    One conditional UPDATE: of two workers with the same task, one gets the row and the other
    nothing. The fence it raises makes every later write of the loser of an expired lease fail.
    """
    free = Purchase.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=now),
        pk=purchase_id,
        status__in=sorted(ACTIVE),
        due_at__lte=now,
    )
    if not free.update(lease_until=now + LEASE, fence=F("fence") + 1):
        return None
    return Purchase.objects.select_related("line__order").get(pk=purchase_id)


@transaction.atomic
def write(*, purchase: Purchase, to: Status, note: str, now: datetime, **fields: Any) -> None:
    """Move the purchase under its fence, with its event. Raises states.LostRace when overtaken.

    An end makes its order due for settling in the same transaction.
    """
    if to in FINAL:
        fields |= {"finished_at": now, "due_at": None}
        Order.objects.filter(pk=purchase.line.order_id).update(settle_due_at=now)
    where = {"fence": purchase.fence}
    old = states.swap(purchase, to=to, moves=MOVES, where=where, **fields)
    PurchaseEvent.objects.create(
        purchase=purchase, at=now, from_status=old, to_status=to, note=note[:300]
    )


@transaction.atomic
def stay(*, purchase: Purchase, note: str, now: datetime, **fields: Any) -> None:
    """Write what was learnt without a move, under the fence. Raises states.LostRace."""
    rows = Purchase.objects.filter(pk=purchase.pk, fence=purchase.fence, status=purchase.status)
    if not rows.update(**fields):
        raise states.LostRace(str(purchase))
    for name, value in fields.items():
        setattr(purchase, name, value)
    if note:
        PurchaseEvent.objects.create(
            purchase=purchase,
            at=now,
            note=note[:300],
            from_status=purchase.status,
            to_status=purchase.status,
        )


def let_go(*, purchase: Purchase) -> None:
    """End the lease at once; harmless when somebody else holds it by now."""
    Purchase.objects.filter(pk=purchase.pk, fence=purchase.fence).update(lease_until=None)

"""Holding a purchase while a worker works on it, and writing under its fence.

Rows are locked in one order everywhere: the purchase, then its order.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from storefront.core import states
from storefront.core.queue import enqueue
from storefront.fulfillment.models import Purchase, PurchaseEvent
from storefront.fulfillment.states import ACTIVE, FINAL, MOVES, Status
from storefront.fulfillment.waits import LEASE
from storefront.orders.models import Order

# What these change, the order has to hear of.
_TOLD = FINAL | {Status.IN_REVIEW}


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
    taken = free.update(
        lease_until=now + LEASE, fence=F("fence") + 1, has_news=False, nudged_at=None
    )
    return _rows().get(pk=purchase_id) if taken else None


def reread(*, purchase: Purchase) -> Purchase:
    """The row as it is now, still under our fence. Raises states.LostRace when overtaken."""
    found = _rows().filter(pk=purchase.pk, fence=purchase.fence).first()
    if found is None:
        raise states.LostRace(str(purchase))
    return found


def lock(*, purchase: Purchase) -> None:
    """Keep everybody else from the row until the transaction ends. Raises states.LostRace."""
    rows = Purchase.objects.select_for_update().filter(pk=purchase.pk, fence=purchase.fence)
    if not list(rows.filter(status=purchase.status).values_list("pk", flat=True)):
        raise states.LostRace(str(purchase))


@states.whole()
def write(*, purchase: Purchase, to: Status, note: str, now: datetime, **fields: Any) -> None:
    """Move the purchase under its fence, with its event. Raises states.LostRace when overtaken.

    An end makes its order due for settling in the same transaction, and nobody claims it any more:
    so its lease is over, too.
    """
    if to in FINAL:
        fields |= {"finished_at": now, "due_at": None, "lease_until": None}
    where = {"fence": purchase.fence}
    old = states.swap(purchase, to=to, moves=MOVES, where=where, **fields)
    PurchaseEvent.objects.create(
        purchase=purchase, at=now, from_status=old, to_status=to, note=note[:300]
    )
    if to in _TOLD:
        Order.objects.filter(pk=purchase.line.order_id).update(settle_due_at=now)


@states.whole()
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


def reach(*, purchase: Purchase, to: Status, note: str, now: datetime, **fields: Any) -> None:
    """Be in that state: a move when it is another one, else only what was learnt."""
    if purchase.status == to:
        stay(purchase=purchase, note=note, now=now, **fields)
    else:
        write(purchase=purchase, to=to, note=note, now=now, **fields)


def let_go(*, purchase: Purchase, now: datetime) -> None:
    """End the lease at once; harmless when somebody else holds it by now.

    News that came meanwhile may be younger than the answer we had: one more question follows.
    """
    if purchase.status in FINAL:
        return  # its last write did
    ours = Purchase.objects.filter(pk=purchase.pk, fence=purchase.fence)
    missed = ours.filter(has_news=True, due_at__isnull=False)
    if missed.update(lease_until=None, due_at=now):
        enqueue("fulfillment.advance", purchase_id=str(purchase.pk))
    else:
        ours.update(lease_until=None)


def _rows() -> QuerySet[Purchase]:
    return Purchase.objects.select_related("line__order", "line__esim_top_up__esim")

"""Codes that nobody saw are locked when their money is in doubt, or is the customer's again."""

from datetime import datetime

from django.db import transaction

from storefront.core import states
from storefront.orders.models import Order, OrderEvent, Reveal
from storefront.orders.states import FOR_GOOD, Freeze


@transaction.atomic
def freeze(*, order: Order, because: Freeze, by: str, now: datetime) -> bool:
    """From now on no code is shown that was not seen yet, also of what is still to come.

    What is frozen for good stays so. Returns whether any code of the order was seen before.
    """
    locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    if locked.frozen_because not in {*FOR_GOOD, because}:
        Order.objects.filter(pk=order.pk).update(frozen_at=now, frozen_because=because)
        OrderEvent.objects.create(
            order=order, at=now, by=by, kind="frozen", data={"because": because}
        )
    order.refresh_from_db()
    return Reveal.objects.filter(delivery__line__order=order).exists()


@transaction.atomic
def thaw(
    *, order: Order, after: frozenset[Freeze], by: str, now: datetime, reason: str = ""
) -> None:
    """What froze it, one of `after`, is over: the codes may be shown.

    Raises states.NotAllowed where it is frozen for another reason.
    """
    locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    if locked.frozen_at and locked.frozen_because not in after:
        raise states.NotAllowed(f"{order.number} is frozen: {locked.frozen_because}")
    if locked.frozen_at:
        Order.objects.filter(pk=order.pk).update(frozen_at=None, frozen_because="")
        data = {"reason": reason} if reason else {}
        OrderEvent.objects.create(order=order, at=now, by=by, kind="thawed", data=data)
    order.refresh_from_db()

"""A member of staff sees a customer's code: for a reason, and the customer is told on their page.

It is no look of the customer's: what it makes of a code (seen, not to be locked any more) is left
as it was, so that nobody can open a locked code by asking staff to look first.
"""

from datetime import datetime

from django.db import transaction

from storefront.orders.actions.revealing import NotReleased, opened
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order, OrderEvent

LOOKED = "staff-look"


def see(*, delivery: Delivery, reason: str, by: str, address: str, now: datetime) -> Goods:
    """The goods in plain text. Who looked and why is committed before anything is opened.

    Locked codes may be seen: what was bought for money that went back is the shop's to claim.
    Raises NotReleased for what waits for its money, and sealed.CannotOpen when no key fits.
    """
    with transaction.atomic(durable=True):
        order = Order.objects.select_for_update(no_key=True).get(pk=delivery.line.order_id)
        delivery.refresh_from_db(fields=["released_at"])
        if delivery.released_at is None and order.frozen_at is None:
            raise NotReleased(str(delivery.pk))
        OrderEvent.objects.create(
            order=order,
            at=now,
            by=by[:120],
            kind=LOOKED,
            data={"delivery": str(delivery.pk), "reason": reason, "address": address},
        )
    return opened(delivery, now)

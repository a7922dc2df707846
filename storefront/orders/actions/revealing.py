"""Showing codes: who looks is written before anything is opened."""

from datetime import datetime

from django.db import transaction

from storefront.cases.actions import open_case
from storefront.core.sealed import CannotOpen, open_sealed
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order, Reveal


class NotReleased(Exception):  # noqa: N818  the failure is the name
    """The code may not be shown: its money is not ours (yet, or any more)."""


def reveal(*, delivery: Delivery, by: str, address: str, user_agent: str, now: datetime) -> Goods:
    """The goods in plain text. Who looked is committed before anything is opened.

    Of a frozen order, what was seen once may be seen again, and nothing else. Raises NotReleased,
    and sealed.CannotOpen when no key of the ring fits: staff are told.
    """
    if delivery.released_at is None:
        raise NotReleased(str(delivery.pk))
    agent = user_agent.replace("\0", "")[:200]
    with transaction.atomic(durable=True):
        # Under the order's lock: a look is either before the freeze, which sees it, or after.
        order = Order.objects.select_for_update().get(pk=delivery.line.order_id)
        if order.frozen_at and not delivery.reveals.exists():
            raise NotReleased(str(delivery.pk))
        Reveal.objects.create(delivery=delivery, at=now, by=by, address=address, user_agent=agent)
    try:
        document = open_sealed(delivery.sealed, context=delivery.seal_context)
    except CannotOpen:
        open_case(
            kind="unreadable-code",
            subject=delivery.line.order.number,
            summary=f"No key opens what was delivered ({delivery.pk}); its customer saw an error.",
            now=now,
        )
        raise
    return Goods.from_sealed_form(document)

"""Showing codes: who looks is written before anything is opened."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from storefront.cases.actions import open_case
from storefront.core.sealed import CannotOpen, open_sealed
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order, Reveal


class NotReleased(Exception):  # noqa: N818  the failure is the name
    """The code may not be shown: its money is not ours (yet, or any more)."""


class Viewer(NamedTuple):
    """Who looks, and from where."""

    by: str
    address: str
    user_agent: str


def reveal(
    *, deliveries: Sequence[Delivery], viewer: Viewer, channel: str, now: datetime
) -> dict[UUID, Goods]:
    """The goods in plain text, all or none. Who looked is committed before anything is opened.

    `channel` is where they go: the page, a sheet, a file. Of a frozen order, what was seen once may
    be seen again, and nothing else. Raises NotReleased, and sealed.CannotOpen when no key of the
    ring fits: staff are told.
    """
    agent = viewer.user_agent.replace("\0", "")[:200]
    with transaction.atomic(durable=True):
        # Under the order's lock: a look is either before the freeze, which sees it, or after.
        order = Order.objects.select_for_update(no_key=True).get(pk=deliveries[0].line.order_id)
        for delivery in deliveries:
            is_new = order.frozen_at and not delivery.reveals.exists()
            if delivery.released_at is None or is_new:
                raise NotReleased(str(delivery.pk))
            Reveal.objects.create(
                delivery=delivery,
                at=now,
                by=viewer.by,
                address=viewer.address,
                user_agent=agent,
                channel=channel,
            )
    return {delivery.pk: opened(delivery, now) for delivery in deliveries}


def opened(delivery: Delivery, now: datetime) -> Goods:
    """What is inside, for whoever wrote down that they look. Raises sealed.CannotOpen."""
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

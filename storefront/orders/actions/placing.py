"""Placing orders and moving them between their states."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from storefront.core import states
from storefront.orders.actions.telling import tell_of_move
from storefront.orders.models import Order, OrderEvent, OrderLine
from storefront.orders.states import MOVES, Status


@transaction.atomic
def place(
    *,
    order_id: UUID,
    email: str,
    locale: str,
    lines: Sequence[OrderLine],
    user_id: int | None,
    by: str,
    now: datetime,
) -> Order:
    """Write an order that awaits its payment. The lines carry prices the server computed.

    A second order of the same id raises IntegrityError.
    """
    total = sum((line.unit_amount * line.quantity for line in lines), Decimal(0))
    order = Order.objects.create(
        pk=order_id,
        email=email,
        locale=locale,
        user_id=user_id,
        total_amount=total,
        currency=lines[0].currency,
        created_at=now,
    )
    for position, line in enumerate(lines, start=1):
        line.order, line.position = order, position
        line.save(force_insert=True)
    OrderEvent.objects.create(
        order=order, at=now, by=by, kind="placed", to_status=order.status, data={}
    )
    return order


@states.whole()
def move(
    *,
    order: Order,
    to: Status,
    by: str,
    now: datetime,
    data: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Move the order and write its event. Raises states.NotAllowed or states.LostRace."""
    old = states.swap(order, to=to, moves=MOVES, **fields)
    OrderEvent.objects.create(
        order=order, at=now, by=by, kind="moved", from_status=old, to_status=to, data=data or {}
    )
    tell_of_move(order=order, now=now)


def set_confirming(*, order: Order, since: datetime | None) -> None:
    """Whether it may have been paid without our knowing: then nobody is asked to pay again."""
    Order.objects.filter(pk=order.pk).update(confirming_since=since)
    order.confirming_since = since

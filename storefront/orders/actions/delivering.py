"""Keeping what the partner brought: sealed, known again, and shown only once its money is ours."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from storefront.core.sealed import blind_indexes, seal
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order, OrderLine


class DuplicateCode(Exception):  # noqa: N818  the failure is the name
    """This code was delivered before: to whom it belongs now is for a person to find out."""


@transaction.atomic
def deliver(*, line: OrderLine, source: UUID, goods: Iterable[Goods], now: datetime) -> None:
    """Seal what a purchase brought, all of it or nothing. Raises DuplicateCode."""
    for index, item in enumerate(goods):
        delivery = Delivery(line=line, source=source, index=index, delivered_at=now)
        delivery.sealed = seal(item.sealed_form(), context=delivery.seal_context)
        if (same := item.identity) is not None:
            delivery.code_index, *older = blind_indexes(same)
            # Under the current key the index itself is unique; under older ones it is looked for.
            if older and Delivery.objects.filter(code_index__in=older).exists():
                raise DuplicateCode(str(source))
        try:
            delivery.save(force_insert=True)
        except IntegrityError as error:  # somebody delivered the same code this very moment
            raise DuplicateCode(str(source)) from error


def release(*, order: Order, now: datetime) -> None:
    """Let the customer see what was delivered: its money is ours now."""
    waiting = Delivery.objects.filter(line__order=order, released_at=None)
    waiting.update(released_at=now)

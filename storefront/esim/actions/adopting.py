"""From a delivered unit to the customer's eSIM: once, in the transaction of the delivery."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from storefront.catalog.models import Product
from storefront.core.queue import enqueue
from storefront.core.sealed import CannotOpen, blind_index, open_sealed, seal
from storefront.esim.models import Esim, TopUp
from storefront.esim.parts import Parts
from storefront.esim.queries import has_same_number
from storefront.orders.actions import DuplicateCode
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, OrderLine

log = structlog.get_logger(__name__)


@transaction.atomic
def adopt(*, source: UUID, goods: Sequence[Goods], now: datetime) -> None:
    """An eSIM for each unit of this purchase that is one. Raises DuplicateCode.

    Webhook, poll and answer may race: the delivery of a unit exists once, and so does its eSIM.
    """
    rows = Delivery.objects.filter(source=source)
    is_esim = rows.filter(line__sku__product__type=Product.Type.ESIM).exists()
    found = [Parts.of(item, is_esim=is_esim) for item in goods]
    for delivery in rows if any(found) else ():
        if parts := found[delivery.index]:
            _adopt(delivery, parts, now)


def attach(*, line: OrderLine, esim: Esim) -> None:
    """The line adds data to this eSIM. In the transaction that writes the line."""
    TopUp.objects.create(line=line, esim=esim)


def _adopt(delivery: Delivery, parts: Parts, now: datetime) -> None:
    if has_same_number(parts):
        raise DuplicateCode(str(delivery.source))
    esim = Esim(delivery=delivery, created_at=now)
    esim.sealed = seal(parts.sealed_form(), context=esim.seal_context)
    if parts.number:
        esim.iccid_index, esim.due_at = blind_index(parts.number), now
    try:
        with transaction.atomic():
            esim.save(force_insert=True)
    except IntegrityError as error:  # somebody was given the same number this very moment
        raise DuplicateCode(str(delivery.source)) from error
    if parts.number:
        enqueue("esim.ask", esim_id=str(esim.pk))


def adopt_delivered(*, now: datetime) -> tuple[int, int]:
    """What was delivered by a release that knew no eSIMs; how many, and how many are left.

    A delivery whose key is gone, or whose number somebody else has, is left as it is.
    """
    bare = Delivery.objects.filter(
        line__sku__product__type=Product.Type.ESIM,
        line__esim_top_up=None,
        esim=None,
    )
    adopted = left = 0
    for delivery in bare.order_by("pk").iterator(chunk_size=500):
        try:
            goods = Goods.from_sealed_form(
                open_sealed(delivery.sealed, context=delivery.seal_context)
            )
            parts = Parts.of(goods, is_esim=True)
            if parts is None:
                continue
            with transaction.atomic():
                _adopt(delivery, parts, now)
        except (CannotOpen, DuplicateCode) as error:
            log.warning("esim not adopted", delivery=str(delivery.pk), why=type(error).__name__)
            left += 1
        else:
            adopted += 1
    return adopted, left

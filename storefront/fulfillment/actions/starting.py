"""From a confirmed payment to purchases, in one transaction."""

from datetime import datetime
from decimal import Decimal
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from storefront.core.queue import enqueue
from storefront.core.refs import environment, external_id
from storefront.fulfillment.models import Purchase
from storefront.orders import actions as orders
from storefront.orders.models import Order, OrderLine
from storefront.orders.states import Status as OrderStatus
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.providers.protocol import Fee


def accept_payment(
    *,
    payment: Payment,
    reference: str,
    amount: Decimal,
    currency: str,
    by: str,
    now: datetime,
    is_taken: bool = False,
    fee: Fee | None = None,
) -> None:
    """The provider holds the money: mark the order paid and write what to buy, or none of it.

    `is_taken`: it did not hold the money but charged it, as some methods know no other way. A
    repeated or late confirmation, and that of a second payment, raise states.NotAllowed or
    states.LostRace and change nothing; another amount raises payments.WrongAmount. Money that is
    held all the same is the caller's to release.
    """
    with transaction.atomic(durable=True):
        payments.authorise(
            payment=payment, reference=reference, amount=amount, currency=currency, by=by, now=now
        )
        if is_taken:
            payments.take_over(payment=payment, fee=fee, by=by, now=now)
        order = Order.objects.get(pk=payment.order_id)
        orders.move(order=order, to=OrderStatus.PAID, by=by, now=now, paid_at=now)
        for line in order.lines.all():
            _write_purchases(line, now=now)


def leg(line_id: UUID, chunk: int) -> UUID:
    """The identity of one chunk of a line, the same for each of its attempts."""
    return uuid5(NAMESPACE_OID, f"{line_id}/{chunk}")


def _write_purchases(line: OrderLine, *, now: datetime) -> None:
    """One purchase per chunk the partner takes in one order."""
    left, chunk = line.quantity, 0
    while left:
        chunk += 1
        quantity = min(left, line.max_per_order)
        purchase = Purchase.objects.create(
            line=line,
            chunk=chunk,
            external_id=external_id(leg(line.pk, chunk), 1, environment=environment()),
            sku_id=line.sku_id,
            quantity=quantity,
            fields=line.fields,
            amount=line.amount,
            expected_cost=line.unit_cost * quantity,
            cost_currency=line.cost_currency,
            created_at=now,
            due_at=now,
        )
        left -= quantity
        enqueue("fulfillment.advance", purchase_id=str(purchase.pk))

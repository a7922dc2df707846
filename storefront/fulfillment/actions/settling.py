"""From finished purchases to a settled order: take the money that was earned, give the rest back,
show the codes, tell the customer. In that order, so that no code is shown for money not ours.
"""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q

from storefront.core import states
from storefront.fulfillment import queries, waits
from storefront.fulfillment.models import Purchase
from storefront.mail.actions import queue as queue_mail
from storefront.orders import actions as orders
from storefront.orders.models import Order
from storefront.orders.states import UNDER_WAY
from storefront.orders.states import Status as OrderStatus
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.providers import ProviderTrouble
from storefront.payments.states import Status as PaymentStatus

log = structlog.get_logger(__name__)
BY = "system"


def refresh(*, order_id: UUID, now: datetime) -> None:
    """Show on the order what its purchases do, and settle it when they are done."""
    order = Order.objects.get(pk=order_id)
    if order.status not in UNDER_WAY:
        return
    purchases = queries.live_purchases(order_id)
    if queries.is_finished(purchases):
        settle(order_id=order_id, now=now)
        return
    if queries.delivered_value(purchases):
        # The first codes do not wait for the last for long; see `settle`.
        early = now + waits.CAPTURE_EARLY
        Order.objects.filter(pk=order_id, settle_lease_until=None).update(settle_due_at=early)
    _show(order, queries.shown_status(purchases), now)


def settle(*, order_id: UUID, now: datetime) -> None:
    """Settle what can be settled now; a provider in trouble is asked again, with the same key.

    When all purchases ended, exactly the delivered value is captured and the rest of the hold is
    released. When some still run, the whole amount is captured so that the codes that came can be
    shown; what then fails is refunded.
    """
    free = Q(settle_lease_until=None) | Q(settle_lease_until__lt=now)
    rows = Order.objects.filter(free, pk=order_id, settle_due_at__lte=now)
    if not rows.update(settle_lease_until=now + waits.LEASE):
        return
    order = Order.objects.get(pk=order_id)
    claimed_due_at = order.settle_due_at
    again_at: datetime | None = now + waits.HOLD
    try:
        _settle(order, now)
        again_at = None
    except ProviderTrouble as trouble:
        log.warning("provider in trouble", order=order.number, error=str(trouble))
    finally:
        # What became due meanwhile (another purchase ended) stays due.
        unchanged = Order.objects.filter(pk=order_id, settle_due_at=claimed_due_at)
        unchanged.update(settle_due_at=again_at)
        Order.objects.filter(pk=order_id).update(settle_lease_until=None)


def _settle(order: Order, now: datetime) -> None:
    purchases = queries.live_purchases(order.pk)
    payment = Payment.objects.get(
        order=order, status__in=[PaymentStatus.AUTHORISED, PaymentStatus.CAPTURED]
    )
    finished, delivered = queries.is_finished(purchases), queries.delivered_value(purchases)
    if delivered:
        amount = delivered if finished else payment.amount
        payments.capture(payment=payment, amount=amount, by=BY, now=now)
        payment.refresh_from_db()
        orders.release(order=order, now=now)
    if not finished:
        _show(order, queries.shown_status(purchases), now)
        return
    if payment.status == PaymentStatus.AUTHORISED:
        payments.void(payment=payment, by=BY, now=now)
    elif surplus := payment.captured_amount - delivered:
        payments.refund(
            payment=payment,
            amount=surplus,
            reference=f"undelivered-{order.pk}",
            reason="not delivered",
            by=BY,
            now=now,
        )
    _finish(order, purchases, payment, now)


def _finish(order: Order, purchases: list[Purchase], payment: Payment, now: datetime) -> None:
    """The last move, and the mail that tells of it, in one transaction."""
    if all(purchase.delivered == purchase.quantity for purchase in purchases):
        status = OrderStatus.COMPLETED
    elif any(purchase.delivered for purchase in purchases):
        status = OrderStatus.PARTIALLY_COMPLETED
    else:
        captured = payment.status == PaymentStatus.CAPTURED
        status = OrderStatus.REFUNDED if captured else OrderStatus.FAILED
    came = status in {OrderStatus.COMPLETED, OrderStatus.PARTIALLY_COMPLETED}
    with transaction.atomic():
        orders.move(order=order, to=status, by=BY, now=now)
        queue_mail(
            kind="order_ready" if came else "order_failed",
            reference=order.number,
            to=order.email,
            locale=order.locale,
            url=orders.link_for_mail(order=order, now=now),
            context=_told(order, purchases),
            now=now,
        )


def _told(order: Order, purchases: list[Purchase]) -> dict[str, object]:
    """What a mail says of the order: names and numbers, never a code."""
    lines = {
        purchase.line_id: {
            "product_name": purchase.line.product_name,
            "sku_name": purchase.line.sku_name,
            "quantity": purchase.line.quantity,
        }
        for purchase in purchases
    }
    partly = any(purchase.delivered < purchase.quantity for purchase in purchases)
    return {"order": {"number": order.number, "lines": list(lines.values()), "is_partial": partly}}


def _show(order: Order, status: OrderStatus, now: datetime) -> None:
    """Move the order to what its purchases do; somebody else's move is as good."""
    if order.status == status:
        return
    try:
        orders.move(order=order, to=status, by=BY, now=now)
    except (states.LostRace, states.NotAllowed):
        log.info("order moved meanwhile", order=order.number)

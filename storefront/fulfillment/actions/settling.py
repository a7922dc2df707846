"""From finished purchases to a settled order: take the money that was earned, give the rest back,
show the codes, tell the customer. In that order, so that no code is shown for money not ours.

Each part may be done twice, and by two workers at once, without harm: money moves by intents with
keys, states by compare-and-swap. The lease only saves work.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q

from storefront.cases.actions import close_cases, open_case
from storefront.core import states
from storefront.fulfillment import queries, waits
from storefront.fulfillment.models import Purchase
from storefront.orders import actions as orders
from storefront.orders.models import Order
from storefront.orders.states import UNDER_WAY, Freeze
from storefront.orders.states import Status as OrderStatus
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.providers import HoldGone, ProviderRefusal, ProviderTrouble
from storefront.payments.states import Status as PaymentStatus

log = structlog.get_logger(__name__)
BY = "system"
# So often in a row a purchase may end while its order is being settled; then the sweeper comes.
_ROUNDS = 3
# What a round leaves.
_AGAIN, _LATER, _ENDED = "again", "later", "ended"
# Cases that are over once the order is settled.
_CASES = ("provider-trouble", "provider-refusal", "settling-failed")


def refresh(*, order_id: UUID, now: datetime) -> None:
    """Show on the order what its purchases do; settle what became due."""
    if settle(order_id=order_id, now=now):
        return
    order = Order.objects.get(pk=order_id)
    if order.status in UNDER_WAY:
        purchases = queries.live_purchases(order_id)
        if not queries.is_finished(purchases):
            _show(order, queries.shown_status(purchases), now)


def settle(*, order_id: UUID, now: datetime) -> bool:
    """Settle what can be settled now; a provider in trouble is asked again, with the same key.
    Whether that was the order's end.

    When all purchases ended, exactly the delivered value is captured and the rest of the hold is
    released. When some still run, the whole amount is captured after a while so that the codes that
    came can be shown; what then fails is refunded.
    """
    for _ in range(_ROUNDS):
        what_now = _settle_once(order_id, now)
        if what_now != _AGAIN:
            return what_now == _ENDED
    return False


def _settle_once(order_id: UUID, now: datetime) -> str:
    """One round, if it is due and nobody is at it: whether another is due already, or no more."""
    lease = now + waits.LEASE
    free = Q(settle_lease_until=None) | Q(settle_lease_until__lt=now)
    due = Order.objects.filter(free, pk=order_id, settle_due_at__lte=now)
    if not due.update(settle_lease_until=lease):
        return _LATER
    order = Order.objects.get(pk=order_id)
    again_at = None
    try:
        if order.status in UNDER_WAY and _settle(order, now):
            return _ENDED
    except ProviderTrouble as trouble:
        again_at = now + waits.HOLD
        _show_trouble(order, trouble, now)
    except HoldGone as gone:
        again_at = now + waits.HOLD
        _lose(order, gone, now)
    except ProviderRefusal as refusal:
        again_at = now + waits.TROUBLE
        _review(order, refusal, now)
    except Exception as error:
        again_at = now + waits.HOLD
        log.exception("settling failed", order=order.number)
        summary = f"Settling failed ({type(error).__name__}); the log says why. It is tried again."
        open_case(kind="settling-failed", subject=order.number, summary=summary, now=now)
    return _AGAIN if _let_go(order_id, lease, again_at, now) else _LATER


@transaction.atomic
def _let_go(order_id: UUID, lease: datetime, again_at: datetime | None, now: datetime) -> bool:
    """End the lease and write when the order is due next; whether it is due at once.

    Under the order's lock: a purchase that ends has either committed, and is seen here, or makes
    the order due after this.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    if order.settle_lease_until != lease:
        return False  # it took us so long that somebody else is at it
    order.settle_lease_until = None
    order.settle_due_at = again_at or _next_due(order, now)
    order.save(update_fields=["settle_lease_until", "settle_due_at"])
    return order.settle_due_at is not None and order.settle_due_at <= now


def _next_due(order: Order, now: datetime) -> datetime | None:
    if order.status not in UNDER_WAY:
        return None
    if queries.is_finished(queries.live_purchases(order.pk)):
        return now
    return queries.early_capture_at(order.pk)


def _settle(order: Order, now: datetime) -> bool:
    """Do what is due; whether the order has ended by it."""
    purchases = queries.live_purchases(order.pk)
    payment = queries.payment_behind(order.pk)
    payment.order = order
    if payment.status == PaymentStatus.LAPSED:
        raise HoldGone("the hold is gone")
    finished, delivered = queries.is_finished(purchases), queries.delivered_value(purchases)
    if delivered and (finished or _is_early_enough(order, payment, now)):
        amount = delivered if finished else payment.amount
        payments.capture(payment=payment, amount=amount, by=BY, now=now)
        orders.release(order=order, now=now)
    if finished:
        _give_back(order, payment, delivered, now)
        _finish(order.pk, purchases, payment, now)
    return finished


def _is_early_enough(order: Order, payment: Payment, now: datetime) -> bool:
    """Whether codes that came need not wait for the rest: their money is ours, or they waited."""
    early_at = queries.early_capture_at(order.pk)
    return payment.status == PaymentStatus.CAPTURED or (early_at is not None and early_at <= now)


def _give_back(order: Order, payment: Payment, delivered: Decimal, now: datetime) -> None:
    """Release what is still held; return what was taken for nothing."""
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


@transaction.atomic
def _finish(order_id: UUID, purchases: list[Purchase], payment: Payment, now: datetime) -> None:
    """The last move, once; the mail that tells of it and the end of the lease go with it."""
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    if order.status not in UNDER_WAY:
        return  # somebody was faster
    if all(purchase.delivered == purchase.quantity for purchase in purchases):
        status = OrderStatus.COMPLETED
    elif any(purchase.delivered for purchase in purchases):
        status = OrderStatus.PARTIALLY_COMPLETED
    else:
        captured = payment.status == PaymentStatus.CAPTURED
        status = OrderStatus.REFUNDED if captured else OrderStatus.FAILED
    over: dict[str, None] = {"settle_lease_until": None, "settle_due_at": None}
    orders.move(order=order, to=status, by=BY, now=now, **over)
    close_cases(kinds=_CASES, subject=order.number, by=BY, now=now)


def _show(order: Order, status: OrderStatus, now: datetime) -> None:
    """Move the order to what its purchases do; somebody else's move is as good."""
    if order.status == status:
        return
    try:
        orders.move(order=order, to=status, by=BY, now=now)
    except (states.LostRace, states.NotAllowed):
        log.info("order moved meanwhile", order=order.number)


def _show_trouble(order: Order, trouble: ProviderTrouble, now: datetime) -> None:
    """A provider may stumble; staff hear of it when it does not get up."""
    log.warning("provider in trouble", order=order.number, error=str(trouble))
    since = queries.oldest_end(order.pk)
    if since and now - since >= waits.TROUBLE:
        summary = f"The payment provider has not answered for very long: {trouble}"
        open_case(kind="provider-trouble", subject=order.number, summary=summary, now=now)


@transaction.atomic
def _lose(order: Order, gone: HoldGone, now: datetime) -> None:
    """The hold lapsed before it was taken: nothing was charged, so nothing is ever shown.

    What the partner delivered for it is ours, and a person finds a use for it.
    """
    orders.freeze(order=order, because=Freeze.HOLD_LOST, by=BY, now=now)
    summary = f"The codes were bought and their money was gone ({gone}): they are the shop's now."
    open_case(kind="hold-lost", subject=order.number, summary=summary, now=now)
    close_cases(kinds=_CASES, subject=order.number, by=BY, now=now)
    order.refresh_from_db()
    ended = queries.is_finished(queries.live_purchases(order.pk))
    if ended and order.status in UNDER_WAY:
        orders.move(order=order, to=OrderStatus.FAILED, by=BY, now=now)


def _review(order: Order, refusal: ProviderRefusal, now: datetime) -> None:
    """The money is not to be had, or not to be given back: nothing is shown, a person decides."""
    summary = f"The payment provider refuses: {refusal}. Codes that came stay hidden."
    open_case(kind="provider-refusal", subject=order.number, summary=summary, now=now)
    _show(Order.objects.get(pk=order.pk), OrderStatus.IN_REVIEW, now)

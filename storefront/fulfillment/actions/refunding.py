"""Staff give money back, all of it or a part.

1. What is to go back is written down and counted, and where it is all that is left, codes nobody
   saw are locked with it: from then on one has the money or the code.
2. The provider is asked, with the refund's own key; the sweeper asks again if we hear nothing.
3. Once it is done, the order says so and its customer is told; refused, the codes are unlocked.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from storefront.orders import actions as orders
from storefront.orders.models import Order
from storefront.orders.states import Freeze
from storefront.orders.states import Status as OrderStatus
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.providers import ProviderRefusal
from storefront.payments.queries import BY_STAFF, has_pending_refund, refunds_by_staff
from storefront.payments.states import EffectStatus

_DELIVERED = frozenset(
    {OrderStatus.COMPLETED, OrderStatus.PARTIALLY_COMPLETED, OrderStatus.PARTIALLY_REFUNDED}
)


class NotSettled(Exception):  # noqa: N818  the failure is the name
    """The order is still under way: its money moves by itself."""


def refund(
    *, payment_id: UUID, amount: Decimal, token: UUID, reason: str, by: str, now: datetime
) -> None:
    """Give `amount` back, once per token.

    Raises NotSettled, payments.TooMuch, ValueError (no sum of money), and then nothing changed;
    ProviderTrouble, after which it goes on by itself; ProviderRefusal, after which nothing will.
    """
    payment = Payment.objects.get(pk=payment_id)
    with transaction.atomic(durable=True):
        order = Order.objects.select_for_update(no_key=True).get(pk=payment.order_id)
        if not order.is_settled:
            raise NotSettled(order.number)
        payments.intend(
            payment=payment,
            amount=amount,
            reference=f"{BY_STAFF}{token}",
            reason=reason,
            by=by,
            now=now,
        )
        payment.refresh_from_db()
        if not payment.left and not order.frozen_at:
            orders.freeze(order=order, because=Freeze.REFUNDING, by=by, now=now)
    carry_out(payment=payment, by=by, now=now)


def carry_out(*, payment: Payment, by: str, now: datetime) -> None:
    """Ask for what is pending, and show on the order what came of it. Raises as `refund`."""
    try:
        payments.refund_pending(payment=payment, now=now)
    except ProviderRefusal:
        _unlock(payment, by, now)
        raise
    finally:
        _show(payment, by, now)


@transaction.atomic
def _unlock(payment: Payment, by: str, now: datetime) -> None:
    """The money stays ours, so the codes are the customer's."""
    order = Order.objects.select_for_update(no_key=True).get(pk=payment.order_id)
    payment.refresh_from_db()
    if payment.left and order.frozen_because == Freeze.REFUNDING:
        orders.thaw(order=order, after=frozenset({Freeze.REFUNDING}), by=by, now=now)


@transaction.atomic
def _show(payment: Payment, by: str, now: datetime) -> None:
    """Move the order by what staff gave back, once; further parts are told of one by one."""
    order = Order.objects.select_for_update(no_key=True).get(pk=payment.order_id)
    done = refunds_by_staff(payment).filter(status=EffectStatus.DONE).count()
    if not done or order.status not in _DELIVERED:
        return
    payment.refresh_from_db()
    if not payment.left and not has_pending_refund(payment):
        orders.freeze(order=order, because=Freeze.REFUND, by=by, now=now)
        orders.move(order=order, to=OrderStatus.REFUNDED, by=by, now=now)
    elif order.status != OrderStatus.PARTIALLY_REFUNDED:
        orders.move(order=order, to=OrderStatus.PARTIALLY_REFUNDED, by=by, now=now)
    elif done > 1:
        reference = f"{order.number} {done}"
        orders.tell(order=order, kind="order_partly_refunded", reference=reference, now=now)

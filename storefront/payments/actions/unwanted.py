"""Money that came and is not the order's: too late, twice, or another amount than was asked for."""

from datetime import datetime

from django.db import transaction

from storefront.cases.actions import close_case, open_case
from storefront.orders.actions import set_confirming
from storefront.payments.actions.moving import move
from storefront.payments.models import Payment
from storefront.payments.states import Status

CASE = "wrong-payment"


@transaction.atomic
def review(*, payment: Payment, reference: str, summary: str, by: str, now: datetime) -> None:
    """What was paid is not what was asked for: nothing is delivered, a person decides.

    Raises states.NotAllowed, states.LostRace.
    """
    move(payment, Status.IN_REVIEW, by=by, now=now, provider_reference=reference)
    set_confirming(order=payment.order, since=now)
    open_case(kind=CASE, subject=payment.order.number, summary=summary, now=now)


@transaction.atomic
def set_aside(*, payment: Payment, reference: str, reason: str, by: str, now: datetime) -> None:
    """The order needs no money (any more): all of this goes back. Staff hear of it.

    Raises states.NotAllowed, states.LostRace.
    """
    move(payment, Status.UNWANTED, by=by, now=now, provider_reference=reference)
    set_confirming(order=payment.order, since=None)
    close_case(kind=CASE, subject=payment.order.number, by=by, now=now)
    summary = f"Paid for nothing ({reason}): the money of payment {payment.pk} is given back."
    open_case(kind="unwanted-payment", subject=payment.order.number, summary=summary, now=now)

"""Writing payments. Intent, commit, call, outcome: no transaction is open while a provider is
called, and a call that is repeated carries the same key.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from storefront.core import states
from storefront.core.money import as_minor
from storefront.ledger.actions import record
from storefront.ledger.models import Kind
from storefront.orders.models import Order
from storefront.payments.models import Capture, Payment, PaymentEvent, Refund
from storefront.payments.providers import provider
from storefront.payments.states import MOVES, EffectStatus, Status


class NotPayable(Exception):  # noqa: N818  the failure is the name
    """The order does not wait for money (any more)."""


class WrongAmount(Exception):  # noqa: N818  the failure is the name
    """The provider speaks of another amount or currency than this payment's."""


class TooMuch(Exception):  # noqa: N818  the failure is the name
    """More than is left to take or to give back."""


class NotHeld(Exception):  # noqa: N818  the failure is the name
    """The payment holds no money that could be taken."""


@transaction.atomic
def open_for(*, order: Order, now: datetime) -> Payment:
    """The order's open payment; a new one when the last was declined.

    Raises NotPayable, NoProvider.
    """
    locked = Order.objects.select_for_update().get(pk=order.pk)  # two clicks make one payment
    if not locked.is_payable:
        raise NotPayable(order.number)
    found = Payment.objects.filter(order=order, status=Status.OPEN).first()
    return found or Payment.objects.create(
        order=order,
        provider=provider().name,
        amount=order.total_amount,
        currency=order.currency,
        created_at=now,
    )


@transaction.atomic
def authorise(
    *, payment: Payment, reference: str, amount: Decimal, currency: str, by: str, now: datetime
) -> None:
    """The provider holds the money. Raises WrongAmount, states.NotAllowed, states.LostRace.

    A second payment of an order that has its money is NotAllowed, too.
    """
    if (amount, currency) != (payment.amount, payment.currency):
        raise WrongAmount(f"{payment.pk}: {amount} {currency}")
    try:
        with transaction.atomic():
            _move(payment, Status.AUTHORISED, by=by, now=now, provider_reference=reference)
    except IntegrityError as error:  # the database allows one taken payment per order
        raise states.NotAllowed(f"{payment.pk}: the order is paid") from error


def close(*, payment: Payment, to: Status, by: str, now: datetime) -> None:
    """No money came: declined or expired. Raises states.NotAllowed, states.LostRace."""
    _move(payment, to, by=by, now=now)


def capture(*, payment: Payment, amount: Decimal, by: str, now: datetime) -> None:
    """Take `amount` of the held money; done already means done.

    An intent that was written before keeps its amount: what was decided first holds. Two workers
    may be here at once: both make the same call, one writes what came of it. Raises NotHeld,
    TooMuch, ProviderTrouble, ProviderRefusal; ValueError for what is no sum of money.
    """
    _must_be_money(amount, payment.currency)
    if payment.status not in {Status.AUTHORISED, Status.CAPTURED}:
        raise NotHeld(f"{payment.pk} is {payment.status}")
    if amount > payment.amount:
        raise TooMuch(f"{amount} of {payment.amount}")
    intent, _ = Capture.objects.get_or_create(
        payment=payment, defaults={"amount": amount, "created_at": now}
    )
    if intent.status == EffectStatus.DONE:
        return
    provider(payment.provider).capture(
        payment.provider_reference, intent.amount, payment.currency, key=intent.key
    )
    with transaction.atomic():
        pending = Capture.objects.filter(pk=intent.pk, status=EffectStatus.PENDING)
        if not pending.update(status=EffectStatus.DONE, done_at=now):
            return
        _move(payment, Status.CAPTURED, by=by, now=now, captured_amount=intent.amount)
        record(
            kind=Kind.SALE,
            reference=str(intent.pk),
            order_number=payment.order.number,
            amount=intent.amount,
            currency=payment.currency,
            now=now,
        )


def void(*, payment: Payment, by: str, now: datetime) -> None:
    """Release the hold: nothing was delivered, nothing is taken; done already means done.

    Raises NotHeld, ProviderTrouble, ProviderRefusal.
    """
    if payment.status == Status.VOIDED:
        return
    if payment.status != Status.AUTHORISED:
        raise NotHeld(f"{payment.pk} is {payment.status}")
    provider(payment.provider).void(payment.provider_reference, key=f"void-{payment.pk}")
    try:
        _move(payment, Status.VOIDED, by=by, now=now)
    except states.LostRace:
        payment.refresh_from_db()
        if payment.status != Status.VOIDED:
            raise


def refund(
    *, payment: Payment, amount: Decimal, reference: str, reason: str, by: str, now: datetime
) -> None:
    """Give back `amount`, once per reference. Raises TooMuch, ProviderTrouble, ProviderRefusal.

    What is no sum of money, or another payment's reference, is refused with ValueError.
    """
    _must_be_money(amount, payment.currency)
    intent = _refund_intent(payment, amount, reference, reason, by, now)
    if intent.status == EffectStatus.DONE:
        return
    provider(payment.provider).refund(
        payment.provider_reference, intent.amount, payment.currency, key=intent.key
    )
    with transaction.atomic():
        done = Refund.objects.filter(pk=intent.pk, status=EffectStatus.PENDING)
        if not done.update(status=EffectStatus.DONE, done_at=now):
            return
        record(
            kind=Kind.REFUND,
            reference=str(intent.pk),
            order_number=payment.order.number,
            amount=intent.amount,
            currency=payment.currency,
            now=now,
        )


@transaction.atomic
def _refund_intent(
    payment: Payment, amount: Decimal, reference: str, reason: str, by: str, now: datetime
) -> Refund:
    """Write the intent and count it against what was captured, under the payment's lock."""
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    found = Refund.objects.filter(reference=reference).first()
    if found and found.payment_id != payment.pk:
        raise ValueError(f"{reference} names a refund of another payment")
    if found:
        return found
    if amount > locked.captured_amount - locked.refunded_amount:
        raise TooMuch(f"{amount} of {locked.captured_amount - locked.refunded_amount}")
    Payment.objects.filter(pk=payment.pk).update(refunded_amount=locked.refunded_amount + amount)
    return Refund.objects.create(
        payment=payment, amount=amount, reference=reference, reason=reason, by=by, created_at=now
    )


def _must_be_money(amount: Decimal, currency: str) -> None:
    """More than nothing, in whole minor units."""
    if as_minor(amount, currency) <= 0:
        raise ValueError(f"{amount} {currency} is nothing to move")


@transaction.atomic
def _move(payment: Payment, to: Status, *, by: str, now: datetime, **fields: Any) -> None:
    old = states.swap(payment, to=to, moves=MOVES, **fields)
    PaymentEvent.objects.create(payment=payment, at=now, by=by, from_status=old, to_status=to)

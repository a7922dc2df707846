"""Holding money, taking it, letting it go."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from storefront.core import states
from storefront.ledger.models import Kind
from storefront.payments.actions.moving import book, book_fee, move, must_be_money, was_sent
from storefront.payments.models import Capture, Payment
from storefront.payments.providers import HoldGone, ProviderRefusal, provider
from storefront.payments.providers.protocol import Fee
from storefront.payments.states import EffectStatus, Status


class WrongAmount(Exception):  # noqa: N818  the failure is the name
    """The provider speaks of another amount or currency than this payment's."""


class TooMuch(Exception):  # noqa: N818  the failure is the name
    """More than is left to take or to give back."""


class NotHeld(Exception):  # noqa: N818  the failure is the name
    """The payment holds no money that could be taken."""


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
            move(payment, Status.AUTHORISED, by=by, now=now, provider_reference=reference)
    except IntegrityError as error:  # the database allows one taken payment per order
        raise states.NotAllowed(f"{payment.pk}: the order is paid") from error


@transaction.atomic
def take_over(*, payment: Payment, fee: Fee | None, by: str, now: datetime) -> None:
    """The provider took the money at once, as it does where a method cannot be held."""
    intent = Capture.objects.create(
        payment=payment, amount=payment.amount, created_at=now, sent_at=now
    )
    _taken(payment, intent, fee, by, now)


def capture(*, payment: Payment, amount: Decimal, by: str, now: datetime) -> None:
    """Take `amount` of the held money; done already means done. `payment` is as it is afterwards.

    An intent that was written before keeps its amount: what was decided first holds. Two workers
    may be here at once: both make the same call, one writes what came of it. Raises NotHeld,
    TooMuch, ProviderTrouble, ProviderRefusal, HoldGone; ValueError for what is no sum of money.
    """
    must_be_money(amount, payment.currency)
    if payment.status not in {Status.AUTHORISED, Status.CAPTURED}:
        raise NotHeld(f"{payment.pk} is {payment.status}")
    if amount > payment.amount:
        raise TooMuch(f"{amount} of {payment.amount}")
    intent, may_be_under_way = _intent(payment, amount, now)
    if intent.status == EffectStatus.DONE:
        payment.refresh_from_db()
        return
    try:
        fee = _take(payment, intent, may_be_under_way)
    except HoldGone:
        with suppress(states.LostRace):  # a twin of this worker wrote it
            move(payment, Status.LAPSED, by=payment.provider, now=now)
        raise
    _taken(payment, intent, fee, by, now)


def _intent(payment: Payment, amount: Decimal, now: datetime) -> tuple[Capture, bool]:
    """The one capture of the payment, committed as sent; whether a request may have left before.

    No transaction is open afterwards: Django refuses to commit inside another one.
    """
    intent = Capture(payment=payment, amount=amount, created_at=now, sent_at=now)
    try:
        with transaction.atomic(durable=True):
            intent.save(force_insert=True)
    except IntegrityError:  # decided before, by us or by a twin of this worker
        intent = Capture.objects.get(payment=payment)
        return intent, was_sent(intent, now=now)
    return intent, False


def _take(payment: Payment, intent: Capture, may_be_under_way: bool) -> Fee | None:
    """Make the call, unless an earlier one of which we heard nothing did its work."""
    teller = provider(payment.provider)
    if may_be_under_way:
        books = teller.look_up(payment.provider_reference, payment.currency)
        if books.taken not in {None, intent.amount}:
            raise ProviderRefusal(f"somebody took {books.taken} instead of {intent.amount}")
        if books.taken is not None:
            return books.fee
        if not books.is_held:
            raise HoldGone("the hold is gone")
    return teller.capture(
        payment.provider_reference, intent.amount, payment.currency, key=intent.key
    )


@transaction.atomic
def _taken(payment: Payment, intent: Capture, fee: Fee | None, by: str, now: datetime) -> None:
    pending = Capture.objects.filter(pk=intent.pk, status=EffectStatus.PENDING)
    if not pending.update(status=EffectStatus.DONE, done_at=now):
        payment.refresh_from_db()
        return
    move(payment, Status.CAPTURED, by=by, now=now, captured_amount=intent.amount)
    book(
        Kind.SALE,
        reference=str(intent.pk),
        payment=payment,
        amount=intent.amount,
        currency=payment.currency,
        now=now,
    )
    book_fee(fee, payment=payment, now=now)


def void(*, payment: Payment, by: str, now: datetime) -> None:
    """Release the hold: nothing was delivered, nothing is taken; done already means done.

    Raises NotHeld, ProviderTrouble, ProviderRefusal.
    """
    if payment.status == Status.VOIDED:
        return
    if payment.status != Status.AUTHORISED:
        raise NotHeld(f"{payment.pk} is {payment.status}")
    provider(payment.provider).void(payment.provider_reference, key=payment.key("void"))
    try:
        move(payment, Status.VOIDED, by=by, now=now)
    except states.LostRace:
        payment.refresh_from_db()
        if payment.status != Status.VOIDED:
            raise

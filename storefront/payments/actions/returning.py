"""Giving money back: parts of what was taken, by intents of ours; and all that was never wanted."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from storefront.core import states
from storefront.ledger.models import Kind
from storefront.orders import refunds
from storefront.orders.actions import note_refund
from storefront.payments.actions.moving import book, book_fee, move, must_be_money, was_sent
from storefront.payments.actions.taking import TooMuch
from storefront.payments.models import Payment, Refund
from storefront.payments.providers import ProviderRefusal, provider
from storefront.payments.states import EffectStatus, Status
from storefront.payments.waits import CHECK


def refund(
    *, payment: Payment, amount: Decimal, reference: str, reason: str, by: str, now: datetime
) -> Refund:
    """Give back `amount`, once per reference. Raises TooMuch, ProviderTrouble, ProviderRefusal.

    What is no sum of money, or another payment's reference, is refused with ValueError. One whose
    outcome is unknown is asked for again by the sweeper; one the provider refuses for good counts
    for nothing, and the same reference may be tried anew.
    """
    intent = intend(
        payment=payment, amount=amount, reference=reference, reason=reason, by=by, now=now
    )
    _carry_out(payment, intent, now)
    return intent


@transaction.atomic
def intend(
    *, payment: Payment, amount: Decimal, reference: str, reason: str, by: str, now: datetime
) -> Refund:
    """Write what is to be given back and count it against what was captured, under its lock.

    The sweeper carries it out if nobody else does. Raises TooMuch, ValueError, as `refund`.
    """
    must_be_money(amount, payment.currency)
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    found = Refund.objects.filter(reference=reference).exclude(status=EffectStatus.FAILED).first()
    if found and found.payment_id != payment.pk:
        raise ValueError(f"{reference} names a refund of another payment")
    if found:
        return found
    if amount > locked.left:
        raise TooMuch(f"{amount} of {locked.left}")
    Payment.objects.filter(pk=payment.pk).update(
        refunded_amount=locked.refunded_amount + amount, due_at=now + CHECK
    )
    intent = Refund.objects.create(
        payment=payment, amount=amount, reference=reference, reason=reason, by=by, created_at=now
    )
    _note(refunds.ASKED, intent, now)
    return intent


def refund_pending(*, payment: Payment, now: datetime) -> None:
    """Ask once more about each refund whose outcome is unknown. Raises as `refund`."""
    for intent in payment.refunds.filter(status=EffectStatus.PENDING).order_by("created_at"):
        _carry_out(payment, intent, now)


def give_back(*, payment: Payment, by: str, now: datetime) -> None:
    """Let go of money that is not the order's, or return it where it was taken already.

    What is to happen is committed: the payment is UNWANTED, and its keys are its own. Raises
    ProviderTrouble, ProviderRefusal.
    """
    if payment.status != Status.UNWANTED:
        return
    teller = provider(payment.provider)
    books = teller.look_up(payment.provider_reference, payment.currency)
    if books.taken is None:
        if books.is_held:
            teller.void(payment.provider_reference, key=payment.key("void"))
        _end(payment, Status.VOIDED, by=by, now=now)
        return
    if payment.key("return") not in books.refunds:
        teller.refund(payment.provider_reference, None, payment.currency, key=payment.key("return"))
    with transaction.atomic():
        _end(payment, Status.RETURNED, by=by, now=now)
        for kind in (Kind.SALE, Kind.REFUND):
            book(
                kind,
                reference=payment.key("return"),
                payment=payment,
                amount=books.taken,
                currency=books.currency or payment.currency,
                now=now,
            )
        book_fee(books.fee, payment=payment, now=now)


def _end(payment: Payment, to: Status, *, by: str, now: datetime) -> None:
    try:
        move(payment, to, by=by, now=now)
    except states.LostRace:  # a twin of this worker wrote it
        payment.refresh_from_db()
        if payment.status != to:
            raise


def _carry_out(payment: Payment, intent: Refund, now: datetime) -> None:
    """Make the call, unless an earlier one of which we heard nothing did its work."""
    if intent.status == EffectStatus.DONE:
        return
    teller, reference = provider(payment.provider), payment.provider_reference
    try:
        # Keys are forgotten after a day, and an answered failure is repeated until then: what was
        # asked for before is looked for first.
        seen = was_sent(intent, now=now) and teller.look_up(reference, payment.currency).refunds
        if not (seen and intent.key in seen):
            teller.refund(reference, intent.amount, payment.currency, key=intent.key)
    except ProviderRefusal:
        _refused(payment, intent, now)
        raise
    _refunded(payment, intent, now)


@transaction.atomic
def _refunded(payment: Payment, intent: Refund, now: datetime) -> None:
    pending = Refund.objects.filter(pk=intent.pk, status=EffectStatus.PENDING)
    if not pending.update(status=EffectStatus.DONE, done_at=now):
        return
    intent.status, intent.done_at = EffectStatus.DONE, now
    book(
        Kind.REFUND,
        reference=str(intent.pk),
        payment=payment,
        amount=intent.amount,
        currency=payment.currency,
        now=now,
    )
    _note(refunds.DONE, intent, now)


@transaction.atomic
def _refused(payment: Payment, intent: Refund, now: datetime) -> None:
    """It did not happen and never will: it no longer counts against what is left."""
    Payment.objects.select_for_update().get(pk=payment.pk)
    pending = Refund.objects.filter(pk=intent.pk, status=EffectStatus.PENDING)
    if pending.update(status=EffectStatus.FAILED):
        Payment.objects.filter(pk=payment.pk).update(
            refunded_amount=F("refunded_amount") - intent.amount
        )
        _note(refunds.REFUSED, intent, now)


def _note(kind: str, intent: Refund, now: datetime) -> None:
    """Tell the order, for its page shows how far its refunds are."""
    note_refund(
        order_id=intent.payment.order_id,
        kind=kind,
        reference=str(intent.pk),
        amount=intent.amount,
        by=intent.by,
        now=now,
    )

"""What came of a payment, by the provider's own word. The page the customer returns to, the
provider's webhook, the sweeper and the clock all come here, in any order and as often as they like.

Nothing that a browser or a webhook says is believed: they only make us ask. The answer is measured
against our own row: its page, amount, currency, and whether it is real money.
"""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from storefront.cases.actions import open_case
from storefront.core import states
from storefront.fulfillment.actions import refunding
from storefront.fulfillment.actions.starting import accept_payment
from storefront.orders import actions as orders
from storefront.payments import actions as payments
from storefront.payments.currencies import to_minor
from storefront.payments.models import Payment
from storefront.payments.providers import (
    NoProvider,
    ProviderRefusal,
    ProviderTrouble,
    provider,
)
from storefront.payments.providers.protocol import State, Word
from storefront.payments.queries import has_pending_refund
from storefront.payments.states import TENDED, UNDECIDED, Status
from storefront.payments.waits import CHECK

log = structlog.get_logger(__name__)

_CLOSED = {State.DECLINED: Status.DECLINED, State.EXPIRED: Status.EXPIRED}


def confirm(*, payment_id: UUID, now: datetime) -> None:
    """Ask the provider what came of the payment and follow it; done already means done.

    Raises ProviderTrouble, ProviderRefusal, NoProvider.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status in UNDECIDED and payment.session_reference:
        _hear(payment, provider(payment.provider).confirm(payment.session_reference), now)
    if payment.status == Status.UNWANTED:
        payments.give_back(payment=payment, by=payment.provider, now=now)


def end(*, payment: Payment, now: datetime) -> bool:
    """Close an open payment with its page; whether that is decided, one way or the other.

    One that was paid meanwhile is followed; one nobody knows about yet stays open, as does one
    whose money is before a person.
    """
    if payment.status == Status.IN_REVIEW:
        return False
    try:
        word = _end_page(payment, now)
        if word.state in {State.OPEN, State.PENDING}:
            return False
        _hear(payment, word, now)
    except (ProviderTrouble, ProviderRefusal) as trouble:
        log.warning("payment not ended", payment=str(payment.pk), error=str(trouble))
        return False
    return True


def _end_page(payment: Payment, now: datetime) -> Word:
    """Close the provider's page; one whose name we never heard is asked for once more.

    Once such a page has closed by itself nobody can have paid there, for nobody was ever led to it.
    A provider that failed while it made the page may say so for a whole day, and is not waited for.
    """
    try:
        teller = provider(payment.provider)
    except NoProvider:  # a demonstration's payment in a real shop: no money exists
        return Word(state=State.EXPIRED)
    session = payment.session_reference
    if not session and payment.started_at and now < payments.closes_at(payment) + CHECK:
        try:
            session = payments.page_of(payment, teller).session
        except ProviderRefusal:  # it never was, and comes too late now
            session = ""
    return teller.end(session) if session else Word(state=State.EXPIRED)


def tend(*, payment_id: UUID, now: datetime) -> None:
    """What is due about a payment: whether it was paid, money that goes back, unclear refunds."""
    due = Payment.objects.filter(pk=payment_id, due_at__lte=now)
    if not due.update(due_at=now + CHECK):
        return  # somebody else is at it
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    try:
        confirm(payment_id=payment_id, now=now)
        refunding.carry_out(payment=payment, by=payment.provider, now=now)
    except ProviderTrouble as trouble:
        log.warning("provider in trouble", payment=str(payment_id), error=str(trouble))
    except (ProviderRefusal, NoProvider) as refusal:
        summary = f"The payment provider refuses to tell about a payment or to return it: {refusal}"
        open_case(kind="payment-refusal", subject=payment.order.number, summary=summary, now=now)
    _let_go(payment_id)


@transaction.atomic
def _let_go(payment_id: UUID) -> None:
    """Nothing is due any more, unless something is: under the lock that new work takes."""
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.status not in TENDED and not has_pending_refund(payment):
        payment.due_at = None
        payment.save(update_fields=["due_at"])


def _hear(payment: Payment, word: Word, now: datetime) -> None:
    """Follow the provider's word, forward only."""
    if word.state in _CLOSED:
        if payment.status == Status.OPEN:
            with suppress(states.LostRace):
                payments.close(
                    payment=payment, to=_CLOSED[word.state], by=payment.provider, now=now
                )
    elif word.state == State.OPEN:
        orders.set_confirming(order=payment.order, since=None)
    elif word.state == State.PENDING:
        if payment.status == Status.OPEN:
            orders.set_confirming(order=payment.order, since=payment.order.confirming_since or now)
    elif word.state in {State.HELD, State.TAKEN}:
        try:
            _paid(payment, word, now)
        except (states.LostRace, states.NotAllowed):
            log.info("payment decided meanwhile", payment=str(payment.pk))
        payment.refresh_from_db()


def _paid(payment: Payment, word: Word, now: datetime) -> None:
    """Money came: for the order, or to be looked at, or to go back."""
    by = payment.provider
    if wrong := _difference(payment, word):
        payments.review(payment=payment, reference=word.reference, summary=wrong, by=by, now=now)
        return
    try:
        accept_payment(
            payment=payment,
            reference=word.reference,
            amount=payment.amount,
            currency=payment.currency,
            is_taken=word.state == State.TAKEN,
            fee=word.fee,
            by=by,
            now=now,
        )
    except (states.NotAllowed, states.LostRace):
        payment.refresh_from_db()
        if payment.status not in UNDECIDED:
            return  # a twin of this word came first
        payments.set_aside(
            payment=payment,
            reference=word.reference,
            reason=f"the order is {payment.order.status}, the payment was {payment.status}",
            by=by,
            now=now,
        )
        payments.give_back(payment=payment, by=by, now=now)


def _difference(payment: Payment, word: Word) -> str:
    """What is wrong with the money that came; nothing when all is as asked."""
    asked = (to_minor(payment.amount, payment.currency), payment.currency)
    if not word.is_right_mode:
        return "Paid with money of a test in a real shop, or the other way round: not accepted."
    if (word.minor, word.currency) != asked or word.oddity:
        note = f" ({word.oddity})" if word.oddity else ""
        return (
            f"Paid {word.minor} {word.currency} (minor units){note} instead of"
            f" {asked[0]} {asked[1]}: not accepted. Give it back on the payment's page."
        )
    return ""

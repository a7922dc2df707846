"""What all writing of payments shares: the move, the mark that a call may have left, the check."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from storefront.core import states
from storefront.ledger.actions import record
from storefront.ledger.models import Kind
from storefront.payments.currencies import to_minor
from storefront.payments.models import Capture, Payment, PaymentEvent, Refund
from storefront.payments.providers.protocol import Fee
from storefront.payments.states import MOVES, TENDED, Status


@states.whole()
def move(payment: Payment, to: Status, *, by: str, now: datetime, **fields: Any) -> None:
    """Move it and write its event. Raises states.NotAllowed, states.LostRace."""
    fields |= {"due_at": now if to in TENDED else None}
    old = states.swap(payment, to=to, moves=MOVES, **fields)
    PaymentEvent.objects.create(payment=payment, at=now, by=by, from_status=old, to_status=to)


def was_sent(intent: Capture | Refund, *, now: datetime) -> bool:
    """Whether a request for it may have left us before; commits that one may from now on.

    No transaction is open afterwards: Django refuses to commit inside another one.
    """
    with transaction.atomic(durable=True):
        unsent = type(intent)._base_manager.filter(pk=intent.pk, sent_at=None)  # noqa: SLF001  documented by Django
        return not unsent.update(sent_at=now)


def must_be_money(amount: Decimal, currency: str) -> None:
    """More than nothing, in whole minor units of a currency we take. ValueError otherwise."""
    if to_minor(amount, currency) <= 0:
        raise ValueError(f"{amount} {currency} is nothing to move")


def book(
    kind: Kind, *, reference: str, payment: Payment, amount: Decimal, currency: str, now: datetime
) -> None:
    """One entry of the ledger about this payment's order."""
    record(
        kind=kind,
        reference=reference,
        order_number=payment.order.number,
        amount=amount,
        currency=currency,
        now=now,
    )


def book_fee(fee: Fee | None, *, payment: Payment, now: datetime) -> None:
    """What the provider keeps of this payment, where it says so."""
    if fee and fee.amount > 0:
        book(
            Kind.FEE,
            reference=f"fee-{payment.pk}",
            payment=payment,
            amount=fee.amount,
            currency=fee.currency,
            now=now,
        )

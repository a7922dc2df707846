"""The inbox of Stripe's events: stored once by their id, followed later, in any order.

A session's event only makes us ask Stripe about our own payment, by the function that the return of
the customer and the sweeper use too. Money in doubt is locked on the event's word alone: that harms
nobody, and a minute later may be too late.
"""

from datetime import datetime

import structlog
from django.db import transaction

from storefront.cases.actions import open_case
from storefront.core.queue import enqueue
from storefront.fulfillment.actions import confirming
from storefront.orders.states import Freeze
from storefront.payments import actions as payments
from storefront.payments import queries
from storefront.payments.models import Payment
from storefront.payments.providers import NoProvider, ProviderRefusal, ProviderTrouble
from storefront.payments.providers.stripe_events import Event
from storefront.webhooks.actions import AGAIN, PATIENCE
from storefront.webhooks.models import StripeEvent

log = structlog.get_logger(__name__)

_PAGES = frozenset(
    f"checkout.session.{what}"
    for what in ("completed", "expired", "async_payment_succeeded", "async_payment_failed")
)
_DOUBTS = {
    "charge.dispute.created": Freeze.DISPUTE,
    "radar.early_fraud_warning.created": Freeze.WARNING,
}
_TOLD = {
    "charge.dispute.closed": ("dispute-closed", "The dispute is closed: {status}."),
    "refund.failed": ("refund-failed", "A refund failed at the provider after it was accepted."),
}
KNOWN = _PAGES | set(_DOUBTS) | set(_TOLD)


@transaction.atomic
def store(*, event: Event, now: datetime) -> None:
    """Keep the event; the same one again changes nothing."""
    is_known = event.type in KNOWN
    row = StripeEvent(
        event_id=event.id,
        type=event.type,
        session=event.session,
        money=event.money,
        object_status=event.status,
        status=StripeEvent.Status.RECEIVED if is_known else StripeEvent.Status.IGNORED,
        received_at=now,
        due_at=now if is_known else None,
    )
    StripeEvent.objects.bulk_create([row], ignore_conflicts=True)
    waiting = StripeEvent.objects.filter(event_id=event.id, status=StripeEvent.Status.RECEIVED)
    if stored := waiting.first():
        enqueue("webhooks.apply_payment", event_id=stored.pk)


def apply(*, event_id: int, now: datetime) -> None:
    """Follow one event. A provider in trouble is asked again; what is not ours is parked."""
    event = StripeEvent.objects.get(pk=event_id)
    if event.status != StripeEvent.Status.RECEIVED:
        return
    rows = StripeEvent.objects.filter(pk=event_id, status=StripeEvent.Status.RECEIVED)
    payment = _payment_of(event)
    if payment is None:
        if now - event.received_at < PATIENCE:
            rows.update(due_at=now + AGAIN, note="no such payment of ours yet")
        else:  # other shops may share the account
            rows.update(status=StripeEvent.Status.PARKED, due_at=None, note="no payment of ours")
        return
    try:
        _follow(event, payment, now)
    except ProviderTrouble as trouble:
        rows.update(due_at=now + AGAIN, note=str(trouble)[:200])
    except (ProviderRefusal, NoProvider) as refusal:  # the sweeper goes on, and tells staff
        rows.update(status=StripeEvent.Status.PARKED, due_at=None, note=str(refusal)[:200])
    else:
        rows.update(status=StripeEvent.Status.APPLIED, due_at=None)


def sweep(*, now: datetime, most: int = 200) -> int:
    """Queue what is due; returns how many."""
    due = StripeEvent.objects.filter(due_at__lte=now).order_by("due_at")
    ids = list(due.values_list("pk", flat=True)[:most])
    for event_id in ids:
        enqueue("webhooks.apply_payment", event_id=event_id)
    return len(ids)


def _payment_of(event: StripeEvent) -> Payment | None:
    """By what we wrote down ourselves when the page was opened and the money heard of."""
    if event.session:
        return queries.by_session(provider="stripe", session=event.session)
    return queries.by_reference(provider="stripe", reference=event.money)


def _follow(event: StripeEvent, payment: Payment, now: datetime) -> None:
    if event.type in _PAGES:
        confirming.confirm(payment_id=payment.pk, now=now)
    elif event.type in _DOUBTS:
        payments.doubt(payment=payment, because=_DOUBTS[event.type], by="stripe", now=now)
    else:
        kind, words = _TOLD[event.type]
        summary = words.format(status=event.object_status)
        open_case(kind=kind, subject=payment.order.number, summary=summary, now=now)

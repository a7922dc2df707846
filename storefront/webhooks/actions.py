"""The inbox: stored once, applied later. An event is a hint; only the partner's API is believed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from partner_api import WebhookEvent
from storefront.cases.actions import open_case
from storefront.core.queue import enqueue
from storefront.fulfillment.actions.sweeping import hint
from storefront.fulfillment.queries import by_partner_reference
from storefront.webhooks.models import PartnerEvent

# An event may come before the answer to our own request is written; so long it is tried again.
PATIENCE = timedelta(minutes=10)
AGAIN = timedelta(seconds=30)
# Whoever captured one delivery can change its body as often as they like for five minutes; beyond
# a few copies nothing new is learnt, and polling finishes what is missed.
MOST_COPIES = 5


@transaction.atomic
def store(*, event: WebhookEvent, now: datetime) -> None:
    """Keep the event; the same delivery again changes nothing."""
    status = PartnerEvent.Status.RECEIVED if event.is_known else PartnerEvent.Status.IGNORED
    body_hash = bytes.fromhex(event.body_sha256)
    row = PartnerEvent(
        idempotency_key=event.idempotency_key,
        body_hash=body_hash,
        event=event.event,
        external_id=event.external_id or "",
        partner_order_id=event.order_id or "",
        status=status,
        received_at=now,
        due_at=now if event.is_known else None,
    )
    known = PartnerEvent.objects.filter(idempotency_key=event.idempotency_key)
    if copies := {bytes(copy) for copy in known.values_list("body_hash", flat=True)}:
        if body_hash in copies or len(copies) >= MOST_COPIES:
            return
        open_case(
            kind="webhook-changed",
            subject=event.idempotency_key,
            summary="The same webhook came with another body: somebody may be altering them.",
            now=now,
        )
    # A twin that came this very moment wins; then there is nothing left to do.
    PartnerEvent.objects.bulk_create([row], ignore_conflicts=True)
    if stored := known.filter(body_hash=body_hash, status=PartnerEvent.Status.RECEIVED).first():
        enqueue("webhooks.apply", event_id=stored.pk)


def apply(*, event_id: int, now: datetime) -> None:
    """Ask about the order the event speaks of; one that is not ours is parked in the end."""
    event = PartnerEvent.objects.get(pk=event_id)
    if event.status != PartnerEvent.Status.RECEIVED:
        return
    purchase = by_partner_reference(
        external_id=event.external_id, partner_order_id=event.partner_order_id
    )
    rows = PartnerEvent.objects.filter(pk=event_id, status=PartnerEvent.Status.RECEIVED)
    if purchase is not None:
        hint(purchase_id=purchase.pk, now=now)
        note = f"{purchase} was asked about"
        rows.update(status=PartnerEvent.Status.APPLIED, due_at=None, note=note)
    elif now - event.received_at < PATIENCE:
        rows.update(due_at=now + AGAIN, note="no such order of ours yet")
    else:
        rows.update(status=PartnerEvent.Status.PARKED, due_at=None, note="no such order of ours")
        open_case(
            kind="webhook-unknown-order",
            subject=event.external_id or event.partner_order_id or str(event.idempotency_key),
            summary="A genuine webhook speaks of an order this shop does not have.",
            now=now,
        )


@transaction.atomic
def replay(*, event_ids: Iterable[int], by: str, now: datetime) -> int:
    """Follow these events once more, as hints like any other; returns how many."""
    rows = PartnerEvent.objects.filter(pk__in=list(event_ids))
    ids = list(rows.select_for_update().values_list("pk", flat=True))
    PartnerEvent.objects.filter(pk__in=ids).update(
        status=PartnerEvent.Status.RECEIVED, due_at=now, note=f"replayed by {by}"[:200]
    )
    for event_id in ids:
        enqueue("webhooks.apply", event_id=event_id)
    return len(ids)


def sweep(*, now: datetime) -> int:
    """Queue what is due; returns how many."""
    due = PartnerEvent.objects.filter(due_at__lte=now).order_by("due_at")
    ids = list(due.values_list("pk", flat=True)[:200])
    for event_id in ids:
        enqueue("webhooks.apply", event_id=event_id)
    return len(ids)

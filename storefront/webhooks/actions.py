"""The inbox: stored once, applied later. An event is a hint; only the partner's API is believed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

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


# Stores it unless this very delivery, or enough of its changed copies, are there; says of how many
# copies there were, and nothing where nothing was stored. A twin that comes this moment wins.
_STORE = """
    WITH known AS (
      SELECT body_hash FROM webhooks_partnerevent WHERE idempotency_key = %(key)s
    )
    INSERT INTO webhooks_partnerevent (idempotency_key, body_hash, event, external_id,
      partner_order_id, status, received_at, due_at, note)
    SELECT %(key)s, %(hash)s, %(event)s, %(external_id)s, %(order_id)s, %(status)s, %(now)s,
      %(due_at)s, ''
    WHERE (SELECT count(*) FROM known) < %(most)s
    ON CONFLICT (idempotency_key, body_hash) DO NOTHING
    RETURNING id, (SELECT count(*) FROM known)
"""


def store(*, event: WebhookEvent, now: datetime) -> None:
    """Keep the event, in one statement; the same delivery again changes nothing."""
    status = PartnerEvent.Status.RECEIVED if event.is_known else PartnerEvent.Status.IGNORED
    values: dict[str, str | bytes | int | datetime | None] = {
        "key": event.idempotency_key,
        "hash": bytes.fromhex(event.body_sha256),
        "event": event.event,
        "external_id": event.external_id or "",
        "order_id": event.order_id or "",
        "status": status,
        "now": now,
        "due_at": now if event.is_known else None,
        "most": MOST_COPIES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        stored = cursor.fetchone()
    if stored is None:
        return
    event_id, copies = stored
    if copies:
        open_case(
            kind="webhook-changed",
            subject=event.idempotency_key,
            summary="The same webhook came with another body: somebody may be altering them.",
            now=now,
        )
    if event.is_known:
        enqueue("webhooks.apply", event_id=event_id)


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

"""The inbox: stored once, applied later. An event is a hint; only the partner's API is believed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from partner_api import WebhookEvent
from storefront.cases.actions import open_case
from storefront.core.queue import enqueue, enqueue_soon
from storefront.fulfillment.actions.sweeping import hint
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.queries import by_partner_references
from storefront.webhooks.models import PartnerEvent

# An event may come before the answer to our own request is written; so long it is tried again.
PATIENCE = timedelta(minutes=10)
AGAIN = timedelta(seconds=30)
# Whoever captured one delivery can change its body as often as they like for five minutes; beyond
# a few copies nothing new is learnt, and polling finishes what is missed.
MOST_COPIES = 5
# How many are followed in one transaction.
BATCH = 200


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
    RETURNING (SELECT count(*) FROM known)
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
    (copies,) = stored
    if copies:
        open_case(
            kind="webhook-changed",
            subject=event.idempotency_key,
            summary="The same webhook came with another body: somebody may be altering them.",
            now=now,
        )
    if event.is_known:
        enqueue_soon("webhooks.follow")


@transaction.atomic
def follow(*, now: datetime) -> int:
    """Ask about the orders that events which are due speak of, each order once; one that is not
    ours is parked in the end. Returns how many events that were: others may have the rest.
    """
    due = PartnerEvent.objects.filter(due_at__lte=now).order_by("due_at")
    events = list(due.select_for_update(skip_locked=True)[:BATCH])
    purchases = by_partner_references(
        name for event in events for name in (event.external_id, event.partner_order_id)
    )
    about: dict[Purchase | None, list[PartnerEvent]] = {}
    for event in events:
        known = purchases.get(event.external_id) or purchases.get(event.partner_order_id)
        about.setdefault(known, []).append(event)
    _give_up(about.pop(None, []), now)
    for purchase, some in about.items():
        if purchase is not None:
            hint(purchase_id=purchase.pk, now=now)
            note = f"{purchase} was asked about"
            _write(some, status=PartnerEvent.Status.APPLIED, due_at=None, note=note)
    if len(events) == BATCH:
        enqueue("webhooks.follow")
    return len(events)


def _give_up(events: list[PartnerEvent], now: datetime) -> None:
    """Of orders that are not ours, or not yet: later again, but not for ever."""
    early = [event for event in events if now - event.received_at < PATIENCE]
    late = [event for event in events if now - event.received_at >= PATIENCE]
    _write(early, due_at=now + AGAIN, note="no such order of ours yet")
    _write(late, status=PartnerEvent.Status.PARKED, due_at=None, note="no such order of ours")
    for event in late:
        open_case(
            kind="webhook-unknown-order",
            subject=event.external_id or event.partner_order_id or str(event.idempotency_key),
            summary="A genuine webhook speaks of an order this shop does not have.",
            now=now,
        )


def _write(events: list[PartnerEvent], **fields: Any) -> None:
    if events:
        PartnerEvent.objects.filter(pk__in=[event.pk for event in events]).update(**fields)


@transaction.atomic
def replay(*, event_ids: Iterable[int], by: str, now: datetime) -> int:
    """Follow these events once more, as hints like any other; returns how many."""
    rows = PartnerEvent.objects.filter(pk__in=list(event_ids))
    ids = list(rows.select_for_update().values_list("pk", flat=True))
    PartnerEvent.objects.filter(pk__in=ids).update(
        status=PartnerEvent.Status.RECEIVED, due_at=now, note=f"replayed by {by}"[:200]
    )
    enqueue("webhooks.follow")
    return len(ids)

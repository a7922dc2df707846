"""Looking after the partner: is it there again, and do staff know that it is not?"""

from datetime import datetime

from django.db.models import Q

from partner_api import PartnerClient
from storefront.cases.actions import close_case, open_case
from storefront.core.queue import enqueue
from storefront.fulfillment.actions.holding import CLOSED
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from storefront.partner import circuits
from storefront.partner.models import Circuit

CASE = "partner-circuit"
# So many of those who waited are called at once when the partner is back; the sweeper has the rest.
_BATCH = 100


def watch(*, client: PartnerClient, now: datetime) -> None:
    """Probe what is open; tell staff what is, by its cause, and call whoever waited for its end."""
    for row in circuits.probe(client=client, now=now):
        if row.open_until is not None and row.reason != circuits.Reason.THROTTLED:
            _tell(row, now)
        else:
            close_case(kind=CASE, subject=row.capability, by="system", now=now)
    if circuits.wait(circuits.Capability.PLACE, now=now) is None:
        _call_who_waits(now)


def _call_who_waits(now: datetime) -> None:
    waiting = Purchase.objects.filter(
        Q(lease_until=None), status=Status.HELD, hold_reason=CLOSED, due_at__gt=now
    ).order_by("created_at")
    ids = list(waiting.values_list("pk", flat=True)[:_BATCH])
    Purchase.objects.filter(pk__in=ids, status=Status.HELD).update(due_at=now)
    for purchase_id in ids:
        enqueue("fulfillment.advance", purchase_id=str(purchase_id))


def _tell(row: Circuit, now: datetime) -> None:
    what = row.get_capability_display()
    why = row.get_reason_display()
    open_case(
        kind=CASE,
        subject=row.capability,
        summary=f"{what} rests: {why}. Nothing is refunded for that. {row.detail}",
        now=now,
    )

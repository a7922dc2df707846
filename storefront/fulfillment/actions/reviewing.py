"""Showing a purchase to a person, and taking it back from there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from storefront.cases import actions as cases
from storefront.core import states
from storefront.core.queue import enqueue
from storefront.fulfillment.actions.claiming import reach, write
from storefront.fulfillment.actions.sweeping import hint
from storefront.fulfillment.models import Purchase, PurchaseEvent
from storefront.fulfillment.states import ACTIVE, WITH_GOODS, Status
from storefront.ledger.actions import record
from storefront.ledger.models import Kind

# What a person decides about one purchase in review: `purchase_id`, `by`, `now`.
Decision = Callable[..., None]

# Cases about what we wait for: they are over when the partner answers clearly. All others tell of
# something that happened, and a person closes them.
_WAITING = (
    "held-funds", "held-configuration", "held-unreachable", "claimed", "unclear", "slow", "stuck",
)  # fmt: skip
# Cases that brought a purchase before a person: they are over when the person decides.
_REVIEWED = (
    "wrong-echo", "surplus", "repeated-code", "unsendable", "claimed", "unclear", "slow", "stuck",
)  # fmt: skip


@transaction.atomic
def review(
    *,
    purchase: Purchase,
    kind: str,
    summary: str,
    now: datetime,
    due_at: datetime | None = None,
    **fields: Any,
) -> None:
    """A person must look at it; the partner is asked on where `due_at` says so."""
    fields |= {"due_at": due_at}
    note = "" if purchase.status == Status.IN_REVIEW else summary
    reach(purchase=purchase, to=Status.IN_REVIEW, note=note, now=now, **fields)
    show(purchase=purchase, kind=kind, summary=summary, now=now)


def show(*, purchase: Purchase, kind: str, summary: str, now: datetime) -> None:
    """Open a case about it, and go on."""
    cases.open_case(kind=kind, subject=purchase.external_id, summary=summary, now=now)


def close_cases(*, purchase: Purchase, now: datetime) -> None:
    """The partner answered clearly: what we waited for is over. Call it before the move."""
    if purchase.hold_reason or purchase.status == Status.IN_REVIEW:
        _close(_WAITING, purchase, "system", now)


@transaction.atomic
def ask_again(*, purchase_id: UUID, by: str, now: datetime, reason: str = "") -> None:
    """A person sends it back to work: the next step asks the partner, whatever it was before.

    Raises states.NotAllowed when it is not in review.
    """
    purchase = _reviewed(purchase_id)
    Purchase.objects.filter(pk=purchase_id).update(
        due_at=now, failures=0, polls=0, partner_status_at=None
    )
    PurchaseEvent.objects.create(
        purchase=purchase,
        at=now,
        from_status=purchase.status,
        to_status=purchase.status,
        note=_signed("asked again", by, reason),
    )
    _close(_REVIEWED, purchase, by, now)
    enqueue("fulfillment.advance", purchase_id=str(purchase_id))


@transaction.atomic
def look_up(*, purchase_id: UUID, by: str, now: datetime, reason: str = "") -> None:
    """A person wants news now. It is a hint like a webhook's: only the time of the next step moves.

    Raises states.NotAllowed when nothing is due: it has ended, or a person must decide first.
    """
    purchase = Purchase.objects.select_for_update().get(pk=purchase_id)
    if purchase.status not in ACTIVE - {Status.IN_REVIEW} or purchase.due_at is None:
        raise states.NotAllowed(f"Purchase {purchase_id} has nothing to look up")
    PurchaseEvent.objects.create(
        purchase=purchase,
        at=now,
        from_status=purchase.status,
        to_status=purchase.status,
        note=_signed("looked up at once", by, reason),
    )
    hint(purchase_id=purchase_id, now=now)


@transaction.atomic
def give_up(*, purchase_id: UUID, by: str, now: datetime, reason: str = "") -> None:
    """A person knows that nothing will come of it: what it was to bring is given back.

    What the partner charged for it all the same is booked as a cost. Raises states.NotAllowed when
    it is not in review.
    """
    purchase = _reviewed(purchase_id)
    purchase.fence += 1  # a worker that is asking right now comes too late
    Purchase.objects.filter(pk=purchase_id).update(fence=purchase.fence)
    if purchase.partner_status in WITH_GOODS and purchase.partner_total:
        record(
            kind=Kind.COST,
            reference=purchase.external_id,
            order_number=purchase.line.order.number,
            amount=purchase.partner_total,
            currency=purchase.cost_currency,
            now=now,
        )
    _close(_REVIEWED, purchase, by, now)
    write(purchase=purchase, to=Status.FAILED, note=_signed("given up", by, reason), now=now)
    enqueue("fulfillment.settle", order_id=str(purchase.line.order_id))


def _reviewed(purchase_id: UUID) -> Purchase:
    """The purchase, locked, if it is before a person."""
    purchase = Purchase.objects.select_for_update().get(pk=purchase_id)
    if purchase.status != Status.IN_REVIEW:
        raise states.NotAllowed(f"Purchase {purchase_id} is not in review")
    return purchase


def _signed(what: str, by: str, reason: str) -> str:
    return (f"{what} by {by}: {reason}" if reason else f"{what} by {by}")[:300]


def _close(kinds: tuple[str, ...], purchase: Purchase, by: str, now: datetime) -> None:
    cases.close_cases(kinds=kinds, subject=purchase.external_id, by=by, now=now)

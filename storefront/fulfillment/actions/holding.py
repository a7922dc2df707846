"""What can't be bought now waits here: it was not taken, or not even offered.

Nothing that waits is refunded for that, except for want of funds after a set time. Of those who
wait for funds the oldest is offered first, and each that goes through calls the next.
"""

from datetime import datetime, timedelta

from django.db import transaction

from partner_api import errors
from storefront.core.queue import enqueue
from storefront.fulfillment import queries, waits
from storefront.fulfillment.actions.claiming import reach, write
from storefront.fulfillment.actions.reviewing import close_cases, show
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from storefront.partner import circuits

FUNDS, CLOSED = "funds", "closed"


@transaction.atomic
def hold(
    purchase: Purchase, reason: str, error: errors.PartnerError, unanswered: int, now: datetime
) -> None:
    """It was not taken and will be offered again; staff are told why it waits."""
    write(
        purchase=purchase,
        to=Status.HELD,
        note=f"{reason}: {error}",
        now=now,
        due_at=now + waits.next_offer(error.retry_after),
        hold_reason=reason,
        unanswered=unanswered,
    )
    skew = error.clock_skew or 0
    # The partner's Date header has whole seconds and came after the answer was made.
    culprit = f" (clock skew {round(skew, -1):.0f} s)" if abs(skew) > circuits.SKEW else ""
    summary = f"The partner does not take orders ({reason}){culprit}: {error}"
    show(purchase=purchase, kind=f"held-{reason}", summary=summary, now=now)


def keep_back(purchase: Purchase, now: datetime) -> bool:
    """Whether it may not even be offered now; then it waits for its next turn.

    A purchase of which nothing ever left us and that waits for funds for too long ends here: there
    is nothing to look up.
    """
    never_sent = purchase.posts == 0
    is_old = now - purchase.created_at >= waits.HOLD_AT_MOST
    if never_sent and is_old and purchase.hold_reason == FUNDS:
        close_cases(purchase=purchase, now=now)
        write(purchase=purchase, to=Status.FAILED, note="no funds for too long", now=now)
        return True
    rest = circuits.wait(circuits.Capability.PLACE, now=now)
    if rest is not None:
        _wait(purchase, CLOSED, rest, now)
        return True
    if queries.is_behind(purchase):
        _wait(purchase, FUNDS, waits.HOLD, now)
        return True
    return False


def waits_for_funds(purchase: Purchase) -> bool:
    """Whether that is what it waits for."""
    return purchase.status == Status.HELD and purchase.hold_reason == FUNDS


@transaction.atomic
def next_in_line(*, currency: str, now: datetime) -> None:
    """There may be funds again, or one fewer who wants them: the oldest who waits tries at once."""
    oldest = queries.waiting_for_funds(currency).filter(lease_until=None).first()
    if oldest and Purchase.objects.filter(pk=oldest.pk, status=Status.HELD).update(due_at=now):
        enqueue("fulfillment.advance", purchase_id=str(oldest.pk))


def _wait(purchase: Purchase, reason: str, rest: timedelta, now: datetime) -> None:
    """Due again later. What may be at the partner stays what it is, and is looked up first then."""
    due_at = now + max(rest, waits.AFTER_CLOSED)
    if purchase.status in {Status.READY, Status.HELD}:
        note = "" if purchase.hold_reason == reason else f"kept back: {reason}"
        reach(
            purchase=purchase, to=Status.HELD, note=note, now=now, due_at=due_at, hold_reason=reason
        )
        return
    to = Status.IN_DOUBT if purchase.status == Status.SENT else Status(purchase.status)
    reach(purchase=purchase, to=to, note="", now=now, due_at=due_at)

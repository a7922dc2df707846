"""Finding out what became of a request: by our exact id, and by waiting where nothing is found.

Nothing here concludes from silence or from one look. A failed look-up tells nothing at all.
"""

from datetime import datetime, timedelta

from partner_api import PartnerClient, errors
from storefront.fulfillment import waits
from storefront.fulfillment.actions.applying import apply
from storefront.fulfillment.actions.claiming import reach, stay, write
from storefront.fulfillment.actions.reviewing import close_cases, review
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from storefront.fulfillment.waits import Clock


def look_up(purchase: Purchase, client: PartnerClient, clock: Clock) -> bool:
    """Ask by our exact id and write what that means; whether the request may go out (again) now."""
    try:
        found = client.find_order(purchase.external_id)
    except errors.PartnerError as error:
        now = clock()
        due_at = now + waits.next_lookup(purchase.polls, error.retry_after)
        _keep_looking(purchase, f"look-up: {error}", due_at, now)
        return False
    if found:
        apply(purchase=purchase, answer=found, now=clock())
        return False
    return _missed(purchase, clock())


def _missed(purchase: Purchase, now: datetime) -> bool:
    """The partner does not know the id (yet): believe that, send again, or look again later."""
    waited = _since_last_post(purchase, now) >= waits.NOT_PLACED
    stay(
        purchase=purchase,
        note="",
        now=now,
        misses=purchase.misses + 1,
        last_miss_at=now,
        first_miss_at=purchase.first_miss_at or (now if waited else None),
    )
    if end := _definite_no(purchase, now):
        close_cases(purchase=purchase, now=now)
        write(purchase=purchase, to=end[0], note=end[1], now=now)
        return False
    if _may_send(purchase, now):
        return True
    due_at = now + waits.next_lookup(purchase.polls)
    if _was_told_not_now(purchase):
        due_at = min(due_at, now - _since_last_post(purchase, now) + waits.OFFER_AGAIN)
    if purchase.is_claimed and waited:
        summary = "The partner says it has this order, and does not show it."
        polls = purchase.polls + 1
        review(
            purchase=purchase, kind="claimed", summary=summary, now=now, due_at=due_at, polls=polls
        )
        return False
    _keep_looking(purchase, "not found yet" if purchase.status == Status.SENT else "", due_at, now)
    return False


def _definite_no(purchase: Purchase, now: datetime) -> tuple[Status, str] | None:
    """How it ended, if this miss ends it.

    A refusal is believed when no request is unanswered: the look-up only had to confirm it.
    An unanswered request was never placed by the waiting rule alone: long after the last request,
    two clean look-ups in a row, well apart.
    """
    if purchase.is_claimed:
        return None
    if not purchase.unanswered:
        if purchase.is_refused:
            return Status.FAILED, "refused, and not found"
        waited = now - purchase.created_at >= waits.HOLD_AT_MOST
        believed = _since_last_post(purchase, now) >= waits.OFFER_AGAIN
        if purchase.hold_reason == "funds" and waited and believed:
            return Status.FAILED, "no funds for too long"
    elif purchase.first_miss_at and now - purchase.first_miss_at >= waits.BETWEEN_LOOKUPS:
        return Status.NOT_PLACED, "never reached the partner"
    return None


def _may_send(purchase: Purchase, now: datetime) -> bool:
    """Whether the request may go out: no copy of one before can still be accepted."""
    if purchase.is_refused or purchase.is_claimed:
        return False
    if _was_told_not_now(purchase):
        return _since_last_post(purchase, now) >= waits.OFFER_AGAIN
    if not purchase.unanswered:
        return True
    return (
        purchase.unanswered < waits.MOST_UNANSWERED
        and _since_last_post(purchase, now) >= waits.REPOST
    )


def _was_told_not_now(purchase: Purchase) -> bool:
    """Whether all requests were answered, with a no for now that may have been a lie."""
    return not purchase.unanswered and purchase.hold_reason != "unreachable"


def _keep_looking(purchase: Purchase, note: str, due_at: datetime, now: datetime) -> None:
    """Again later. Only what was just sent comes into doubt by it."""
    stays = purchase.status in {Status.HELD, Status.PLACED, Status.IN_REVIEW}
    to = Status(purchase.status) if stays else Status.IN_DOUBT
    polls = purchase.polls + 1
    reach(purchase=purchase, to=to, note=note, now=now, due_at=due_at, polls=polls)


def _since_last_post(purchase: Purchase, now: datetime) -> timedelta:
    if purchase.last_post_at is None:
        raise ValueError("nothing was sent yet")
    return now - purchase.last_post_at

"""The buying protocol: one step of one purchase, under its lease.

1. Nothing sent yet: commit "sent", then send.
2. Something may have been sent: look for the order by its exact external_id, always, before
   anything else. Found: apply. Not found: send again with the SAME id once no copy of the earlier
   request can still be accepted; conclude "not placed" only by the waiting rule.
3. Placed: ask for it and apply what is answered.

Nothing here concludes from silence. Every answer has one named outcome; what has none leaves the
purchase in doubt, and step 2 comes back to it.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection

from partner_api import PartnerClient, errors
from storefront.cases.actions import open_case
from storefront.core import states
from storefront.fulfillment import waits
from storefront.fulfillment.actions import settling
from storefront.fulfillment.actions.applying import apply
from storefront.fulfillment.actions.claiming import claim, let_go, stay, write
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import FINAL, Status

log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


def advance(*, purchase_id: UUID, client: PartnerClient, clock: Clock) -> None:
    """Take the purchase one step further, if it is due and nobody else holds it."""
    purchase = claim(purchase_id=purchase_id, now=clock())
    if purchase is None:
        return
    try:
        _step(purchase, client, clock)
    except states.LostRace:
        log.info("overtaken", purchase=purchase.external_id)
        return
    except Exception:
        log.exception("step failed", purchase=purchase.external_id)
        _failed(purchase, clock())
    finally:
        let_go(purchase=purchase)
    settling.refresh(order_id=purchase.line.order_id, now=clock())


def _step(purchase: Purchase, client: PartnerClient, clock: Clock) -> None:
    if purchase.posts == 0:
        _send(purchase, client, clock)
    elif purchase.partner_order_id:
        _poll(purchase, client, clock)
    else:
        _look_up(purchase, client, clock)


def _send(purchase: Purchase, client: PartnerClient, clock: Clock) -> None:
    """Commit "sent", then send: whoever finds this row later knows that an order may exist."""
    was_ambiguous = purchase.is_ambiguous
    write(
        purchase=purchase,
        to=Status.SENT,
        note=f"request {purchase.posts + 1}",
        now=clock(),
        posts=purchase.posts + 1,
        last_post_at=clock(),
        is_ambiguous=True,
        misses=0,
        first_miss_at=None,
        last_miss_at=None,
    )
    if connection.in_atomic_block:
        raise RuntimeError("a transaction is open across the partner's answer")
    try:
        answer = client.create_order(
            external_id=purchase.external_id,
            sku_id=str(purchase.sku_id),
            quantity=purchase.quantity,
            fields=purchase.fields or None,
        )
    except errors.AlreadyExists:
        _look_up(purchase, client, clock)
    except errors.PartnerError as error:
        _refused(purchase, error, was_ambiguous, clock())
    else:
        apply(purchase=purchase, answer=answer, now=clock())


def _refused(
    purchase: Purchase, error: errors.PartnerError, was_ambiguous: bool, now: datetime
) -> None:
    """What a request without an order means. Only a clear no to the first request ends it."""
    match error:
        case errors.Rejected() if not was_ambiguous:
            write(purchase=purchase, to=Status.FAILED, note=f"rejected: {error}", now=now)
        case errors.OutOfFunds():
            _hold(purchase, "funds", error, was_ambiguous, now)
        case errors.ConfigurationError():
            _hold(purchase, "configuration", error, was_ambiguous, now)
        case errors.NotSent():
            _hold(purchase, "unreachable", error, was_ambiguous, now)
        case _:
            write(
                purchase=purchase,
                to=Status.IN_DOUBT,
                note=f"no clear answer: {error}",
                now=now,
                due_at=now + max(waits.next_lookup(0), waits.asked_for(error.retry_after)),
                is_refused=isinstance(error, errors.Rejected),
            )


def _hold(
    purchase: Purchase, reason: str, error: Exception, was_ambiguous: bool, now: datetime
) -> None:
    """It was not taken and will be offered again; staff are told why it waits."""
    write(
        purchase=purchase,
        to=Status.HELD,
        note=f"{reason}: {error}",
        now=now,
        due_at=now + waits.HOLD,
        hold_reason=reason,
        is_ambiguous=was_ambiguous,
    )
    open_case(
        kind=f"held-{reason}",
        subject=purchase.external_id,
        now=now,
        summary=f"The partner does not take orders ({reason}): {error}",
    )


def _look_up(purchase: Purchase, client: PartnerClient, clock: Clock) -> None:
    """Ask by our exact id. A failed look-up tells nothing; a clean miss counts."""
    try:
        found = client.find_order(purchase.external_id)
    except errors.PartnerError as error:
        now = clock()
        due_at = now + waits.next_lookup(purchase.misses + 1)
        if purchase.status == Status.SENT:
            write(purchase=purchase, to=Status.IN_DOUBT, note=str(error), now=now, due_at=due_at)
        else:
            stay(purchase=purchase, note=f"look-up: {error}", now=now, due_at=due_at)
        return
    if found:
        apply(purchase=purchase, answer=found, now=clock())
    else:
        _missed(purchase, client, clock)


def _missed(purchase: Purchase, client: PartnerClient, clock: Clock) -> None:
    """The partner does not know the id (yet): wait, send again, or believe it was never placed."""
    now = clock()
    first = purchase.first_miss_at or now
    stay(
        purchase=purchase,
        note="",
        now=now,
        misses=purchase.misses + 1,
        first_miss_at=first,
        last_miss_at=now,
    )
    if _was_never_placed(purchase, now):
        write(purchase=purchase, to=Status.NOT_PLACED, note="never reached the partner", now=now)
    elif _may_send_again(purchase, now):
        _send(purchase, client, clock)
    elif purchase.status == Status.SENT:
        write(
            purchase=purchase,
            to=Status.IN_DOUBT,
            note="not found yet",
            now=now,
            due_at=now + waits.next_lookup(0),
        )
    else:
        due_at = now + waits.next_lookup(purchase.misses)
        stay(purchase=purchase, note="", now=now, due_at=due_at)


def _was_never_placed(purchase: Purchase, now: datetime) -> bool:
    """The waiting rule: long after the last request, two clean misses well apart.

    Held for funds, without any doubt, the customer does not wait for ever either.
    """
    if purchase.last_post_at is None or purchase.first_miss_at is None:
        return False
    if not purchase.is_ambiguous:
        since = now - purchase.created_at
        return purchase.hold_reason == "funds" and since >= waits.HOLD_AT_MOST
    return (
        now - purchase.last_post_at >= waits.NOT_PLACED
        and purchase.misses >= 2
        and now - purchase.first_miss_at >= waits.BETWEEN_LOOKUPS
    )


def _may_send_again(purchase: Purchase, now: datetime) -> bool:
    """Whether the same request may go out once more: none before can still be accepted."""
    if not purchase.is_ambiguous:
        return True
    return (
        not purchase.is_refused
        and purchase.posts < waits.MOST_POSTS
        and purchase.last_post_at is not None
        and now - purchase.last_post_at >= waits.REPOST
    )


def _poll(purchase: Purchase, client: PartnerClient, clock: Clock) -> None:
    """Ask for an order the partner has. A failed question tells nothing."""
    try:
        answer = client.order(purchase.partner_order_id)
    except errors.PartnerError as error:
        now = clock()
        due_at = now + waits.next_poll(purchase.polls)
        stay(
            purchase=purchase,
            note=f"poll: {error}",
            now=now,
            due_at=due_at,
            polls=purchase.polls + 1,
        )
    else:
        apply(purchase=purchase, answer=answer, now=clock())


def _failed(purchase: Purchase, now: datetime) -> None:
    """A bug of ours met this row: later again, and after a few times a person."""
    purchase.refresh_from_db()
    if purchase.status in FINAL:
        return
    failures = purchase.failures + 1
    if failures < waits.MOST_FAILURES or purchase.status == Status.IN_REVIEW:
        due_at = now + waits.AFTER_FAILURE
        stay(purchase=purchase, note="step failed", now=now, due_at=due_at, failures=failures)
        return
    write(
        purchase=purchase,
        to=Status.IN_REVIEW,
        note="too many failures",
        now=now,
        failures=failures,
        due_at=None,
    )
    open_case(
        kind="stuck",
        subject=purchase.external_id,
        now=now,
        summary="Working on this purchase failed again and again; the log says why.",
    )

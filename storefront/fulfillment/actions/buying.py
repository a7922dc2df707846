"""The buying protocol: one step of one purchase, under its lease.

1. Nothing sent yet: commit "sent", then send.
2. Something may have been sent: look for the order by its exact external_id, always, before
   anything else. Found: apply. Not found: send again with the SAME id once no copy of the earlier
   request can still be accepted; conclude "not placed" only by the waiting rule.
3. Placed: ask for it and apply what is answered.

Before any request goes out, `holding` may keep it back: while the partner takes none, or while
somebody who paid earlier waits for the same money.

Nothing here concludes from silence. Every answer has one named outcome; what has none leaves the
purchase in doubt, and step 2 comes back to it.
"""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection, transaction

from partner_api import PartnerClient, errors
from storefront.core import states
from storefront.fulfillment import waits
from storefront.fulfillment.actions import holding, settling
from storefront.fulfillment.actions.applying import apply
from storefront.fulfillment.actions.claiming import claim, let_go, reread, stay, write
from storefront.fulfillment.actions.looking import look_up
from storefront.fulfillment.actions.reviewing import review, show
from storefront.fulfillment.actions.topping_up import place
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import FINAL, Status
from storefront.fulfillment.waits import Clock

log = structlog.get_logger(__name__)


def advance(*, purchase_id: UUID, client: PartnerClient, clock: Clock) -> None:
    """Take the purchase one step further, if it is due and nobody else holds it.

    A process that dies anywhere in here leaves its lease behind, and the sweeper comes after it.
    """
    purchase = claim(purchase_id=purchase_id, now=clock())
    if purchase is None:
        return
    waited_for_funds = holding.waits_for_funds(purchase)
    try:
        _step(purchase, client, clock)
        if purchase.failures:
            stay(purchase=purchase, note="", now=clock(), failures=0)
    except states.LostRace:
        log.info("overtaken", purchase=purchase.external_id)
        return  # whoever overtook us tells the order
    except Exception:
        log.exception("step failed", purchase=purchase.external_id)
        with suppress(states.LostRace):
            _failed(purchase, clock())
    let_go(purchase=purchase, now=clock())
    if waited_for_funds and not holding.waits_for_funds(purchase):
        holding.next_in_line(currency=purchase.cost_currency, now=clock())
    settling.refresh(order_id=purchase.line.order_id, now=clock())


def _step(purchase: Purchase, client: PartnerClient, clock: Clock) -> None:
    if purchase.partner_order_id:
        _poll(purchase, client, clock)
        return
    may_send = purchase.posts == 0 or look_up(purchase, client, clock)
    if may_send and not holding.keep_back(purchase, clock()):
        _send(purchase, client, clock)


def _send(purchase: Purchase, client: PartnerClient, clock: Clock) -> None:
    """Commit "sent", then send: whoever finds this row later knows that an order may exist."""
    if connection.in_atomic_block:
        raise RuntimeError("a transaction is open across the partner's answer")
    unanswered = purchase.unanswered
    write(
        purchase=purchase,
        to=Status.SENT,
        note=f"request {purchase.posts + 1}",
        now=clock(),
        posts=purchase.posts + 1,
        last_post_at=clock(),
        unanswered=unanswered + 1,
        polls=0,
        misses=0,
        first_miss_at=None,
        last_miss_at=None,
    )
    if purchase.lease_until is None or clock() >= purchase.lease_until:
        # We slept. Signed now, the request would be good for longer than the waits allow for.
        raise states.LostRace(str(purchase))
    try:
        answer = place(purchase, client)
    except errors.PartnerError as error:
        if _refused(purchase, error, unanswered, clock()):
            look_up(purchase, client, clock)
    except ValueError as error:
        # Nothing was sent, says the library; nobody has to believe it to have a person look.
        summary = f"The partner's library does not send this order: {error}"
        review(purchase=purchase, kind="unsendable", summary=summary, now=clock())
    else:
        apply(purchase=purchase, answer=answer, now=clock())


def _refused(
    purchase: Purchase, error: errors.PartnerError, unanswered: int, now: datetime
) -> bool:
    """Write what a request without an order means; whether to look for one at once.

    `unanswered` counts the requests before this one: a clear answer says nothing about those.
    """
    match error:
        case errors.AlreadyExists():
            stay(purchase=purchase, note=f"{error}", now=now, is_claimed=True)
            return True
        case errors.Rejected():
            # Partners were seen that say no and carry it out: the look-up has the last word.
            _doubt(
                purchase, f"refused: {error}", error, now, is_refused=True, unanswered=unanswered
            )
            return True
        case errors.OutOfFunds():
            holding.hold(purchase, "funds", error, unanswered, now)
        case errors.ConfigurationError():
            holding.hold(purchase, "configuration", error, unanswered, now)
        case errors.NotSent():
            reason = holding.CLOSED if error.reason == "circuit-open" else "unreachable"
            holding.hold(purchase, reason, error, unanswered, now)
        case _:
            _doubt(purchase, f"no clear answer: {error}", error, now)
    return False


@transaction.atomic
def _doubt(
    purchase: Purchase, note: str, error: errors.PartnerError, now: datetime, **fields: object
) -> None:
    due_at = now + waits.next_lookup(0, error.retry_after)
    write(purchase=purchase, to=Status.IN_DOUBT, note=note, now=now, due_at=due_at, **fields)
    if error.reason == "redirect":
        summary = f"The partner's address leads elsewhere: {error}"
        show(purchase=purchase, kind="redirected", summary=summary, now=now)


def _poll(purchase: Purchase, client: PartnerClient, clock: Clock) -> None:
    """Ask for an order the partner has. A failed question tells nothing."""
    try:
        answer = client.order(purchase.partner_order_id)
    except ValueError:  # an id that fits into no address
        look_up(purchase, client, clock)
    except errors.PartnerError as error:
        _not_answered(purchase, error, clock())
    else:
        apply(purchase=purchase, answer=answer, now=clock())


def _not_answered(purchase: Purchase, error: errors.PartnerError, now: datetime) -> None:
    due_at = now + waits.next_poll(purchase.polls, error.retry_after)
    polls = purchase.polls + 1
    if purchase.answered_at and now - purchase.answered_at >= waits.SLOW:
        summary = f"The partner has it for very long and does not answer: {error}"
        review(purchase=purchase, kind="slow", summary=summary, now=now, due_at=due_at, polls=polls)
    else:
        stay(purchase=purchase, note=f"poll: {error}", now=now, due_at=due_at, polls=polls)


def _failed(purchase: Purchase, now: datetime) -> None:
    """A bug of ours met this row: later again, and after a few times a person.

    What the step left in memory may never have been committed, so the row is read anew. Raises
    states.LostRace when overtaken.
    """
    row = reread(purchase=purchase)
    failures = row.failures + 1
    if row.status in FINAL:
        return
    if failures < waits.MOST_FAILURES:
        due_at = now + waits.AFTER_FAILURE
        stay(purchase=row, note="step failed", now=now, due_at=due_at, failures=failures)
        return
    summary = "Working on this purchase failed again and again; the log says why."
    review(purchase=row, kind="stuck", summary=summary, now=now, failures=failures)

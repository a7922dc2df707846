"""Where a purchase stands, for staff: why, and what comes next. It decides nothing."""

from datetime import datetime

from storefront.fulfillment import waits
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import FINAL, Status

_HELD = {
    "funds": "Too little of our money is at the partner. It is offered again, the oldest order"
    " first; the customer gets the money back {at_most} after the order.",
    "configuration": "The partner refuses our credentials or our clock. Nothing is refunded.",
    "unreachable": "The partner can't be reached. Nothing has left us; it is offered again.",
    "closed": "The partner takes no orders from us now. It is offered again once it does.",
}


def in_words(purchase: Purchase, *, now: datetime) -> str:
    """One to three sentences."""
    match purchase.status:
        case Status.READY:
            said = "Nothing has left us yet."
        case Status.SENT | Status.IN_DOUBT:
            said = _doubt(purchase)
        case Status.HELD:
            said = _HELD.get(purchase.hold_reason, "It was not taken now.")
            said = said.format(at_most=_span(waits.HOLD_AT_MOST.total_seconds()))
        case Status.PLACED:
            said = f"The partner has it and says “{purchase.partner_status}”."
        case Status.IN_REVIEW:
            said = "A person must decide: its cases say why. Nothing of it is shown."
        case _:
            return purchase.get_status_display()
    return f"{said} {_next(purchase, now)}"


def _doubt(purchase: Purchase) -> str:
    """A request may have arrived: what is looked for, and until when."""
    if purchase.last_post_at is None:
        return "Whether the partner has it is being looked up."
    again = purchase.last_post_at + waits.REPOST
    end = purchase.last_post_at + waits.NOT_PLACED
    return (
        f"Request {purchase.posts} has no clear answer: whether the partner has the order is looked"
        f" up by our id ({purchase.misses} times in vain since). Not sent again before"
        f" {again:%H:%M} UTC, not given up before {end:%H:%M} UTC."
    )


def _next(purchase: Purchase, now: datetime) -> str:
    if purchase.status in FINAL or purchase.due_at is None:
        return ""
    if purchase.lease_until and purchase.lease_until > now:
        return "A worker is at it."
    seconds = (purchase.due_at - now).total_seconds()
    if seconds <= 0:
        return f"The next step is due since {_span(-seconds)}."
    return f"The next step comes in {_span(seconds)}."


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"

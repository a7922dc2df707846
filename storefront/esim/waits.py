"""How often an eSIM is asked about. Pure, in the shop's time.

The partner tells of usage only when asked, and counts our calls. So: often while something
changes, twice as seldom after each answer that says nothing new, never again once it is over
(a top-up or its owner's look begins anew), and never more in all than BUDGET each minute.
"""

from datetime import datetime, timedelta

from storefront.esim.states import OVER, State

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

#: Questions each minute, over all eSIMs: what is due beyond that waits, the longest due first.
BUDGET = 60
#: For so long an answer is good enough for whoever presses "refresh".
FRESH = timedelta(minutes=5)
#: A question without an answer after this time is asked again.
LEASE = timedelta(minutes=2)

_FIRST = {State.INSTALLED: HOUR, State.RELEASED: 6 * HOUR, State.UNKNOWN: 6 * HOUR}
_LONGEST = {State.INSTALLED: DAY, State.RELEASED: 7 * DAY, State.UNKNOWN: 7 * DAY}
# What was never installed is given up: its owner's look asks again.
_FORGOTTEN = timedelta(days=180)


def next_question(
    state: str, *, idle: int, age: timedelta, ends_at: datetime | None, now: datetime
) -> datetime | None:
    """When to ask next after an answer; None when never. `idle`: answers without news before."""
    if state in OVER or age > _FORGOTTEN:
        return None
    known = State(state)
    wait = min(_FIRST[known] * (1 << min(idle, 10)), _LONGEST[known])
    if ends_at and now < ends_at:
        # The last day is not slept through, and neither is the end.
        wait = min(wait, max(HOUR, ends_at - DAY - now if ends_at - now > DAY else ends_at - now))
    return now + wait


def after_failure(failures: int, *, now: datetime) -> datetime:
    """When to ask again after a question that had no answer."""
    return now + min(timedelta(minutes=10) * (1 << min(failures, 10)), DAY)

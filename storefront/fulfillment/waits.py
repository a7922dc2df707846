"""Every wait of buying, in one place, and why it is so long. WAIT_SCALE shortens all of them in
demonstrations and tests; it touches neither signatures nor the clock.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

# Tells the time, each time it is asked.
Clock = Callable[[], datetime]


def _wait(seconds: float) -> timedelta:
    return timedelta(seconds=seconds * settings.WAIT_SCALE)


# Longer than any step with its calls (15 s each), so that a lease ends only with a dead worker.
# Calls are never scaled, so neither is the shortest lease: workers that take longer than it would
# overtake each other for ever.
LEASE = max(_wait(120), timedelta(seconds=5))
# A request is signed within the lease and accepted for five minutes more. Sooner than that, a copy
# still under way and a second one could both be carried out, unless ids are proven to be unique.
REPOST = _wait(7 * 60)
# Partners were seen that say no and carry it out, and lists lag by minutes: what was answered with
# "not now" is looked for, and offered again only this long after.
OFFER_AGAIN = _wait(210)
# "It was never placed" needs two clean look-ups so long after the last request ...
NOT_PLACED = _wait(15 * 60)
# ... and this far apart.
BETWEEN_LOOKUPS = _wait(60)
# The least a purchase waits that is kept back while the partner takes no orders.
AFTER_CLOSED = _wait(5)
# When the partner would not take it (funds, credentials, unreachable), or the provider not the
# money.
HOLD = _wait(60)
# For so long we wait for funds before the customer gets the money back.
HOLD_AT_MOST = _wait(60 * 60)
# An answer that is not whole (codes missing, a status nobody knows) gets this long before the lack
# is believed, or shown to a person.
UNCLEAR = _wait(10 * 60)
# An order the partner works on for longer than this is shown to a person; it is still asked for.
SLOW = _wait(24 * 60 * 60)
# An order with some deliveries captures before its last purchase ends, after this long.
CAPTURE_EARLY = _wait(20)
# A payment provider in trouble for longer than this is shown to a person; it is still asked.
TROUBLE = _wait(30 * 60)
# A row that was queued is not queued again for this long.
NUDGE = _wait(30)
# After a bug of ours; the fifth failure in a row goes to a person.
AFTER_FAILURE = _wait(30)
MOST_FAILURES = 5
# So many requests may end without a clear answer; then only the waiting rule can end it.
MOST_UNANSWERED = 5

_DOUBT_LADDER = (5, 15, 30, 60, 120)
_POLL_LADDER = (5, 15, 30, 60, 120, 300)


def next_lookup(asked: int, retry_after: int | None = None) -> timedelta:
    """How long until an order in doubt is looked for again; longer if the partner asks for it."""
    return max(_step(_DOUBT_LADDER, asked), _wait(retry_after or 0))


def next_poll(asked: int, retry_after: int | None = None) -> timedelta:
    """How long until an order under way is asked for again; longer if the partner asks for it."""
    return max(_step(_POLL_LADDER, asked), _wait(retry_after or 0))


def next_offer(retry_after: int | None) -> timedelta:
    """How long until a request that was not taken is offered again."""
    return max(HOLD, _wait(retry_after or 0))


def _step(ladder: tuple[int, ...], asked: int) -> timedelta:
    return _wait(ladder[min(asked, len(ladder) - 1)])

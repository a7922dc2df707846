"""Every wait of buying, in one place, and why it is so long. WAIT_SCALE shortens all of them in
demonstrations and tests; it touches neither signatures nor the clock.
"""

from datetime import timedelta

from django.conf import settings


def _wait(seconds: float) -> timedelta:
    return timedelta(seconds=seconds * settings.WAIT_SCALE)


# Longer than any call with its deadline (15 s), so that a lease ends only with a dead worker.
LEASE = _wait(120)
# The partner accepts a signature for five minutes. Sooner than this, a copy of our request that is
# still under way and a second one could both be carried out, unless ids are proven to be unique.
REPOST = _wait(7 * 60)
# "It was never placed" needs this long after the last request ...
NOT_PLACED = _wait(15 * 60)
# ... and two clean look-ups that found nothing, this far apart.
BETWEEN_LOOKUPS = _wait(60)
# When the partner would not take it (funds, credentials, unreachable).
HOLD = _wait(60)
# For so long we wait for funds before the customer gets the money back.
HOLD_AT_MOST = _wait(60 * 60)
# A completed order that lacks codes gets this long before the lack is believed.
MISSING_CODES = _wait(10 * 60)
# An order with some deliveries captures before its last purchase ends, after this long.
CAPTURE_EARLY = _wait(20)
# A row that was queued is not queued again for this long.
NUDGE = _wait(30)
# After a bug of ours; the fifth failure goes to a person.
AFTER_FAILURE = _wait(30)
MOST_FAILURES = 5
# So often the same request is sent; after that only the waiting rule can end it.
MOST_POSTS = 5

_DOUBT_LADDER = (5, 15, 30, 60, 120)
_POLL_LADDER = (5, 15, 30, 60, 120, 300)


def next_lookup(lookups: int) -> timedelta:
    """How long until an order in doubt is looked for again."""
    return _wait(_DOUBT_LADDER[min(lookups, len(_DOUBT_LADDER) - 1)])


def asked_for(seconds: int | None) -> timedelta:
    """The wait the partner asked for, if it did."""
    return _wait(seconds or 0)


def next_poll(polls: int) -> timedelta:
    """How long until an order under way is asked for again."""
    return _wait(_POLL_LADDER[min(polls, len(_POLL_LADDER) - 1)])

"""Our own limit towards the partner, over all processes: each call takes its place in one line.

A process takes several places at once, so that the row is asked for only now and then.
"""

import threading
import time

from django.conf import settings
from django.db import connection

PLACES = 20
# A caller that would have to wait for longer goes all the same: the partner's own limit is next.
MOST_SECONDS = 5.0
_BURST_SECONDS = 1.0

_TAKE = """
    INSERT INTO partner_budget (id, next_at) VALUES (1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET next_at =
      greatest(partner_budget.next_at, clock_timestamp() - %(burst)s * interval '1 second')
      + %(step)s * interval '1 second'
    RETURNING extract(epoch FROM next_at - clock_timestamp())
"""
_memory = threading.local()


def take() -> float:
    """Wait for our place; the seconds that took."""
    rate = settings.PARTNER_RATE
    if not rate or connection.in_atomic_block:
        return 0.0
    _memory.places = getattr(_memory, "places", 0) - 1
    if _memory.places > 0:
        return 0.0
    _memory.places = PLACES
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"burst": _BURST_SECONDS, "step": PLACES / rate})
        ((ahead,),) = cursor.fetchall()
    seconds = min(max(float(ahead), 0.0), MOST_SECONDS)
    if seconds:
        time.sleep(seconds)
    return seconds

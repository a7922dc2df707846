"""Why deliveries were refused, counted for staff: by reason and hour, so that nobody fills a table.

A stranger may send thousands: each process adds what it counted once a second, so the last few may
be told a little later. Nothing of a refused request is kept.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

EVERY_SECONDS = 1.0

_ADD = """
    INSERT INTO webhooks_refusal (reason, status, hour, count, last_at)
    VALUES (%(reason)s, %(status)s, date_trunc('hour', %(now)s::timestamptz), %(count)s, %(now)s)
    ON CONFLICT (hour, status, reason) DO UPDATE SET
      count = webhooks_refusal.count + excluded.count, last_at = excluded.last_at
"""


@dataclass
class _Memory:
    """What this process counted and has not written."""

    counts: Counter[tuple[int, str]] = field(default_factory=Counter)
    written_at: float = float("-inf")


_memory = _Memory()


def note(*, status: int, reason: str, now: datetime) -> None:
    """Count one refusal. Raises what the database raises."""
    _memory.counts[status, reason[:120]] += 1
    if time.monotonic() - _memory.written_at < EVERY_SECONDS:
        return
    _memory.written_at = time.monotonic()
    counts, _memory.counts = _memory.counts, Counter()
    with connection.cursor() as cursor:
        # In one order everywhere, or two processes could wait for each other.
        for (code, why), count in sorted(counts.items()):
            cursor.execute(_ADD, {"reason": why, "status": code, "count": count, "now": now})

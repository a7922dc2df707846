"""How long things took, counted over all processes: in memory first, then added to rows.

What `observe` is told costs no statement. Processes of the shop call `keep_flushing`, which adds it
to the table every ten seconds from a thread of its own; what a killed process had not added yet is
lost, and nobody's money hangs on it.
"""

import atexit
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from django.db import Error, connection

log = structlog.get_logger(__name__)

FLUSH_SECONDS = 10
# The upper ends of the buckets, in microseconds; the last one has none.
BUCKETS = (5_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000)
# More than there can be of routes, endpoints and outcomes.
MOST = 2000

_ADD = """
    INSERT INTO core_measure AS m (name, label, count, microseconds, buckets)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (name, label) DO UPDATE SET count = m.count + EXCLUDED.count,
      microseconds = m.microseconds + EXCLUDED.microseconds,
      buckets = (SELECT array_agg(a + b ORDER BY place) FROM unnest(m.buckets, EXCLUDED.buckets)
        WITH ORDINALITY AS t (a, b, place))
"""


@dataclass
class _Heap:
    count: int = 0
    microseconds: int = 0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))


_heaps: dict[tuple[str, str], _Heap] = {}
_lock = threading.Lock()


def observe(name: str, label: str, seconds: float) -> None:
    """One thing took so long. `label` is one of few: never what a stranger wrote."""
    microseconds = int(seconds * 1_000_000)
    key = (name[:40], label[:120])
    with _lock:
        if key not in _heaps and len(_heaps) >= MOST:
            return
        heap = _heaps.setdefault(key, _Heap())
        heap.count += 1
        heap.microseconds += microseconds
        heap.buckets[bisect_left(BUCKETS, microseconds)] += 1


@contextmanager
def timed(name: str) -> Iterator[list[str]]:
    """Observe the block; it appends its label, and without one it is not counted."""
    begun, label = time.perf_counter(), list[str]()
    try:
        yield label
    finally:
        if label:
            observe(name, " ".join(label), time.perf_counter() - begun)


def flush() -> None:
    """Add what was observed to the rows; what can't be added now is kept."""
    with _lock:
        taken = dict(_heaps)
        _heaps.clear()
    try:
        with connection.cursor() as cursor:
            while taken:
                (name, label), heap = next(iter(taken.items()))
                values = (name, label, heap.count, heap.microseconds, heap.buckets)
                cursor.execute(_ADD, values)
                del taken[name, label]
    except Error as error:
        log.info("measures kept for later", error=type(error).__name__)
        for (name, label), heap in taken.items():
            _put_back(name, label, heap)


def keep_flushing() -> None:
    """Flush now and then from a thread of this process, and once more when it ends."""

    def work() -> None:
        while True:
            time.sleep(FLUSH_SECONDS)
            flush()
            connection.close()

    threading.Thread(target=work, name="measures", daemon=True).start()
    atexit.register(flush)


def _put_back(name: str, label: str, heap: _Heap) -> None:
    with _lock:
        known = _heaps.setdefault((name, label), _Heap())
        known.count += heap.count
        known.microseconds += heap.microseconds
        known.buckets = [a + b for a, b in zip(known.buckets, heap.buckets, strict=True)]

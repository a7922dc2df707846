"""The sandbox's time: a clock that can be wrong, waits that can be short, and things due later.

`offset` shifts what the sandbox believes the time is (for tests of clock skew). `scale` shortens
its waits: webhook retries, orders left in processing, late requests. It never touches signatures.
"""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

#: No request is held longer than this, whatever a fault asks for (seconds of real time).
LONGEST_HOLD = 60.0

Job = Callable[[], object]


class Clock:
    """What time the sandbox believes it is, and how long its waits really take."""

    def __init__(self, *, scale: float = 1.0, offset: float = 0.0) -> None:
        """Take a factor on every wait (0.02 is fifty times faster) and a shift in seconds."""
        self.scale = scale
        self.offset = offset

    def now(self) -> datetime:
        """Return the sandbox's time, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def unix(self) -> float:
        """Return the sandbox's time in Unix seconds."""
        return time.time() + self.offset

    def scaled(self, seconds: float) -> float:
        """Return how many real seconds a wait of this many seconds takes."""
        return max(0.0, seconds * self.scale)


def stamp(moment: datetime) -> str:
    """Return a time as the partner writes it: ISO 8601, whole seconds, with the zone."""
    return moment.isoformat(timespec="seconds")


class Scheduler:
    """One thread that does things later. It starts with the first job and ends with `stop`."""

    def __init__(self) -> None:
        """Start nothing yet: a sandbox that never waits has no thread."""
        self.stopped = threading.Event()
        self._due: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, job: Job) -> None:
        """Do the job once, after this many real seconds."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), job))
            if self._thread is None and not self.stopped.is_set():
                self._thread = threading.Thread(target=self._run, name="sandbox-due", daemon=True)
                self._thread.start()
            self._changed.notify()

    def pause(self, seconds: float) -> None:
        """Hold the caller for up to LONGEST_HOLD seconds, or until the sandbox stops."""
        self.stopped.wait(min(seconds, LONGEST_HOLD))

    def clear(self) -> None:
        """Forget everything that is still due."""
        with self._changed:
            self._due.clear()

    def stop(self) -> None:
        """Forget what is due, release whoever is paused, end the thread."""
        self.stopped.set()
        self.clear()
        with self._changed:
            self._changed.notify()

    def _run(self) -> None:
        while not self.stopped.is_set():
            job = self._next()
            if job is None:
                continue
            try:
                job()
            except Exception:
                log.exception("a scheduled job of the sandbox failed")

    def _next(self) -> Job | None:
        with self._changed:
            if not self._due:
                self._changed.wait()
                return None
            wait = self._due[0][0] - time.monotonic()
            if wait > 0:
                self._changed.wait(wait)
                return None
            return heapq.heappop(self._due)[2]

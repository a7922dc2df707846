"""The sandbox partner on the simulation's time, in this thread: nothing waits or runs by itself.

What the partner does later is a job with its time; `catch_up` does those whose time has come.
"""

import heapq
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from partner_api.sandbox import clock as sandbox_clock
from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.clock import LONGEST_HOLD, Job, Scheduler
from tests.fulfillment.bench import Clock
from tests.partner_api.sandbox.goods import small_catalog

ADDRESS = "http://partner.test"


class Time(sandbox_clock.Clock):
    """The partner's clock shows what the shop's does, and may be wrong by an offset."""

    def __init__(self, shop: Clock) -> None:
        super().__init__()
        self._shop = shop

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.unix(), self._shop.now.tzinfo)

    def unix(self) -> float:
        return self._shop.now.timestamp() + self.offset


class Later(Scheduler):
    """Jobs by the simulation's time."""

    def __init__(self, shop: Clock) -> None:
        super().__init__()
        self._shop = shop
        self._jobs: list[tuple[float, int, Job]] = []
        self._count = itertools.count()

    def after(self, seconds: float, job: Job) -> None:
        at = self._shop.now.timestamp() + seconds
        heapq.heappush(self._jobs, (at, next(self._count), job))

    def pause(self, seconds: float) -> None:
        """Whoever asks is held meanwhile."""
        self._shop.now += timedelta(seconds=min(seconds, LONGEST_HOLD))

    def clear(self) -> None:
        self._jobs.clear()

    def catch_up(self) -> None:
        while self._jobs and self._jobs[0][0] <= self._shop.now.timestamp():
            heapq.heappop(self._jobs)[2]()


@contextmanager
def selling(shop: Clock, seed: int) -> Iterator[Sandbox]:
    """A partner of this seed; its webhooks go to nobody until the simulation delivers them."""
    sandbox = Sandbox(catalog=small_catalog(), seed=seed)
    sandbox.world.clock = Time(shop)
    sandbox.world.scheduler = Later(shop)
    try:
        yield sandbox
    finally:
        sandbox.close()

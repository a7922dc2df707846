"""What happens to workers: the process dies at any point, it sleeps, others come in between."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection, connections

from partner_api import PartnerClient
from tests.fulfillment.till import Crash


class Interrupted:
    """The real client; `before` and `after` run around its calls, by their names or for "*"."""

    def __init__(
        self,
        client: PartnerClient,
        *,
        before: dict[str, Callable[[], object]] | None = None,
        after: dict[str, Callable[[], object]] | None = None,
    ) -> None:
        self._client = client
        self._before = before or {}
        self._after = after or {}

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)

        def call(*args: Any, **named: Any) -> Any:
            _around(self._before, name)
            answer = real(*args, **named)
            _around(self._after, name)
            return answer

        return call


class Fuse:
    """Kills the process at the n-th point: an SQL statement, or either side of an outside call."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.has_blown = False

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.has_blown = True
            raise Crash

    @contextmanager
    def lit(self) -> Iterator[None]:
        """Count statements too, and swallow the crash: the process is gone, the test goes on."""

        def count(execute: Callable[..., Any], *args: Any) -> Any:
            self()
            return execute(*args)

        try:
            with connection.execute_wrapper(count):
                yield
        except Crash:
            assert self.has_blown


def at_once(workers: int, work: Callable[[int], object]) -> None:
    """Threads with connections of their own, started together."""
    start = Barrier(workers)

    def run(number: int) -> object:
        try:
            start.wait()
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))


def die() -> None:
    """The process ends here."""
    raise Crash


def _around(what: dict[str, Callable[[], object]], name: str) -> None:
    for key in ("*", name):
        if key in what:
            what[key]()

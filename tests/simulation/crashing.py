"""Where the simulated process may die: twelve named points in the real functions, and between any
two statements. The named ones are what can be lost between the systems; see `POINTS`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import pytest
from django.db import connection

from tests.fulfillment.till import Crash

POINTS = {
    "CP1": "the provider holds the money, nothing is written",
    "CP2": "payment and purchases are committed, nothing is queued",
    "CP3": "claimed",
    "CP4": "sent is committed, nothing has left",
    "CP5": "the request has arrived, no answer was read",
    "CP6": "the answer was read, nothing is written",
    "CP7": "codes are written and not committed",
    "CP8": "codes are committed, nothing is captured",
    "CP9": "captured, and not written",
    "CP10": "the intent to give money back is committed, the provider not asked",
    "CP11": "the provider gave it back, and that is not written",
    "CP12": "a webhook is committed, its sender has no answer",
}


@dataclass
class Points:
    """Which point kills the process at work now, if any; and how often each has."""

    armed: str = ""
    # Statements left until the process dies wherever it is; none when negative.
    statements: int = -1
    deaths: Counter[str] = field(default_factory=Counter)

    def hit(self, name: str) -> None:
        if self.armed == name:
            self.armed = ""
            self.deaths[name] += 1
            raise Crash

    @contextmanager
    def process(self, point: str = "", statements: int = -1) -> Iterator[None]:
        """One process at work: a death ends it and nobody else; inside it others may work."""
        before = (self.armed, self.statements)
        self.armed, self.statements = point, statements
        try:
            yield
        except Crash:
            pass
        finally:
            self.armed, self.statements = before

    def statement(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        """A wrapper of statements."""
        if self.statements == 0:
            self.statements = -1
            self.deaths["between statements"] += 1
            raise Crash
        self.statements -= self.statements > 0
        done = execute(sql, *more)
        if sql.startswith('INSERT INTO "orders_delivery"'):
            self.hit("CP7")
        return done


@contextmanager
def planted(points: Points) -> Iterator[None]:
    """The points, in the real functions. Those of the partner and the till are in theirs."""
    actions = "storefront.fulfillment.actions"
    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(points.statement):
        _around(patch, f"{actions}.buying.claim", after=lambda: points.hit("CP3"))
        _around(patch, f"{actions}.buying.apply", before=lambda: points.hit("CP6"))
        _around(patch, f"{actions}.buying._refused", before=lambda: points.hit("CP6"))
        _around(patch, f"{actions}.buying.let_go", before=lambda: points.hit("CP8"))
        yield


def _around(
    patch: pytest.MonkeyPatch,
    where: str,
    *,
    before: Callable[[], None] = lambda: None,
    after: Callable[[], None] = lambda: None,
) -> None:
    module, _, name = where.rpartition(".")
    real = getattr(__import__(module, fromlist=[name]), name)

    @wraps(real)
    def call(*args: Any, **named: Any) -> Any:
        before()
        answer = real(*args, **named)
        after()
        return answer

    patch.setattr(where, call)

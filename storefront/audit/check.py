"""One check of one invariant: a query whose rows are breaches, each in words.

A check reads rows and never the code that wrote them. It keeps a count and a few examples, so a
broken shop of any size is checked in little memory. No check names a code.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection

from storefront.core.refs import external_id_pattern
from storefront.core.states import Moves
from storefront.fulfillment import states as buying
from storefront.fulfillment import waits
from storefront.orders import states as ordering
from storefront.payments import states as paying

EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The time of a check, and how far the rows may lag behind it."""

    now: datetime
    # Whatever is due for longer than this is idle. None where no worker runs (tests of one step).
    idle: timedelta | None = field(default_factory=lambda: timedelta(minutes=5))
    # What the partner has for longer than this, we know. None where both have other clocks.
    orphan: timedelta | None = field(default_factory=lambda: timedelta(minutes=15))
    # What ended this long ago, both books tell alike: lists may lag, and charges come later.
    settled: timedelta = timedelta(0)

    def parameters(self) -> dict[str, Any]:
        """What the queries may ask for."""
        return {
            "now": self.now,
            "idle": self.idle and self.now - self.idle,
            "orphan": self.orphan and self.now - self.orphan,
            "settled": self.now - self.settled,
            "not_placed": waits.NOT_PLACED,
            "between_lookups": waits.BETWEEN_LOOKUPS,
            "ours": external_id_pattern(),
            "under_way": sorted(ordering.UNDER_WAY),
            "settled_orders": sorted(ordering.SETTLED),
            "purchase_moves": _moves(buying.MOVES),
            "order_moves": _moves(ordering.MOVES),
            "payment_moves": _moves(paying.MOVES),
        }


@dataclass(frozen=True)
class Result:
    """What a check found."""

    check: "Check"
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Check:
    """`query` yields one column, a breach in words; `walk` does what no query can."""

    invariant: int
    says: str
    query: str = ""
    walk: Callable[[Moment], Iterator[str]] | None = None

    @property
    def name(self) -> str:
        """As it is printed and as its case is filed."""
        return f"INV-{self.invariant}"

    def run(self, moment: Moment) -> Result:
        """Count the breaches and keep a few."""
        if self.walk is not None:
            found = self.walk(moment)
            examples = tuple(islice(found, EXAMPLES))
            return Result(self, len(examples) + sum(1 for _ in found), examples)
        counted = (
            f"SELECT count(*) OVER (), breach FROM ({self.query}) AS found (breach) LIMIT %(most)s"  # noqa: S608  our own text
        )
        with connection.cursor() as cursor:
            cursor.execute(counted, moment.parameters() | {"most": EXAMPLES})
            rows = cursor.fetchall()
        return Result(self, rows[0][0] if rows else 0, tuple(str(row[1]) for row in rows))


def _moves(moves: Moves) -> list[str]:
    return [f"{old}>{new}" for old, targets in moves.items() for new in targets]

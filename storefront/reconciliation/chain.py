"""Whether a ledger explains itself: each balance is the one before it and what was added.

Rows of one moment may be listed in any order, so a moment is checked as a whole: the balance before
it and all its amounts must come to the balance after one of its rows.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple


class Link(NamedTuple):
    """What of a row the chain needs."""

    at: datetime
    currency: str
    amount: Decimal
    balance_after: Decimal


class Gap(NamedTuple):
    """Here the balance is not what the rows before it come to."""

    at: datetime
    currency: str
    expected: Decimal
    found: Decimal


def gaps(links: Iterable[Link]) -> Iterator[Gap]:
    """The gaps of a ledger, which comes in order, the oldest first. Holds one moment at a time.

    Each currency has a balance of its own; before the first row of one, nothing is expected.
    """
    known: dict[str, Decimal] = {}
    for at, moment in groupby(links, key=lambda link: link.at):
        by_currency: dict[str, list[Link]] = {}
        for link in moment:
            by_currency.setdefault(link.currency, []).append(link)
        for currency, some in by_currency.items():
            last = some[-1].balance_after
            if currency in known:
                expected = known[currency] + sum(link.amount for link in some)
                if any(link.balance_after == expected for link in some):
                    last = expected
                else:
                    yield Gap(at, currency, expected, last)
            known[currency] = last

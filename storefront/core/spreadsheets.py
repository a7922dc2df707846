"""Text for spreadsheets: cells that are no formulas, and files written line by line."""

import csv
from collections.abc import Iterable, Iterator

# A spreadsheet takes what begins so for a formula and runs it.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text as a cell that is only read."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as lines of CSV, each made when it is asked for. Texts are the caller's to guard."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow(row)


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text

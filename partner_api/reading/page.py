"""Reads lists whose rows may be bad one at a time: the bad ones are set aside with the reason."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from partner_api.models import Page, Unreadable
from partner_api.reading.row import NotReadable, Row, shown
from partner_api.secret import MASK, Secret

T = TypeVar("T")
Reader = Callable[[object, str], T]

# A cursor goes into the next address; no server takes addresses much longer than this.
MAX_CURSOR = 4096


def read_page(document: object, reader: Reader[T]) -> Page[T]:
    """One page with cursor. NotReadable when the list or its `meta` is missing or misshapen.

    A page without `meta` is refused rather than taken for the last one: whoever reads a whole
    catalog would believe that the rest is gone.
    """
    answer = Row(document, "answer")
    items, unreadable = _items(answer, reader)
    meta = Row(answer.values.get("meta"), "meta")
    cursor = meta.values.get("next_cursor")
    if not (cursor is None or (isinstance(cursor, str) and len(cursor) <= MAX_CURSOR)):
        raise NotReadable("meta.next_cursor is not a text")
    return Page(items=items, next_cursor=cursor or None, unreadable=unreadable)


def read_whole_list(document: object, reader: Reader[T]) -> Page[T]:
    """A list that comes in one piece, without `meta`."""
    items, unreadable = _items(Row(document, "answer"), reader)
    return Page(items=items, next_cursor=None, unreadable=unreadable)


def sorted_out(
    rows: Sequence[object], where: str, reader: Reader[T]
) -> tuple[tuple[T, ...], tuple[Unreadable, ...]]:
    """The rows that can be read, and those that can't."""
    items: list[T] = []
    unreadable: list[Unreadable] = []
    for index, row in enumerate(rows):
        try:
            items.append(reader(row, f"{where}[{index}]"))
        except NotReadable as problem:
            unreadable.append(Unreadable(index=index, reason=str(problem), row=_kept(row)))
    return tuple(items), tuple(unreadable)


def _items(answer: Row, reader: Reader[T]) -> tuple[tuple[T, ...], tuple[Unreadable, ...]]:
    rows = answer.values.get("data")
    if not isinstance(rows, list):
        raise NotReadable("data is not a list")
    return sorted_out(rows, "data", reader)


def _kept(row: object) -> Secret:
    try:
        return Secret(shown(row, "row"))
    except NotReadable:
        return Secret(MASK)

"""Walks lists page by page, and stops where a list goes in circles.

A cursor the partner can't read silently means "page one", so a loop is a real and quiet failure.
Any failure ends the walk with an error: whoever reads a whole list must never take a part for it.
"""

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from partner_api.errors import MalformedAnswer
from partner_api.models import Page

T = TypeVar("T")
_log = logging.getLogger(__name__)

#: No list of the partner is this long; a walk that is, is lost.
MAX_PAGES = 20_000


def walk(endpoint: str, fetch: Callable[[str | None], Page[T]]) -> Iterator[Page[T]]:
    """Every page, following cursors. MalformedAnswer when one repeats or the pages never end."""
    seen: set[str] = set()
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = fetch(cursor)
        cursor = page.next_cursor
        if cursor in seen:
            raise MalformedAnswer("a cursor repeats", endpoint=endpoint, reason="cursor-loop")
        yield page
        if cursor is None:
            return
        seen.add(cursor)
    raise MalformedAnswer("the pages do not end", endpoint=endpoint, reason="too-many-pages")


def items_of(endpoint: str, pages: Iterator[Page[T]]) -> Iterator[T]:
    """The items alone; rows that could not be read are logged by place and reason."""
    for page in pages:
        for row in page.unreadable:
            _log.warning("%s: a row was left out: %s", endpoint, row.reason)
        yield from page.items

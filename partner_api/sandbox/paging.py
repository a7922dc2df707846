"""Pages and their opaque cursors, in the style the reference's samples decode to.

A cursor is unpadded base64url of `{"<key>": .., "_pointsToNextItems": true|false}`. As in the
framework it comes from, a malformed cursor is not an error: it silently means the first page.
"""

import base64
import binascii
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from partner_api.sandbox.wire import Json


def cursor_for(position: int, *, forward: bool = True, extra: Json | None = None) -> str:
    """Return the cursor that continues after (or, backwards, before) a row's position."""
    content = {**(extra or {}), "id": position, "_pointsToNextItems": forward}
    text = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def read_cursor(cursor: str | None) -> tuple[int, bool] | None:
    """Return (position, forward), or None for no cursor and for a malformed one."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        position, forward = content["id"], content["_pointsToNextItems"]
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        return None
    if type(position) is not int or type(forward) is not bool:
        return None
    return position, forward


def paginate(
    rows: Sequence[Any],
    *,
    position: Callable[[Any], int],
    cursor: str | None,
    per_page: int,
    extra: Callable[[Any], Json] | None = None,
) -> tuple[Sequence[Any], Json]:
    """Return one page of the rows, which ascend by `position`, and its `meta`.

    `extra` adds keys to a row's cursors, for looks only: the position alone decides.
    """
    start, stop = 0, per_page
    place = read_cursor(cursor)
    if place is not None and place[1]:
        start = bisect_right(rows, place[0], key=position)
        stop = start + per_page
    elif place is not None:
        stop = bisect_left(rows, place[0], key=position)
        start = max(0, stop - per_page)
    found = rows[start:stop]

    def mark(row: Any, *, forward: bool) -> str:
        return cursor_for(position(row), forward=forward, extra=extra(row) if extra else None)

    return found, {
        "next_cursor": mark(found[-1], forward=True) if found and stop < len(rows) else None,
        "prev_cursor": mark(found[0], forward=False) if found and start > 0 else None,
        "per_page": per_page,
    }

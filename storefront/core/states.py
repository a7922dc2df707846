"""Moving a row between states: allowed moves are data, one function moves, an event row tells.

The move is a compare-and-swap: `UPDATE ... WHERE status = old`. Whoever loses the race gets
`LostRace` and nothing has changed; a move the table does not allow is `NotAllowed`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

Moves = Mapping[str, frozenset[str]]


class NotAllowed(Exception):  # noqa: N818  the failure is the name
    """The table of moves has no such move."""


class LostRace(Exception):  # noqa: N818  the failure is the name
    """The row was not (or no longer) in the state the caller saw."""


@contextmanager
def whole() -> Iterator[None]:
    """One transaction around a move and its event: the open one, or a new one.

    No savepoint: whoever loses the race has written nothing, and the caller goes on.
    """
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield


def swap(
    row: models.Model, *, to: str, moves: Moves, where: dict[str, Any] | None = None, **fields: Any
) -> str:
    """Move `row` to status `to`, writing `fields` along; returns the old status.

    `where` adds conditions to the swap (a fence, say). The caller writes its event row in the same
    transaction.
    """
    old: str = row.status  # type: ignore[attr-defined]  # every model with moves has it
    if to not in moves[old]:
        raise NotAllowed(f"{type(row).__name__} {row.pk}: {old} -> {to}")
    rows = type(row)._base_manager.filter(  # noqa: SLF001  documented by Django
        pk=row.pk, status=old, **(where or {})
    )
    if not rows.update(status=to, **fields):
        raise LostRace(f"{type(row).__name__} {row.pk}: no longer {old}")
    for name, value in {"status": to, **fields}.items():
        setattr(row, name, value)
    return old

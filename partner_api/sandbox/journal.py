"""Keeps orders, eSIMs, money and stock over a restart: one line of JSON per change.

A change is one line, so it is there whole or not at all; a line torn by a crash is the last one and
is left out. Starting writes the file anew with what is still true. The file holds codes, as the
partner's own books do, and is readable by its owner alone.
"""

import json
import os
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from partner_api.sandbox.wire import Json

_DECIMAL = "$decimal"
_TIME = "$time"


class Journal:
    """Appends changes to a file, or does nothing when there is no file."""

    def __init__(self, path: Path | None) -> None:
        """Open nothing yet; `read` comes first."""
        self._path = path
        self._descriptor: int | None = None

    def read(self) -> list[Json]:
        """Return every whole change of the earlier run, oldest first."""
        if self._path is None or not self._path.exists():
            return []
        changes = []
        for line in self._path.read_text("utf-8").splitlines():
            try:
                changes.append(json.loads(line, object_hook=_untag))
            except ValueError:
                break
        return changes

    def restart(self, whole: Json) -> None:
        """Replace the file, atomically, with one line that says everything."""
        if self._path is None:
            return
        self.close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(_line(whole))
        fresh.replace(self._path)
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)

    def append(self, change: Json) -> None:
        """Add one change, in one write."""
        if self._descriptor is not None:
            os.write(self._descriptor, _line(change))

    def close(self) -> None:
        """Close the file; later changes are not kept."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _line(change: Json) -> bytes:
    return json.dumps(change, default=_tag, separators=(",", ":")).encode() + b"\n"


def _tag(value: Any) -> Json:
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    return asdict(value)


def _untag(value: Json) -> object:
    if len(value) != 1:
        return value
    [(tag, text)] = value.items()
    try:
        if tag == _DECIMAL:
            return Decimal(text)
        if tag == _TIME:
            return datetime.fromisoformat(text)
    except (ArithmeticError, TypeError, ValueError):
        return value  # somebody's metadata, not a tag of ours
    return value

"""What was asked of the sandbox, for the judge: every request with its answer's status.

Tokens are left out; bodies are kept, cut short. The newest few thousand stay.
"""

import threading
from collections import Counter, deque
from dataclasses import dataclass, field

from partner_api.sandbox.wire import Json, Request

_KEPT = 20_000
_LONGEST = 4096
_HEADERS = ("accept", "content-type", "user-agent", "x-signature", "x-timestamp")


@dataclass(slots=True)
class Note:
    """One request; `status` is None when the caller got no answer."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str
    at: str
    endpoint: str | None = None
    faults: list[str] = field(default_factory=list)
    status: int | None = None

    def view(self) -> Json:
        """Return the note for the control API."""
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": self.headers,
            "body": self.body,
            "at": self.at,
            "endpoint": self.endpoint,
            "faults": self.faults,
            "status": self.status,
        }


class Seen:
    """The requests, oldest first, and how many there were of each path."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._notes: deque[Note] = deque(maxlen=_KEPT)
        self._counts: Counter[str] = Counter()

    def add(self, request: Request, at: str) -> Note:
        """Note a request before it is answered."""
        note = Note(
            request.method,
            request.path,
            request.query,
            {name: request.headers[name] for name in _HEADERS if request.headers.get(name)},
            request.body[:_LONGEST].decode("utf-8", "replace"),
            at,
        )
        with self._lock:
            self._notes.append(note)
            self._counts[f"{request.method} {request.path}"] += 1
        return note

    def count(self, method: str, path: str) -> int:
        """Return how often this was asked."""
        return self._counts[f"{method} {path}"]

    def notes(self) -> list[Note]:
        """Return the newest few thousand requests, oldest first."""
        with self._lock:
            return list(self._notes)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._notes.clear()
            self._counts.clear()

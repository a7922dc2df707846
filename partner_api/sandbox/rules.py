"""Checks of query parameters, with the sentences a well-known PHP framework answers with.

All bad parameters of a request are reported together, as that framework does.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from partner_api.sandbox.wire import Refused

_INTEGER = re.compile(r"-?[0-9]{1,9}\Z")
_TRUE = {"1", "true"}
_FALSE = {"0", "false"}


class Checked:
    """Reads a query piece by piece and refuses once, with every complaint (`refuse_if_wrong`)."""

    def __init__(self, query: dict[str, str]) -> None:
        """Take the query of one request."""
        self._query = query
        self.errors: dict[str, list[str]] = {}

    def complain(self, name: str, sentence: str) -> None:
        """Note one complaint about a field."""
        self.errors.setdefault(name, []).append(sentence)

    def integer(self, name: str, *, low: int, high: int, default: int) -> int:
        """Return a whole number between the bounds."""
        text = self._query.get(name)
        if text is None:
            return default
        if not _INTEGER.match(text):
            self.complain(name, f"The {_words(name)} field must be an integer.")
            return default
        if not low <= int(text) <= high:
            self.complain(name, f"The {_words(name)} field must be between {low} and {high}.")
            return default
        return int(text)

    def optional_integer(self, name: str) -> int | None:
        """Return a whole number, or None when the query does not name it."""
        if name not in self._query:
            return None
        return self.integer(name, low=0, high=10**9 - 1, default=0)

    def choice(self, name: str, allowed: Iterable[str]) -> str | None:
        """Return one of the allowed words, or None when the query does not name it."""
        text = self._query.get(name)
        if text is not None and text not in set(allowed):
            self.complain(name, f"The selected {_words(name)} is invalid.")
            return None
        return text

    def boolean(self, name: str) -> bool:
        """Return a truth value; absent means false."""
        text = self._query.get(name, "false").lower()
        if text not in _TRUE | _FALSE:
            self.complain(name, f"The {_words(name)} field must be true or false.")
        return text in _TRUE

    def instant(self, name: str) -> datetime | None:
        """Return an ISO 8601 date and time; without a zone it is UTC."""
        text = self._query.get(name)
        if text is None:
            return None
        try:
            # A query decoder turns the + of +00:00 into a blank.
            moment = datetime.fromisoformat(re.sub(r" (\d\d:\d\d)\Z", r"+\1", text))
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.complain(name, f"The {_words(name)} field must be a valid date.")
            return None

    def refuse_if_wrong(self) -> None:
        """Raise the 422 with every complaint, or do nothing."""
        if not self.errors:
            return
        sentences = [sentence for found in self.errors.values() for sentence in found]
        more = len(sentences) - 1
        tail = f" (and {more} more error{'s' if more > 1 else ''})" if more else ""
        raise Refused(422, sentences[0] + tail, errors=self.errors)


def _words(name: str) -> str:
    return name.replace("_", " ")

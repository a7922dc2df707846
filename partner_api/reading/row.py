"""One JSON object of an answer, read key by key.

Every accessor gives what its name promises or raises NotReadable, which says where and what was
expected but never quotes the value: values may be codes, and reasons are logged.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from partner_api.models import Leftovers
from partner_api.secret import Secret

_COMPACT = msgspec.json.Encoder(decimal_format="number")


class NotReadable(ValueError):  # noqa: N818  the failure is the name
    """A part of an answer has another shape than promised. Holds no values, only where and what."""


class Row:
    """A JSON object and where in the answer it stands, such as `data[3].items[0]`."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise NotReadable(f"{where} is not an object")
        self.values: dict[str, object] = value
        self.where = where

    def at(self, key: str) -> str:
        """Where a key stands, for reasons."""
        return f"{self.where}.{key}"

    def text(self, key: str) -> str:
        """A text that must be there and not be empty; a whole number counts (ids come as both)."""
        value = self.maybe_text(key)
        if not value:
            raise NotReadable(f"{self.at(key)} is missing")
        return value

    def maybe_text(self, key: str) -> str | None:
        """A text or whole number; None when absent or null; "" stays ""."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, str):
            return storable(value, self.at(key))
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise NotReadable(f"{self.at(key)} is not a text")

    def loose_text(self, key: str) -> str | None:
        """Any value as a text a person can read; None when absent or null. Objects become JSON."""
        value = self.values.get(key)
        return None if value is None else shown(value, self.at(key))

    def number(self, key: str) -> Decimal:
        """An exact number that must be there."""
        value = self.maybe_number(key)
        if value is None:
            raise NotReadable(f"{self.at(key)} is missing")
        return value

    def maybe_number(self, key: str) -> Decimal | None:
        """An exact number; None when absent or null. A number written as a text is refused."""
        value = self.values.get(key)
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        raise NotReadable(f"{self.at(key)} is not a number")

    def price(self, key: str) -> Decimal | None:
        """An exact number that is not below zero; None when absent or null."""
        value = self.maybe_number(key)
        if value is not None and value < 0:
            raise NotReadable(f"{self.at(key)} is below zero")
        return value

    def whole(self, key: str) -> int:
        """A whole number that must be there."""
        value = self.maybe_whole(key)
        if value is None:
            raise NotReadable(f"{self.at(key)} is missing")
        return value

    def maybe_whole(self, key: str) -> int | None:
        """A whole number, also one written 3.0; None when absent or null."""
        value = self.maybe_number(key)
        if value is None:
            return None
        if value != value.to_integral_value():
            raise NotReadable(f"{self.at(key)} is not a whole number")
        return int(value)

    def maybe_flag(self, key: str) -> bool | None:
        """True or false, also written 1 or 0; None when absent or null."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return value
        if value in (0, 1):
            return bool(value)
        raise NotReadable(f"{self.at(key)} is not true or false")

    def moment(self, key: str) -> datetime:
        """A time in UTC that must be there."""
        value = self.maybe_moment(key)
        if value is None:
            raise NotReadable(f"{self.at(key)} is not a time")
        return value

    def maybe_moment(self, key: str) -> datetime | None:
        """An ISO 8601 time in UTC (without a zone it is taken as UTC); None when it is none."""
        value = self.values.get(key)
        if not isinstance(value, str):
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                return moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def rows(self, key: str) -> list[object]:
        """A list; empty when absent or null."""
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise NotReadable(f"{self.at(key)} is not a list")
        return value

    def maybe_row(self, key: str) -> "Row | None":
        """An object; None when absent, null or the empty list that PHP writes for it."""
        value = self.values.get(key)
        return None if value is None or value == [] else Row(value, self.at(key))

    def texts(self, key: str) -> dict[str, str]:
        """An object of labels and texts, such as attributes. Empty for anything but an object."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            return {}
        where = self.at(key)
        return {
            storable(label, where): shown(text, where)
            for label, text in value.items()
            if text is not None
        }

    def leftovers(self, known: Collection[str]) -> Leftovers:
        """What stands under keys not known here, empty values left out, as label and secret."""
        return tuple(
            (storable(key, self.where), Secret(shown(value, self.where)))
            for key, value in self.values.items()
            if key not in known and not is_empty(value)
        )


def is_empty(value: object) -> bool:
    """Whether a value says nothing: null, "", blanks, [] or {}."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == [] or value == {}


def shown(value: object, where: str) -> str:
    """Any JSON value as a text for a person: texts as they are, the rest as compact JSON."""
    if isinstance(value, str):
        return storable(value, where)
    try:
        return storable(_COMPACT.encode(value).decode(), where)
    except UnicodeEncodeError:
        reason = f"{where} holds half a character"
    raise NotReadable(reason)


def storable(text: str, where: str) -> str:
    """The text, unless no database could keep it (a NUL) or no bytes (half of a surrogate pair)."""
    if "\x00" in text:
        raise NotReadable(f"{where} holds a NUL")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            reason = f"{where} holds half a character"
        else:
            return text
        raise NotReadable(reason)
    return text

"""The shapes of what we send, checked before it leaves.

The signature joins its parts without separators and the ICCID stands in the address, so a loose
identifier could mean another order or another path. Messages never quote the value: an ICCID is
a secret.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal

# \Z, not $, and [0-9], not \d: neither a newline nor another alphabet's digits may pass.
_EXTERNAL_ID = re.compile(r"[A-Za-z][A-Za-z0-9-]{7,63}\Z")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_ICCID = re.compile(r"[0-9]{18,22}\Z")
_IDENTIFIER = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_LOCALE = re.compile(r"[a-z]{2}\Z")


def external_id(value: str) -> str:
    """Our id of an order: 8 to 64 letters, digits and hyphens, a letter first."""
    return _checked(
        value, _EXTERNAL_ID, "external_id must be 8 to 64 of A-Z a-z 0-9 -, letter first"
    )


def sku_id(value: str) -> str:
    """A SKU's id: a UUID in its usual writing."""
    return _checked(value, _UUID, "sku_id must be a UUID")


def iccid(value: str) -> str:
    """The number of an eSIM: 18 to 22 digits."""
    return _checked(value, _ICCID, "iccid must be 18 to 22 digits")


def identifier(value: str) -> str:
    """The partner's own id of an order or product; UUIDs are documented, bare numbers survived."""
    return _checked(value, _IDENTIFIER, "an id must be 1 to 64 of A-Z a-z 0-9 -")


def locale(value: str) -> str:
    """A language of the partner's texts: "en" or "ru" today."""
    return _checked(value, _LOCALE, "locale must be two small letters")


def quantity(value: object) -> int:
    """How many units: a whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("quantity must be a whole number from 1")
    return value


def amount(value: object) -> Decimal:
    """A face value the buyer chose: an exact number above zero."""
    if not isinstance(value, Decimal) or not value.is_finite() or value <= 0:
        raise ValueError("amount must be a Decimal above zero")
    return value


def per_page(value: object, most: int) -> int:
    """A page size the partner accepts."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ValueError(f"per_page must be from 1 to {most}")
    return value


def fields(values: Mapping[str, object], reserved: Collection[str]) -> dict[str, str]:
    """What the buyer gave, by code; the codes that the client sends itself are refused."""
    checked: dict[str, str] = {}
    for code, text in values.items():
        if not isinstance(text, str) or not code:
            raise ValueError("fields must be texts by code")
        if code in reserved:
            raise ValueError(f"fields may not hold {code!r}: the client sends it itself")
        checked[code] = text
    return checked


def moment(value: datetime) -> str:
    """A time as the partner's filters take it. ValueError when it says no zone."""
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _checked(value: object, shape: re.Pattern[str], complaint: str) -> str:
    if not isinstance(value, str) or not shape.match(value):
        raise ValueError(complaint)
    return value

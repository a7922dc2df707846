"""What an eSIM plan is, read from the partner's attributes: data, days, networks, top-up. Pure.

No partner documents these attributes, so several names are understood, and what is missing or
cannot be read is simply not said. Values are texts; lists and objects come as JSON in them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storefront.catalog.countries import country_name

Attributes = Mapping[str, str]

_DATA = {"data_gb": 1024, "data_mb": 1}
_DAYS = ("validity_days", "days", "duration_days", "validity")
_UNLIMITED = ("unlimited", "is_unlimited", "unlimited_data")
_TOP_UP = ("top_up", "topup", "renewable", "rechargeable")
_STARTS = ("validity_starts", "activation", "activation_policy")
_YES, _NO = {"true", "1", "yes"}, {"false", "0", "no"}
# Parts of the partner's word for when the days begin to count.
_FIRST_USE, _INSTALLED, _BOUGHT = ("first", "use", "connect"), ("install",), ("purchase", "order")
_LONGEST_LIST = 300


@dataclass(frozen=True)
class Plan:
    """One SKU of an eSIM in words; what is not known is empty. `tops_up` may be unknown: None."""

    data: str
    days: str
    tops_up: bool | None


@dataclass(frozen=True)
class Coverage:
    """A country of an eSIM and its networks, which may be unknown."""

    code: str
    country: str
    networks: tuple[str, ...]


def plan(attributes: Attributes, language: str) -> Plan:
    """What a SKU's attributes say about its plan."""
    days = _number(_first(attributes, _DAYS))
    whole = int(days) if days is not None and days == int(days) else 0
    return Plan(
        data=_data(attributes, language),
        days=ngettext("%(days)s day", "%(days)s days", whole) % {"days": whole} if whole else "",
        tops_up=_truth(_first(attributes, _TOP_UP)),
    )


def gigabytes(attributes: Attributes) -> Decimal | None:
    """How much data a plan has; None of unlimited plans and where it is not told."""
    if any(_truth(attributes.get(name, "")) for name in _UNLIMITED):
        return None
    for name, megabytes in _DATA.items():
        amount = _number(attributes.get(name, ""))
        if amount is not None and 0 < amount < 1_000_000:
            return amount * megabytes / 1024
    return None


def days(attributes: Attributes) -> int | None:
    """For how many whole days; None where it is not told."""
    number = _number(_first(attributes, _DAYS))
    return int(number) if number and number == int(number) and number > 0 else None


def validity_starts(attributes: Attributes) -> str:
    """From when the days are counted, as a sentence."""
    word = _first(attributes, _STARTS).casefold()
    if any(part in word for part in _INSTALLED):
        return _("The days count from the moment you install it.")
    if any(part in word for part in _FIRST_USE):
        return _("The days count from the first connection.")
    if any(part in word for part in _BOUGHT):
        return _("The days count from the moment you buy it.")
    return ""


def coverage(attributes: Attributes, language: str) -> list[Coverage]:
    """The countries it works in by name, each with its networks where they are told."""
    networks = _networks(_parsed(attributes.get("coverage", "")))
    codes = _codes(_parsed(attributes.get("countries", ""))) or list(networks)
    if not codes and attributes.get("country"):
        codes = [attributes["country"]]
    shared = _texts(_parsed(attributes.get("networks", ""))) if len(codes) == 1 else ()
    found = [
        Coverage(code.upper(), name, networks.get(code, shared))
        for code in codes
        if (name := country_name(code.upper(), language))
    ]
    return sorted(found, key=lambda place: place.country)


def _data(attributes: Attributes, language: str) -> str:
    if any(_truth(attributes.get(name, "")) for name in _UNLIMITED):
        return _("Unlimited")
    for name, megabytes in _DATA.items():
        amount = _number(attributes.get(name, ""))
        if amount is not None and 0 < amount < 1_000_000:
            total = amount * megabytes
            shown, unit = (total / 1024, _("GB")) if total >= 1024 else (total, _("MB"))
            return f"{format_decimal(shown, '#,##0.#', language)}\N{NO-BREAK SPACE}{unit}"
    return ""


def _networks(told: Any) -> dict[str, tuple[str, ...]]:
    """Networks by country, from `{"US": ["AT&T"]}` or rows with a country and a network each."""
    if isinstance(told, dict):
        return {str(code): _texts(names) for code, names in list(told.items())[:_LONGEST_LIST]}
    found: dict[str, tuple[str, ...]] = {}
    for row in told[:_LONGEST_LIST] if isinstance(told, list) else []:
        if isinstance(row, dict) and isinstance(code := row.get("country_code"), str):
            names = _texts(row.get("networks") or row.get("network_name") or row.get("network"))
            found[code] = tuple(dict.fromkeys((*found.get(code, ()), *names)))
    return found


def _codes(told: Any) -> list[str]:
    return list(dict.fromkeys(text for text in _texts(told) if len(text) == 2))


def _texts(told: Any) -> tuple[str, ...]:
    """A list of texts, or the parts of one with commas."""
    values = told.split(",") if isinstance(told, str) else told
    if not isinstance(values, list):
        return ()
    texts = (value.strip() for value in values[:_LONGEST_LIST] if isinstance(value, str))
    return tuple(text for text in texts if text)


def _parsed(text: str) -> Any:
    """JSON where it looks like some, or the text; None for JSON that cannot be read."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _first(attributes: Attributes, names: Iterable[str]) -> str:
    return next((attributes[name] for name in names if attributes.get(name)), "")


def _truth(text: str) -> bool | None:
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number < 10**9 else None

"""Whom goods are for: what a recharge asks of its buyer, as typed fields. Pure.

The partner's description is read tolerantly, by `partner_api.read_fields`. Staff may write their
own in the same shapes, and are told in words what of it cannot be used.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_api import UnreadableFields, read_fields
from partner_api.models import ProductField

LANGUAGES = ("en", "ru")
# A form longer than this is none that a shop's customer fills in.
MOST_FIELDS = 12
LONGEST_TEXT = 20_000
# What JSON writes for a character that the database cannot keep.
NUL = "\\u0000"
# Sent by the shop itself with an order.
RESERVED = frozenset({"quantity", "amount"})


class Kind(StrEnum):
    """How a field is asked for. What the partner calls its type is theirs; this is ours."""

    PHONE = "phone"
    ACCOUNT = "account"
    SELECT = "select"
    TEXT = "text"


# By the partner's word for the type, or else by what the field is called.
_TYPES = {
    Kind.PHONE: {"phone", "tel", "telephone", "msisdn", "mobile", "phone_number", "phonenumber"},
    Kind.ACCOUNT: {"account", "account_id", "account_number", "user_id", "player_id", "login"},
    Kind.SELECT: {"select", "dropdown", "enum", "choice", "radio", "list"},
}
_NUMBERS = {"number", "integer", "int", "decimal", "numeric", "float"}
# Said where the partner gives a code and no label.
_LABELS: dict[Kind, str | Promise] = {
    Kind.PHONE: _("Phone number"),
    Kind.ACCOUNT: _("Account number"),
}
_KEYS = {
    "code", "key", "name", "id", "label", "title", "type", "required", "options", "regex",
    "pattern", "min", "max",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RecipientField:
    """One thing to ask; `code` is what the partner calls it.

    `pattern` is a regular expression for the whole value, `options` are (value, label) pairs, only
    of a SELECT. `shortest` and `longest` count characters; `least` and `most` bound a number, where
    the partner says it is one. `country` is where the goods work: the country of a local number.
    """

    code: str
    label: str
    kind: Kind
    required: bool
    pattern: str | None
    options: tuple[tuple[str, str], ...]
    shortest: int | None
    longest: int | None
    least: Decimal | None
    most: Decimal | None
    country: str


class UnusableFields(ValueError):  # noqa: N818  the failure is the name
    """What staff wrote can't be asked; its text says why and where."""


def typed(field: ProductField, country: str) -> RecipientField:
    """The field as we ask it."""
    kind, is_number = _kind(field), field.type in _NUMBERS
    bounds = (field.minimum, field.maximum)
    shortest, longest = (None, None) if is_number else map(_count, bounds)
    return RecipientField(
        code=field.code,
        label=str(_LABELS.get(kind, field.label)) if field.label == field.code else field.label,
        kind=kind,
        required=field.required,
        pattern=field.pattern,
        options=field.options if kind == Kind.SELECT else (),
        shortest=shortest,
        longest=longest,
        least=field.minimum if is_number else None,
        most=field.maximum if is_number else None,
        country=country,
    )


def kept(stored: Any, language: str) -> tuple[ProductField, ...] | None:
    """The fields as rows keep them, by language; None where they could not be read."""
    by_language = stored if isinstance(stored, dict) else {}
    ours = by_language.get("ru" if language.startswith("ru") else "en")
    for found in (ours, *by_language.values()):
        try:
            return msgspec.convert(found, tuple[ProductField, ...], strict=False)
        except msgspec.ValidationError:
            continue
    return None


def written(text: str) -> dict[str, list[dict[str, Any]]]:
    """What staff wrote, as it is kept by language: a list for both, or one under each language.

    Raises UnusableFields.
    """
    value = _json(text)
    is_by_language = isinstance(value, dict) and value and set(value) <= set(LANGUAGES)
    told = value if is_by_language else dict.fromkeys(LANGUAGES, value)
    if set(told) != set(LANGUAGES):
        raise UnusableFields('Give the fields under both "en" and "ru", or one list for both.')
    fields = {language: _read(told[language]) for language in LANGUAGES}
    asked = [[(f.code, f.required) for f in fields[language]] for language in LANGUAGES]
    if asked[0] != asked[1]:
        raise UnusableFields("Both languages must ask for the same codes in the same order.")
    return {
        language: [msgspec.to_builtins(field, builtin_types=(Decimal,)) for field in found]
        for language, found in fields.items()
    }


def _json(text: str) -> Any:
    if len(text) > LONGEST_TEXT:
        raise UnusableFields(f"At most {LONGEST_TEXT} characters.")
    if NUL in text:
        raise UnusableFields("A text may not hold the character zero.")
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise UnusableFields(
            f"This is not JSON: {error.msg}, in line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise UnusableFields("This is not JSON that can be read.") from None


def _no_number(word: str) -> Any:
    raise UnusableFields(f"{word} is not a number.")


def _read(value: Any) -> tuple[ProductField, ...]:
    _complain_of_keys(value)
    try:
        fields = read_fields(value)
    except UnreadableFields as problem:
        raise UnusableFields(f"It cannot be read: {problem}.") from None
    if len(fields) < len(value):  # the reader leaves out what the client sends
        raise UnusableFields('"quantity" is sent by the shop itself: leave it out.')
    if len(fields) > MOST_FIELDS:
        raise UnusableFields(f"At most {MOST_FIELDS} fields.")
    for field in fields:
        if field.code in RESERVED:
            raise UnusableFields(f'"{field.code}" is sent by the shop itself: leave it out.')
    if reason := unaskable(fields):
        raise UnusableFields(f"{reason}.")
    return fields


def unaskable(fields: Sequence[ProductField]) -> str:
    """Why nobody could answer this, although it can be read; or nothing."""
    empty = (f for f in fields if _kind(f) == Kind.SELECT and not f.options)
    return next((f'"{field.code}" is a choice without options' for field in empty), "")


def _complain_of_keys(value: Any) -> None:
    """A key we would overlook, as a typing error is, changes what is asked."""
    entries: Sequence[Any] = value if isinstance(value, list) else list(_values(value))
    for number, entry in enumerate(entries, 1):
        unknown = sorted(str(key) for key in set(_keys(entry)) - _KEYS)
        if unknown:
            raise UnusableFields(
                f"Field {number} has keys that mean nothing here: {', '.join(unknown)}. "
                f"Known are {', '.join(sorted(_KEYS))}."
            )


def _values(value: Any) -> Sequence[Any]:
    return list(value.values()) if isinstance(value, Mapping) else []


def _keys(entry: Any) -> Sequence[Any]:
    return list(entry) if isinstance(entry, Mapping) else []


def _kind(field: ProductField) -> Kind:
    if field.options:
        return Kind.SELECT
    for word in (field.type, field.code.lower()):
        for kind, words in _TYPES.items():
            if word in words and (kind != Kind.SELECT or word == field.type):
                return kind
    return Kind.TEXT


def _count(bound: Decimal | None) -> int | None:
    """A length; what cannot be one is none."""
    if bound is None or not bound.is_finite() or not 0 <= bound <= 1000:
        return None
    return int(bound)

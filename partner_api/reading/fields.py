"""Reads what a product asks of its buyer (a phone number, an account).

The shape is an assumption: the reference shows only an empty list. Read are a list (or an object by
code) of texts or of objects with the names below. Anything else makes the product's fields unknown,
because an order with a field missing is refused by the partner after the customer has paid.
"""

import re
from decimal import Decimal

from partner_api.models import ProductField
from partner_api.reading.row import NotReadable, Row

#: Sent by the client itself with every order, so never asked of a buyer.
OWN_CODES = frozenset({"quantity"})

_CODE = ("code", "key", "name", "id")
_LABEL = ("label", "title", "name", "code", "key")
_VALUE = ("value", "code", "key", "id", "name")
_OPTION_LABEL = ("label", "title", "name", "value", "code", "key", "id")
_TRUE = frozenset({"true", "1", "yes", "required"})
_FALSE = frozenset({"false", "0", "no", "optional", "nullable"})

_MAX_CODE = 64
_MAX_PATTERN = 200
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?\Z")
_DELIMITED = re.compile(r"/(?P<bare>.*)/(?P<flags>[iu]*)\Z", re.DOTALL)
# A repeated group that itself repeats can take forever on a long text.
_RUNAWAY = re.compile(r"\)[*+{]")


class UnreadableFields(ValueError):  # noqa: N818  the failure is the name
    """What a buyer must give can't be told. Says which part; schemas are no secrets."""


def read_fields(value: object) -> tuple[ProductField, ...]:
    """The fields in the partner's order. UnreadableFields when any of them is not understood.

    Also reads a schema that staff wrote for a product, in the same shapes.
    """
    try:
        fields = tuple(
            _read_field(code, entry, f"fields[{index}]")
            for index, (code, entry) in enumerate(_entries(value))
        )
    except NotReadable as problem:
        reason = str(problem)
    else:
        asked = tuple(field for field in fields if field.code not in OWN_CODES)
        if len({field.code for field in asked}) == len(asked):
            return asked
        reason = "fields ask for the same code twice"
    raise UnreadableFields(reason)


def _entries(value: object) -> list[tuple[str | None, object]]:
    if isinstance(value, list):
        return [(None, entry) for entry in value]
    if isinstance(value, dict):
        return list(value.items())
    raise NotReadable("fields are neither a list nor an object")


def _read_field(code: str | None, entry: object, where: str) -> ProductField:
    if isinstance(entry, str):
        entry = {"label": entry} if code else {"code": entry}
    row = Row(entry, where)
    name = code or _first(row, _CODE)
    if not name or len(name) > _MAX_CODE or not name.isprintable():
        raise NotReadable(f"{where} has no usable code")
    return ProductField(
        code=name,
        label=_first(row, _LABEL) or name,
        type=(_first(row, ("type",)) or "text").lower(),
        required=_required(row),
        options=_options(row),
        pattern=_pattern(row),
        minimum=_bound(row, "min"),
        maximum=_bound(row, "max"),
    )


def _first(row: Row, names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := row.maybe_text(name))), None)


def _required(row: Row) -> bool:
    value = row.values.get("required")
    if value is None:
        # Asking once too often costs a moment, not asking costs the order.
        return True
    if isinstance(value, str) and value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    return bool(row.maybe_flag("required"))


def _options(row: Row) -> tuple[tuple[str, str], ...]:
    value = row.values.get("options")
    if value is None:
        return ()
    if isinstance(value, dict):
        return tuple(row.texts("options").items())
    return tuple(_option(option, row.at("options")) for option in row.rows("options"))


def _option(option: object, where: str) -> tuple[str, str]:
    if not isinstance(option, dict):
        text = Row({"option": option}, where).text("option")
        return text, text
    row = Row(option, where)
    value = _first(row, _VALUE)
    if not value:
        raise NotReadable(f"{where} has an option without value")
    return value, _first(row, _OPTION_LABEL) or value


def _pattern(row: Row) -> str | None:
    pattern = _first(row, ("regex", "pattern"))
    if pattern is None:
        return None
    if delimited := _DELIMITED.match(pattern):
        flags = "(?i)" if "i" in delimited["flags"] else ""
        pattern = flags + delimited["bare"]
    if not _usable(pattern):
        raise NotReadable(f"{row.where} has a pattern that can't be used")
    return pattern


def _usable(pattern: str) -> bool:
    if len(pattern) > _MAX_PATTERN or _RUNAWAY.search(pattern):
        return False
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _bound(row: Row, key: str) -> Decimal | None:
    value = row.values.get(key)
    if isinstance(value, str) and _NUMBER.match(value):
        return Decimal(value)
    return row.maybe_number(key)

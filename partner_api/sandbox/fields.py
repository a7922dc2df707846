"""What an order must carry besides its SKU: reads a product's `fields`, in all their shapes.

The partner's schema for fields is not documented, so the catalog writes it in several shapes and
this checks an order against any of them. It must not be shared with the client, which reads the
same shapes on its own.
"""

import re
from typing import Any

from partner_api.sandbox.wire import Json

#: These are the API's own and never a product's.
OWN = frozenset({"quantity", "amount"})


def complaints(schema: list[object], given: Json) -> dict[str, list[str]]:
    """Return what is wrong with the given fields, by `item.fields.<code>`."""
    found: dict[str, list[str]] = {}
    for entry in schema:
        rule: Json = {"code": entry} if isinstance(entry, str) else dict(entry)  # type: ignore[call-overload]  # an object of the catalog
        code = str(rule.get("code") or rule.get("key") or rule.get("name"))
        if code in OWN:
            continue
        sentence = _wrong(rule, given.get(code), f"item.fields.{code}")
        if sentence:
            found[f"item.fields.{code}"] = [sentence]
    return found


def _wrong(rule: Json, value: object, name: str) -> str | None:
    if value is None or value == "":
        return f"The {name} field is required." if rule.get("required", True) else None
    if not isinstance(value, str | int) or isinstance(value, bool):
        return f"The {name} field must be a string."
    text = str(value)
    options = _options(rule.get("options"))
    if options and text not in options:
        return f"The selected {name} is invalid."
    pattern = rule.get("regex") or rule.get("pattern")
    if pattern and not re.search(_bare(str(pattern)), text):
        return f"The {name} field format is invalid."
    return _out_of_bounds(rule, text, name)


def _out_of_bounds(rule: Json, text: str, name: str) -> str | None:
    size: Any = len(text)
    if rule.get("type") in {"number", "integer", "int", "decimal"}:
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text):
            return f"The {name} field must be a number."
        size = float(text)
    low, high = rule.get("min"), rule.get("max")
    if low is not None and size < float(low):
        return f"The {name} field must be at least {low}."
    if high is not None and size > float(high):
        return f"The {name} field must not be greater than {high}."
    return None


def _options(raw: object) -> set[str]:
    if isinstance(raw, dict):
        return {str(key) for key in raw}
    if not isinstance(raw, list | tuple):
        return set()
    names = ("value", "code", "key", "id", "name")
    return {
        next((str(option[name]) for name in names if name in option), "")
        if isinstance(option, dict)
        else str(option)
        for option in raw
    }


def _bare(pattern: str) -> str:
    """Return the pattern without the slashes PHP writes around it."""
    return pattern[1:-1] if len(pattern) > 1 and pattern[0] == pattern[-1] == "/" else pattern

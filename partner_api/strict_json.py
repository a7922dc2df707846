"""JSON from outside, read strictly: exact numbers, no duplicate keys, bounded depth and size.

Numbers become int or Decimal, never a binary float. What other readers let pass quietly (NaN, a
second value for the same key, a number of five thousand digits, a hundred thousand open brackets)
is refused with one exception, so that no document can mean two things or crash its reader.
"""

import json
import re
from decimal import Decimal

#: Far deeper than any documented answer.
MAX_DEPTH = 64
# Money and rates have a dozen digits; longer numbers are mistakes or attacks.
_MAX_NUMBER = 40
_MAX_EXPONENT = 30

_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class NotStrictJson(ValueError):  # noqa: N818  the failure is the name
    """The bytes are not JSON as this module understands it. The text says why, never the values."""


def parse(raw: bytes, *, max_bytes: int | None = None, max_depth: int = MAX_DEPTH) -> object:
    """The value of a UTF-8 document without byte order mark. NotStrictJson for anything else."""
    if max_bytes is not None and len(raw) > max_bytes:
        raise NotStrictJson("the document is too large")
    if _deeper_than(raw, max_depth):
        raise NotStrictJson("the document is nested too deeply")
    try:
        return _DECODER.decode(raw.decode())
    except NotStrictJson:
        raise
    # The standard messages quote the document, so none of them is passed on.
    except UnicodeDecodeError:
        reason = "the document is not UTF-8"
    # ArithmeticError: an exponent that even Decimal refuses.
    except (ValueError, RecursionError, ArithmeticError):
        reason = "the document is not JSON"
    raise NotStrictJson(reason)


def _deeper_than(raw: bytes, depth: int) -> bool:
    """Peel one level of brackets a turn; what is left after `depth` turns is deeper (or broken).

    The parser recurses, and how deep it gets before it fails depends on its caller's stack; this
    does not. Every step is one pass in C over what remains.
    """
    if raw.count(b"[") + raw.count(b"{") <= depth:
        return False
    brackets = _STRINGS.sub(b"", raw).translate(None, _NOT_BRACKETS)
    for _ in range(depth):
        peeled = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if peeled == brackets:
            break
        brackets = peeled
    return bool(brackets)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotStrictJson("a key is given twice")
    return value


def _integer(digits: str) -> int:
    if len(digits) > _MAX_NUMBER:
        raise NotStrictJson("a number is too long")
    return int(digits)


def _decimal(digits: str) -> Decimal:
    if len(digits) > _MAX_NUMBER:
        raise NotStrictJson("a number is too long")
    value = Decimal(digits)
    # Zeros too: 0e999999 fills the memory once somebody prints it.
    if abs(value.adjusted()) > _MAX_EXPONENT:
        raise NotStrictJson("a number is too large or too small")
    return value


def _constant(name: str) -> object:
    raise NotStrictJson(f"{name.lstrip('-')} is not a number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_decimal,
    parse_int=_integer,
    parse_constant=_constant,
)

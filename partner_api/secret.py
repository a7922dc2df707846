"""A text worth money or opening a door: masked wherever it is shown, until someone reveals it.

Deliberately not a kind of str: a Secret handed to a file, a query, a template or `json.dumps` by
mistake shows the mask or fails loudly; it never slips through as plain text. Knows nothing of
encryption: keeping a revealed text safe is the caller's work.
"""

import hmac
from typing import NoReturn

MASK = "•••"


class Secret:
    """Holds one text (a PIN, a serial, an LPA, an ICCID, a token, a signing secret).

    `repr`, `str`, `format` and `json.dumps(..., default=str)` give the mask; plain `json.dumps` and
    pickling raise TypeError. Two secrets are equal when their texts are, compared in constant time;
    a Secret never equals a str.
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError("a Secret holds text")
        object.__setattr__(self, "_text", text)

    def reveal(self) -> str:
        """The text itself. Every call of this is a place to review."""
        return self._text

    def __repr__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._text), _bytes(other._text))

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Secret does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Secret does not change")

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled: its text would be readable in the pickle")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

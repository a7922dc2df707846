"""References people read aloud and machines match exactly."""

import secrets
from base64 import b32encode
from uuid import UUID

from django.conf import settings

# No look-alikes: neither 0/O, 1/I/L, 5/S, 2/Z, 8/B nor U/V.
ALPHABET = "346789ACDEFGHJKMNPQRTWXY"


def order_number() -> str:
    """A number that tells nothing and can be read over the phone: `K7QF-3M9D-XA4T`."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def as_order_number(written: str) -> str:
    """The number somebody meant: in any case, with spaces, dashes or neither."""
    letters = "".join(filter(str.isalnum, written.upper()))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def external_id(leg: UUID, attempt: int, *, environment: str) -> str:
    """What the partner knows our order by; a pure function of the leg and its attempt.

    Letter first and one fixed length, so that no id is the start of another and no signature's
    parts can be cut elsewhere: `GP-` + 12 of base32 + `-` + two digits + `-X`.
    """
    if not 1 <= attempt <= 99:
        raise ValueError("an attempt is numbered 1 to 99")
    if len(environment) != 1 or not environment.isalpha():
        raise ValueError("the environment is one letter")
    return f"G{environment.upper()}-{b32encode(leg.bytes)[:12].decode()}-{attempt:02d}-X"


def environment() -> str:
    """The letter all our external ids carry."""
    return "D" if settings.DEMO else "P"


def external_id_pattern() -> str:
    """A regular expression for what only this environment's ids look like."""
    return f"^G{environment()}-[A-Z2-7]{{12}}-[0-9]{{2}}-X$"

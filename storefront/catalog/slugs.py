"""The readable part of an address, made once from a name. Pure."""

import re

from django.utils.text import slugify

# How `unique_slug` ends what would collide; a name that looks so is never used bare.
_SUFFIXED = re.compile(r"-[0-9a-f]{10}$")


def slug_base(name: str) -> str:
    """What the address would like to be; "" when the name has nothing for it or looks suffixed.

    The database adds ten hexadecimal digits of the id's hash where two wish for the same.
    """
    base = slugify(name)[:80].strip("-_")
    return "" if _SUFFIXED.search(base) else base

"""What strangers write into the list's address, made harmless."""

import unicodedata
from collections.abc import Mapping

from storefront.catalog.queries import Filters

LONGEST = {"q": 100, "after": 4000}
LONGEST_OTHER = 120


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of a query string; control characters go, and what is too long is cut."""
    texts = {name: _clean(query.get(name, ""), name) for name in Filters.__dataclass_fields__}
    return Filters(**texts)


def _clean(text: str, name: str) -> str:
    seen = "".join(c if not unicodedata.category(c).startswith("C") else " " for c in text)
    return " ".join(seen.split())[: LONGEST.get(name, LONGEST_OTHER)].strip()

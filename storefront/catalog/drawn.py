"""What pages show everybody alike, drawn once for what it is made of.

What is read is read for every page; only the drawing is remembered, under all that it follows from.
It goes when the shelf changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString, mark_safe

from storefront.catalog.meta import Meta
from storefront.catalog.queries import Shelf

Key = tuple[object, ...]
# Up to 30 kB each.
REMEMBERED = 200
# Stands where a form has the token of whoever looks at it. Nobody can guess it: who searched for it
# would else have one visitor's token drawn for all.
HERE = token_hex(16)


@dataclass(frozen=True)
class Shown:
    """What stands below a page's header, and what its head says."""

    html: SafeString
    meta: Meta
    # Of a product: the rows it is made of, or nothing where they do not tell all.
    rows: str = ""

    def to(self, request: HttpRequest) -> dict[str, object]:
        """The context of the page around it, for this visitor."""
        html = self.html
        if HERE in html:
            html = mark_safe(html.replace(HERE, get_token(request)))  # noqa: S308  letters and digits
        return {"meta": self.meta, "drawn": html}


def drawn(shelf: Shelf, key: Key, draw: Callable[[], Shown]) -> Shown:
    """What `draw` gives, or gave under this key: all that it depends on but the shelf."""
    known = remembered(shelf, key)
    if known is None:
        known = draw()
        remember(shelf, key, known)
    return known


def remembered(shelf: Shelf, key: Key) -> Shown | None:
    """What was drawn under this key."""
    return shelf.drawn.get(key)


def remember(shelf: Shelf, key: Key, shown: Shown) -> None:
    """Keep it, but not where no pages are kept: whoever edits templates wants to see them."""
    if settings.PAGE_CACHE_BYTES:
        if len(shelf.drawn) >= REMEMBERED:
            shelf.drawn.clear()
        shelf.drawn[key] = shown

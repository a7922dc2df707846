"""What pages show everybody alike, drawn once for what it is made of.

What is read is read for every page; only the drawing is remembered, under all that it follows from.
It goes when the shelf changes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import Engine, RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from storefront.catalog.meta import Meta
from storefront.catalog.queries import Shelf
from storefront.core.context import here, languages

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


def whole_page(
    request: HttpRequest, template: str, shown: Shown, *, status: int = 200
) -> HttpResponse:
    """The whole page for this visitor: `template` has its place for `drawn`."""
    says = {"meta": shown.meta.html, "drawn": shown.html, "here": here(request)}
    parts = _around(request, template)
    body = "".join(says[part] if at % 2 else part for at, part in enumerate(parts))
    if HERE in body:
        body = body.replace(HERE, get_token(request))
    return HttpResponse(body, status=status)


_frames: dict[Key, list[str]] = {}
_PLACE = re.compile(f"{HERE}:([a-z]+):")


def _around(request: HttpRequest, template: str) -> list[str]:
    """What stands around it, cut where a page has its own words: text, name, text, name, text.

    It follows from the number beside the cart alone, unless there are messages to be read.
    """
    context = RequestContext(request)
    with context.bind_template(Engine.get_default().get_template(template)):
        known = context.flatten()
    key = (template, get_language(), known["cart_count"])
    frame = _frames.get(key)
    if frame is None or known["messages"]:
        places = {
            "meta": {"html": _place("meta")},
            "drawn": _place("drawn"),
            "languages": languages(_place("here")),
        }
        frame = _PLACE.split(render_to_string(template, places, request))
        if settings.PAGE_CACHE_BYTES and not known["messages"]:
            if len(_frames) >= REMEMBERED:
                _frames.clear()
            _frames[key] = frame
    return frame


def _place(name: str) -> SafeString:
    return mark_safe(f"{HERE}:{name}:")  # noqa: S308  our own words


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

"""What a page tells search engines: its title, its one address in each language, its goods as data.

A page without a `Meta` asks not to be listed. It reads nothing itself.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

LONGEST_DESCRIPTION = 160
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Alternate:
    """The same page in another language; `code` may be x-default."""

    code: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Meta:
    """What stands in the head of a page that may be found; `data` are JSON-LD objects."""

    title: str
    description: str
    canonical: str
    alternates: Sequence[Alternate]
    data: tuple[SafeString, ...] = ()
    is_listed: bool = True

    @cached_property
    def html(self) -> SafeString:
        """The tags, drawn once."""
        context = {"meta": self, "store_name": settings.STORE_NAME}
        return render_to_string("_components/meta.html", context)


def meta(
    path: str, *, title: str, description: str, data: Iterable[Any] = (), is_listed: bool = True
) -> Meta:
    """`path` is the page's own, in the reader's language, with what of its query matters."""
    paths = in_languages(path)
    return Meta(
        title=title,
        description=Truncator(description).chars(LONGEST_DESCRIPTION),
        canonical=settings.SITE_URL + path,
        alternates=alternates(paths) if is_listed else (),
        data=tuple(as_script(thing) for thing in data),
        is_listed=is_listed,
    )


def in_languages(path: str) -> dict[str, str]:
    """A path of the shop's pages in every language; one without a prefix is in the first."""
    plain = path
    for code, _ in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            plain = path.removeprefix(f"/{code}")
    return {
        code: plain if code == settings.LANGUAGE_CODE else f"/{code}{plain}"
        for code, _ in settings.LANGUAGES
    }


def alternates(paths: dict[str, str]) -> list[Alternate]:
    """The page in each language, and the one for everybody else."""
    found = [Alternate(code, settings.SITE_URL + path) for code, path in paths.items()]
    return [*found, Alternate("x-default", settings.SITE_URL + paths[settings.LANGUAGE_CODE])]


def sentence_of(html: str) -> str:
    """The words of a sanitised description, on one line."""
    return " ".join(unescape(strip_tags(html.replace("<", " <"))).split())


def as_script(thing: Any) -> SafeString:
    """JSON for a data block; no text in it can end the block or begin another.

    A block of type application/ld+json is never executed, so the content policy lets it be.
    """
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 - without <, > and & it is inert in HTML

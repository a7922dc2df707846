"""Texts written by others, made harmless before they are stored. Pure.

It must not know which field of which row a text is for.
"""

import re
import unicodedata

import nh3

LARGEST_HTML = 20_000  # bytes, sanitised
LONGEST_RAW = 100_000  # characters kept of what the partner sent

TAGS = {"p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "h3", "h4"}
# Their words are code or labels of controls, not text: they go with the tag.
TAGS_WITH_CONTENT = {
    "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "form", "button",
    "select", "textarea", "title",
}  # fmt: skip
_clean = nh3.Cleaner(tags=TAGS, clean_content_tags=TAGS_WITH_CONTENT, attributes={}).clean
# What cannot be stored (NUL, lone surrogates), and what is invisible or turns the reading order.
_PLAIN = re.compile("(?:[!-~]+(?: [!-~]+)*)?")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def plain(text: str, longest: int) -> str:
    """One line of visible characters, cut to `longest`."""
    if _PLAIN.fullmatch(text) and len(text) <= longest:
        return text  # as most are
    if not text.isprintable():  # most are, and need no closer look
        text = _UNSEEN.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())[:longest].rstrip()


def raw(text: str) -> str:
    """What was sent, without what the database cannot keep; for the record, never for a page."""
    return text[:LONGEST_RAW].replace("\x00", "").encode("utf-8", "replace").decode()


def html(text: str) -> str:
    """A description with the few tags we allow, no attributes, and at most LARGEST_HTML bytes."""
    seen = text if text.isprintable() else _UNSEEN.sub("", text)
    room = LARGEST_HTML
    while len((cleaned := _clean(seen[:room])).encode()) > LARGEST_HTML:
        room = room * 3 // 4
    return cleaned.strip()

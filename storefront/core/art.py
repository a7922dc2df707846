"""Draws a card for a product that came without a picture.

The same words give the same card, byte for byte, so pages may be cached and people recognise what
they bought before. Knows nothing of products, requests or languages: words in, SVG out.
"""

import hashlib
import unicodedata
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Two tones and the ink upon them. The ink reads on either tone (contrast 6 and more), so a pattern
# may pass under any word; the tones are neighbours, so that it stays in the background.
TONES = (
    ("#172a5a", "#194292", "#fff"),
    ("#f0d8a6", "#f0ba59", "#342300"),
    ("#05684b", "#01544d", "#fff"),
    ("#b7162d", "#990b3d", "#fff"),
    ("#b9e7f3", "#7ad4e6", "#002c36"),
    ("#422667", "#623197", "#fff"),
    ("#1043a8", "#0061be", "#fff"),
    ("#fbd4cd", "#feb19e", "#3f1a14"),
    ("#00402c", "#005c3b", "#fff"),
    ("#6e1728", "#a1182d", "#fff"),
    ("#e2d8f8", "#d0bafa", "#2b1f3f"),
    ("#025066", "#006882", "#fff"),
    ("#7f3812", "#9b4900", "#fff"),
    ("#c0eacd", "#8bdda8", "#062f19"),
    ("#6135b5", "#634cd4", "#fff"),
    ("#9a1b71", "#7a186c", "#fff"),
    ("#1f212b", "#36394a", "#fff"),
    ("#ece5cb", "#e0d0a5", "#302600"),
)

# What is drawn under the words, by kind: solid shapes take the second tone as fill, the others as
# stroke. Gift cards are large plain shapes, top-ups are signals, an eSIM is a boarding card.
SHAPES = (
    'fill="{}"><circle cx="320" cy="200" r="168"/>',
    'fill="{}"><path d="M116 0h96L96 200H0z"/>',
    'fill="{}"><path d="M320 0v200H120A200 200 0 0 1 320 0"/>',
    'fill="none" stroke="{}" stroke-width="44"><circle cx="268" cy="48" r="92"/>',
    'fill="{}"><path d="M240 0h80v100a80 100 0 0 1-80-100zm0 200h80V100a80 100 0 0 0-80 100z"/>',
    'fill="{}"><path d="M0 200 200 0h120v40L160 200z"/>',
)
WAVES = (
    'fill="none" stroke="{}" stroke-width="18">'
    + "".join(f'<circle cx="320" cy="200" r="{radius}"/>' for radius in (46, 92, 138, 184)),
    'fill="none" stroke="{}" stroke-width="18">'
    + "".join(f'<circle cx="320" r="{radius}"/>' for radius in (60, 106, 152)),
    'fill="{}"><path d="M176 200v-46h26v46zm40 0v-80h26v80zm40 0V86h26v114zm40 0V52h24v148z"/>',
)
# The stub of a boarding card behind its tear-off line; on it a chip, or the globe.
STUB = 'fill="{}"><path d="M226 0h94v200h-94a10 10 0 0 0 0-20V20a10 10 0 0 0 0-20z"/></g><g '
TICKETS = (
    STUB + 'fill="none" stroke="{ink}" stroke-width="3" opacity=".7">'
    '<rect x="246" y="82" width="52" height="42" rx="9"/>'
    '<path d="M246 96h17v14h-17m52-14h-17v14h17m-35-14V82m18 14V82m-18 28v14m18-14v14"/>',
    STUB + 'fill="none" stroke="{ink}" stroke-width="3" opacity=".7">'
    '<circle cx="272" cy="104" r="26"/><ellipse cx="272" cy="104" rx="11" ry="26"/>'
    '<path d="M246 104h52"/>',
)
DOTS = (
    (
        'fill="none" stroke="{}" stroke-width="12" stroke-linecap="round" stroke-dasharray="0 32">'
        '<path d="M12 18h320M28 50h320M12 82h320M28 114h320M12 146h320M28 178h320"/>'
    ),
    'fill="none" stroke="{}" stroke-width="10"><path d="'
    + "".join(f"M0 {y}q40-24 80 0t80 0 80 0 80 0" for y in (30, 80, 130, 180))
    + '"/>',
)
PATTERNS = {
    "voucher": SHAPES,
    "voucher_open_range": SHAPES,
    "recharge": WAVES,
    "recharge_fixed": WAVES,
    "esim": TICKETS,
}

LEFT, WIDTH, BASELINE = 22, 276, 172
# Beside the stub of a boarding card; in usual fonts the words end before it.
STUB_WIDTH = 232
LARGEST, SMALLEST, LINES = 46, 22, 3
# How wide bold letters are in the widest font of the list, in ems; the rest follows below.
WIDTHS = {
    **dict.fromkeys("'(),.:;I[]fijlrt!|- ", 0.44),
    **dict.fromkeys("cszгтсэз", 0.62),
    **dict.fromkeys("mwMDHNOQGUЖМФШЩЫЮЖмфшщыюжДИЙЛНОП@%&+", 0.98),
    **dict.fromkeys("WШЩЮЖЩ", 1.3),
}


@lru_cache(maxsize=4096)
def product_art(name: str, brand: str, country: str, denomination: str, kind: str) -> SafeString:
    """The card as one inline SVG of 320 by 200 units, under 1.5 kB, hidden from screen readers.

    `brand` (or `name`, where there is none) is set large and decides the tones, so that a brand is
    known by them in every country; the pattern follows from both. An eSIM of no brand has those of
    its country. `denomination` and the two
    letters of `country` stand in the corners and may be empty; `kind` is the partner's product
    type, any other word gets the plain pattern. The font is the page's own.
    """
    title, room = _plain(brand) or _plain(name), WIDTH
    # A card is the same in every language, as far as there is something that is.
    family = _plain(brand) or (_plain(country) if kind == "esim" else "") or title
    if kind == "esim" and not brand:
        title, denomination, room = _destination(name), denomination or "eSIM", STUB_WIDTH
    ground, figure, ink = TONES[_digest(family) % len(TONES)]
    patterns = PATTERNS.get(kind, DOTS)
    pattern = patterns[_digest(family + _plain(country)) % len(patterns)].format(figure, ink=ink)
    parts = [
        '<svg class="art" viewBox="0 0 320 200" aria-hidden="true" focusable="false">',
        f'<path fill="{ground}" d="M0 0h320v200H0z"/><g {pattern}</g>',
        f'<g fill="{ink}" font-weight="700">',
        _chip(_plain(country), ink),
        _denomination(_plain(denomination)),
        _title(title, room),
        "</g></svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - the only foreign words in it went through escape()


def _digest(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.casefold().encode()).digest()[23:27], "big")


def _destination(name: str) -> str:
    """Where an eSIM works: what partners write behind a bar."""
    return _plain(name.rpartition("|")[2]) or _plain(name)


def _plain(words: str) -> str:
    """One line without what can't be drawn: control characters are not even allowed in SVG.

    The bar that partners put between a name and its country says nothing on a card.
    """
    return " ".join("".join(c if c.isprintable() and c != "|" else " " for c in words).split())


def _chip(country: str, ink: str) -> str:
    code = country.upper()[:3]
    if not code:
        return ""
    return (
        f'<rect x="22" y="20" width="48" height="28" rx="14" fill="none" stroke="{ink}" '
        'stroke-width="2"/>'
        f'<text x="46" y="40" font-size="17" text-anchor="middle">{escape(code)}</text>'
    )


def _denomination(label: str) -> str:
    label = _shorten(label, 204, 13)
    if not label:
        return ""
    size = _fit(label, 204, 22)
    return f'<text x="298" y="41" font-size="{size}" text-anchor="end">{escape(label)}</text>'


def _title(words: str, room: int) -> str:
    """The words on one to three lines, as large as they fit, standing on the lower edge."""
    lines, size = _typeset(words.split(), room)
    leading = round(size * 1.04)
    top = BASELINE - leading * (len(lines) - 1)
    texts = "".join(
        f'<text x="{LEFT}" y="{top + leading * row}" font-size="{size}">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )
    return f'<g letter-spacing="-.02em">{texts}</g>'


def _typeset(words: list[str], room: int) -> tuple[list[str], int]:
    if not words:
        return [], SMALLEST
    for count in range(1, LINES + 1):
        lines = _break(words, count)
        size = min(_fit(line, room, LARGEST - 6 * (count - 1)) for line in lines)
        if size >= LARGEST - 9 * count or (count == LINES and size >= SMALLEST):
            return lines, size
    return _pour(words, room), SMALLEST


def _break(words: list[str], count: int) -> list[str]:
    """At most `count` lines whose widest is as narrow as can be."""
    if count == 1 or len(words) == 1:
        return [" ".join(words)]
    choices = (
        [" ".join(words[:cut]), *_break(words[cut:], count - 1)]
        for cut in range(1, min(len(words), 12))
    )
    return min(choices, key=lambda lines: max(map(_width, lines)))


def _pour(words: list[str], room: int) -> list[str]:
    """Fills the lines in turn at the smallest size, with an ellipsis where words are left over."""
    lines: list[str] = []
    rest = words
    while rest and len(lines) < LINES:
        taken = 1
        while taken < len(rest) and _width(" ".join(rest[: taken + 1])) * SMALLEST <= room:
            taken += 1
        lines.append(_shorten(" ".join(rest[:taken]), room, SMALLEST))
        rest = rest[taken:]
    if rest:
        lines[-1] = _shorten(lines[-1].removesuffix("…") + " …", room, SMALLEST)
    return lines


def _fit(line: str, room: int, largest: int) -> int:
    return min(largest, int(room / _width(line))) if line else largest


def _shorten(line: str, room: int, size: int) -> str:
    if _width(line) * size <= room:
        return line
    while line and _width(line + "…") * size > room:
        line = line[:-1]
    return line.rstrip() + "…"


def _width(line: str) -> float:
    """About how wide a bold line is, in ems; on the wide side, so that nothing is cut."""
    return sum(map(_advance, line))


def _advance(character: str) -> float:
    if character in WIDTHS:
        return WIDTHS[character]
    if unicodedata.east_asian_width(character) in "WF":
        return 1.02
    return 0.76 if character.isupper() else 0.7

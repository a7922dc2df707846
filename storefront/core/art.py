"""Draws a card for a product that came without a picture.

The same words give the same card, byte for byte, so pages may be cached and people recognise what
they bought before. Knows nothing of products, requests or languages: words in, SVG out.
"""

import hashlib
import unicodedata
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Two tones and the ink upon them. The ink reads on either tone (contrast 5 and more), so a pattern
# may pass under any word.
TONES = (
    ("#1d377b", "#5c46a7", "#fff"),
    ("#f7dda7", "#fdb171", "#3d1d00"),
    ("#004933", "#1f6d02", "#fff"),
    ("#bbe7fe", "#4ddae9", "#002d31"),
    ("#6f191a", "#953b01", "#fff"),
    ("#e4d9fd", "#b3c0fe", "#1d2248"),
    ("#295ee3", "#005d8f", "#fff"),
    ("#fed4d3", "#ffad91", "#421808"),
    ("#05454e", "#0c6964", "#fff"),
    ("#bdeec6", "#60ddc0", "#012e25"),
    ("#4c276e", "#873482", "#fff"),
    ("#a5243d", "#7d1d4f", "#fff"),
    ("#e2e5ab", "#e2c162", "#312500"),
    ("#681946", "#9d2a3f", "#fff"),
    ("#078053", "#05675a", "#fff"),
    ("#fed7be", "#fead98", "#42170c"),
    ("#392f78", "#3054ae", "#fff"),
    ("#a4f0ef", "#54d8f4", "#002c36"),
    ("#bf1172", "#8d1a89", "#fff"),
    ("#0073ab", "#114cbf", "#fff"),
    ("#8140d0", "#891e90", "#fff"),
)

# What is drawn under the words, by kind: solid shapes take the second tone as fill, the others as
# stroke.
RIBBONS = (
    'fill="{}"><path d="M220 0h40v200h-40zM0 62h320v40H0z"/>',
    'fill="{}"><path d="M150 0h66L96 200H30zm110 0h66L206 200h-66z"/>',
    'fill="{}"><circle cx="262" cy="52" r="128"/>',
    'fill="{}"><path d="M320 0v200H120A200 200 0 0 0 320 0"/>',
)
WAVES = (
    'fill="none" stroke="{}" stroke-width="20">'
    + "".join(f'<circle cx="320" cy="200" r="{radius}"/>' for radius in (50, 100, 150, 200)),
    'fill="none" stroke="{}" stroke-width="20">'
    + "".join(f'<circle cx="320" r="{radius}"/>' for radius in (60, 110, 160)),
    'fill="{}"><path d="M168 200v-50h30v50zm46 0V112h30v88zm46 0V74h30v126z"/>',
)
CHIPS = (
    (
        'fill="none" stroke="{}" stroke-width="8">'
        '<rect x="196" y="56" width="92" height="76" rx="16"/>'
        '<path d="M196 84h30v20h-30m92-20h-30v20h30m-62-20v-28m32 28V56m-32 48v28m32-28v28"/>'
    ),
    (
        'fill="none" stroke="{}" stroke-width="7"><circle cx="250" cy="100" r="84"/>'
        '<ellipse cx="250" cy="100" rx="36" ry="84"/>'
        '<path d="M166 100h168M178 56h150M178 144h150"/>'
    ),
)
DOTS = (
    (
        'fill="none" stroke="{}" stroke-width="14" stroke-linecap="round" stroke-dasharray="0 32">'
        '<path d="M12 18h320M28 50h320M12 82h320M28 114h320M12 146h320M28 178h320"/>'
    ),
    'fill="none" stroke="{}" stroke-width="12"><path d="'
    + "".join(f"M0 {y}q40-30 80 0t80 0 80 0 80 0" for y in (30, 80, 130, 180))
    + '"/>',
)
PATTERNS = {
    "voucher": RIBBONS,
    "voucher_open_range": RIBBONS,
    "recharge": WAVES,
    "recharge_fixed": WAVES,
    "esim": CHIPS,
}

LEFT, WIDTH, BASELINE = 22, 276, 174
LARGEST, SMALLEST, LINES = 50, 24, 3
NARROW = set("!'(),.:;I[]fijlrt| ")
WIDE = set("%@MWmwЖМФШЩЫЮжмфшщыю")


@lru_cache(maxsize=4096)
def product_art(name: str, brand: str, country: str, denomination: str, kind: str) -> SafeString:
    """The card as one inline SVG of 320 by 200 units, under 1.5 kB, hidden from screen readers.

    `brand` (or `name`, where there is none) is set large; `denomination` and the two letters of
    `country` stand in the corners and may be empty; `kind` is the partner's product type, any other
    word gets the plain pattern. The font is the page's own.
    """
    digest = hashlib.sha256(_plain(name).casefold().encode()).digest()
    ground, figure, ink = TONES[digest[0] % len(TONES)]
    patterns = PATTERNS.get(kind, DOTS)
    pattern = patterns[digest[1] % len(patterns)].format(figure)
    parts = [
        '<svg class="art" viewBox="0 0 320 200" aria-hidden="true" focusable="false">',
        f'<path fill="{ground}" d="M0 0h320v200H0z"/><g {pattern}</g>',
        f'<g fill="{ink}" font-weight="700">',
        _chip(_plain(country), ink),
        _denomination(_plain(denomination)),
        _title(_plain(brand) or _plain(name)),
        "</g></svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - the only foreign words in it went through escape()


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
    label = _shorten(label, 210, 14)
    if not label:
        return ""
    size = _fit(label, 210, 28)
    return f'<text x="298" y="43" font-size="{size}" text-anchor="end">{escape(label)}</text>'


def _title(words: str) -> str:
    """The words on one to three lines, as large as they fit, standing on the lower edge."""
    lines, size = _typeset(words.split())
    leading = round(size * 1.06)
    top = BASELINE - leading * (len(lines) - 1)
    return "".join(
        f'<text x="{LEFT}" y="{top + leading * row}" font-size="{size}">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )


def _typeset(words: list[str]) -> tuple[list[str], int]:
    if not words:
        return [], SMALLEST
    for count in range(1, LINES + 1):
        lines = _break(words, count)
        size = min(_fit(line, WIDTH, LARGEST - 6 * (count - 1)) for line in lines)
        if size >= LARGEST - 10 * count or (count == LINES and size >= SMALLEST):
            return lines, size
    return _pour(words), SMALLEST


def _break(words: list[str], count: int) -> list[str]:
    """At most `count` lines whose widest is as narrow as can be."""
    if count == 1 or len(words) == 1:
        return [" ".join(words)]
    choices = (
        [" ".join(words[:cut]), *_break(words[cut:], count - 1)]
        for cut in range(1, min(len(words), 12))
    )
    return min(choices, key=lambda lines: max(map(_width, lines)))


def _pour(words: list[str]) -> list[str]:
    """Fills the lines in turn at the smallest size, with an ellipsis where words are left over."""
    lines: list[str] = []
    rest = words
    while rest and len(lines) < LINES:
        taken = 1
        while taken < len(rest) and _width(" ".join(rest[: taken + 1])) * SMALLEST <= WIDTH:
            taken += 1
        lines.append(_shorten(" ".join(rest[:taken]), WIDTH, SMALLEST))
        rest = rest[taken:]
    if rest:
        lines[-1] = _shorten(lines[-1].removesuffix("…") + " …", WIDTH, SMALLEST)
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
    if character in NARROW:
        return 0.36
    if character in WIDE:
        return 0.98
    if unicodedata.east_asian_width(character) in "WF":
        return 1.02
    return 0.74 if character.isupper() else 0.61

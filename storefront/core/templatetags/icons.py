"""`{% icon "check" %}`: small line drawings, 24 by 24 units, in the colour of the text beside them.

They never stand alone: the word is written next to them, so readers of screens do not hear them.
"""

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

PATHS = {
    "alert": "M12 8v5m0 3.5v.01M10.3 4 2.9 17a2 2 0 0 0 1.7 3h14.8a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0"
    "-3.4 0z",
    "arrow-left": "M19 12H5m6-6-6 6 6 6",
    "arrow-right": "M5 12h14m-6-6 6 6-6 6",
    "bag": "M5 8h14l1 12H4zm4 0V7a3 3 0 0 1 6 0v1",
    "bolt": "M13 3 5 14h6l-1 7 8-11h-6z",
    "card": "M3 6h18v12H3zm0 4h18M6 15h4",
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "clock": "M12 7v5l3.5 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "cross": "m6 6 12 12M18 6 6 18",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6"
    " 3 3 0 0 0 0 6z",
    "filter": "M4 6h16M7 12h10m-7 6h4",
    "globe": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0 0c2.5-2.4 3.8-5.4 3.8-9S14.5 5.4 12 3c-2.5 "
    "2.4-3.8 5.4-3.8 9s1.3 6.6 3.8 9zM3.5 9h17m-17 6h17",
    "lock": "M6 11h12v9H6zm2.5 0V8a3.5 3.5 0 0 1 7 0v3",
    "mail": "M3 6h18v12H3zm0 1 9 6.5L21 7",
    "minus": "M6 12h12",
    "no-return": "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 6 6v1M15 17l6 4m0-4-6 4",
    "plus": "M12 6v12m-6-6h12",
    "search": "m20 20-4.5-4.5M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12z",
    "ticket": "M3 6h18v4a2 2 0 0 0 0 4v4H3v-4a2 2 0 0 0 0-4zm12 1v2m0 2v2m0 2v2",
    "trash": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13m-8 4v5m4-5v5",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing of that name. KeyError for a name that is not in the list."""
    return mark_safe(  # noqa: S308 - made of the constants above alone
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" '
        'stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true" focusable="false"><path d="{PATHS[name]}"/></svg>'
    )

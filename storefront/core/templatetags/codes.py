"""`{{ code|grouped }}`: a code cut into groups for reading aloud, its text untouched."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

GROUP = 4
# What has parts of its own: hyphens, spaces, the colon and dollars of an eSIM's LPA string.
SEPARATOR = re.compile(r"[-\s:$]")


@register.filter
def grouped(code: str) -> SafeString:
    """One span a group and nothing between them: selected or copied, it is exactly the code.

    A code that brings parts of its own is left as it is.
    """
    code = str(code)
    if SEPARATOR.search(code):
        return escape(code)
    parts = [code[start : start + GROUP] for start in range(0, len(code), GROUP)]
    spans = (f"<span>{escape(part)}</span>" for part in parts)
    return mark_safe("".join(spans))  # noqa: S308 - each part went through escape()

"""Whom a line is for, as its page and mails show it: enough to recognise, not enough to learn."""

from django.utils.translation import get_language

from storefront.catalog.queries import NotBuyable, fields_of
from storefront.orders.models import OrderLine

_SHORT = 5


def recipients(line: OrderLine, *, language: str = "") -> list[tuple[str, str]]:
    """Label and masked answer of each field, in the reader's language unless told."""
    try:
        fields = fields_of(line.sku.product, language=language or get_language() or "en")
    except NotBuyable:  # what is asked today says nothing of what was asked then
        fields = ()
    known = {field.code: field for field in fields}
    shown = []
    for code, value in line.fields.items():
        field = known.get(code)
        label = field.label if field else code
        options = dict(field.options) if field else {}
        shown.append((label, options.get(value) or _masked(value)))
    return shown


def _masked(value: str) -> str:
    """Its ends; of a short one its beginning alone."""
    if len(value) <= _SHORT:
        return f"{value[:1]}•••"
    return f"{value[:3]}•••{value[-2:]}"

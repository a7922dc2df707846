"""`{{ price|money }}`: an amount in the reader's language."""

from django import template
from django.utils.translation import get_language

from storefront.core.money import Money, shown

register = template.Library()


@register.filter
def money(value: Money | str | None) -> str:
    """`$25.50`; nothing for no amount, so that a template need not ask."""
    return shown(value, get_language() or "en") if isinstance(value, Money) else ""

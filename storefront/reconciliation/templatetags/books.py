"""Amounts in the partner's currency, and how the books stand, for the pages of finance."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language

from storefront.core.money import is_currency, money, shown
from storefront.reconciliation import queries

register = template.Library()


@register.filter
def amount(value: Decimal | None, currency: str) -> str:
    """As money where the currency is one; else exactly as it was said."""
    if value is None:
        return ""
    if not is_currency(currency):
        return f"{value.normalize():f} {currency}".strip()
    return shown(money(value, currency), get_language() or "en")


@register.inclusion_tag("reconciliation/_state.html")
def books_state() -> dict[str, Any]:
    """Whether the books agree, in a line that leads to the differences."""
    return {"state": queries.state(), "is_link": True}

"""`{% product_art product %}`: the drawn card of anything that has the attributes of a product."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from storefront.core import art

register = template.Library()


@register.simple_tag
def product_art(product: Any, denomination: str = "") -> SafeString:
    """The card's SVG; a `denomination` given here wins over the product's own label."""
    return art.product_art(
        str(product.name or ""),
        str(product.brand or ""),
        str(product.country or ""),
        str(denomination or product.denomination_label or ""),
        str(product.type or ""),
    )

"""`{% product_art product %}`: the drawn card of a product, or of a card that stands for one."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from storefront.core import art

register = template.Library()


@register.simple_tag
def product_art(product: Any) -> SafeString:
    """The SVG. Only pages about choosing know a `denomination_label`; elsewhere there is none."""
    return art.product_art(
        product.name,
        product.brand,
        product.country,
        getattr(product, "denomination_label", ""),
        product.type,
    )

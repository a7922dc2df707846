"""`{% order_story order %}`: everything that happened to an order, on its page in the admin."""

from typing import Any

from django import template

from storefront.orders.models import Order
from storefront.staff.story import story

register = template.Library()


@register.inclusion_tag("staff/story.html")
def order_story(order: Order) -> dict[str, Any]:
    """The page asked already whether its reader may read orders."""
    return {"story": story(order)}

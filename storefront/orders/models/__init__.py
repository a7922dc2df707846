"""The tables of orders."""

from storefront.orders.models.access import AccessLink, LinkRequest
from storefront.orders.models.delivery import Delivery, Reveal
from storefront.orders.models.order import Order, OrderEvent, OrderLine

__all__ = ["AccessLink", "Delivery", "LinkRequest", "Order", "OrderEvent", "OrderLine", "Reveal"]

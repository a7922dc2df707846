"""The tables of orders."""

from storefront.orders.models.access import AccessLink
from storefront.orders.models.delivery import Delivery, Reveal
from storefront.orders.models.order import Order, OrderEvent, OrderLine

__all__ = ["AccessLink", "Delivery", "Order", "OrderEvent", "OrderLine", "Reveal"]

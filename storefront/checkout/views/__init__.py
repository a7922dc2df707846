"""The checkout's pages: ordering, then paying."""

from storefront.checkout.views.ordering import checkout
from storefront.checkout.views.paying import pay, pay_again, returned
from storefront.checkout.views.topping_up import top_up

__all__ = ["checkout", "pay", "pay_again", "returned", "top_up"]

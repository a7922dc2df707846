"""The checkout's pages: ordering, then paying."""

from storefront.checkout.views.ordering import checkout
from storefront.checkout.views.paying import pay, pay_again, returned

__all__ = ["checkout", "pay", "pay_again", "returned"]

"""Writing orders: placing, moving, delivering, revealing, letting people in, telling them."""

from storefront.orders.actions.access import link_for_mail, remember_form
from storefront.orders.actions.delivering import DuplicateCode, deliver, release
from storefront.orders.actions.placing import move, place
from storefront.orders.actions.revealing import NotReleased, reveal
from storefront.orders.actions.telling import send_link, tell, tell_of_delays

__all__ = [
    "DuplicateCode",
    "NotReleased",
    "deliver",
    "link_for_mail",
    "move",
    "place",
    "release",
    "remember_form",
    "reveal",
    "send_link",
    "tell",
    "tell_of_delays",
]

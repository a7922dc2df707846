"""Writing orders: placing, moving, delivering, revealing, letting people in, telling them."""

from storefront.orders.actions.access import ask_for_link, join, link_for_mail, remember_form
from storefront.orders.actions.delivering import DuplicateCode, deliver, release
from storefront.orders.actions.freezing import freeze, thaw
from storefront.orders.actions.noting import note_refund
from storefront.orders.actions.placing import move, place, set_confirming
from storefront.orders.actions.reporting import report_problem
from storefront.orders.actions.revealing import NotReleased, Viewer, reveal
from storefront.orders.actions.seeing import see
from storefront.orders.actions.telling import (
    answer_link_request,
    answer_link_requests,
    send_link,
    tell,
    tell_of_delays,
)

__all__ = [
    "DuplicateCode",
    "NotReleased",
    "Viewer",
    "answer_link_request",
    "answer_link_requests",
    "ask_for_link",
    "deliver",
    "freeze",
    "join",
    "link_for_mail",
    "move",
    "note_refund",
    "place",
    "release",
    "remember_form",
    "report_problem",
    "reveal",
    "see",
    "send_link",
    "set_confirming",
    "tell",
    "tell_of_delays",
    "thaw",
]

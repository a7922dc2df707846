"""What staff may do about one order: write to its customer, and unlock what was locked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now

from storefront.core.deeds import Deed, choose
from storefront.orders import actions
from storefront.orders.models import Order
from storefront.orders.states import DOUBTED, Freeze


def act(request: HttpRequest, order: Order, context: dict[str, Any]) -> HttpResponse:
    """The form, and the deed. Each needs a right of its own."""
    by = str(request.user)
    deeds = {}
    if request.user.has_perm("orders.change_order"):
        deeds["send_link"] = Deed(
            "Send the customer a new link",
            f"A mail with a link to the order goes to {order.email}, the address it was made with,"
            " and to no other. Earlier links go on working.",
            lambda reason: actions.send_link(order=order, by=by, reason=reason, now=now()),
        )
    if order.frozen_because in DOUBTED and request.user.has_perm("payments.refund_payment"):
        deeds["unlock"] = Deed(
            "Unlock the codes",
            "The customer can look at them again. Do it once the money is ours for good: a code"
            " that was seen can't be taken back.",
            lambda reason: actions.thaw(
                order=order, after=DOUBTED, by=by, reason=reason, now=now()
            ),
        )
    locked = Freeze(order.frozen_because).label if order.frozen_because else ""
    context |= {
        "title": f"Act on {order.number}",
        "explained": f"{order.get_status_display()}."
        + (f" Its codes are locked: {locked[0].lower()}{locked[1:]}." if locked else ""),
    }
    back = reverse("admin:orders_order_change", args=[order.pk])
    return choose(request, deeds=deeds, back=back, context=context)

"""The way to an order for those who can't see it (any more), by mail alone."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from storefront.core.limits import hit, limited, too_many
from storefront.orders import actions
from storefront.orders.forms import FindForm
from storefront.orders.views.common import order_of

HOUR = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("find an order", limit=20, window=HOUR)
def find(request: HttpRequest) -> HttpResponse:
    """For guests without their mail: the same answer to everybody, and the link by mail alone."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        is_sent = not form.is_bound and "sent" in request.GET
        context = {"form": form, "is_sent": is_sent}
        return render(request, "orders/find.html", context, status=400 if form.is_bound else 200)
    asked = form.cleaned_data
    email = asked["email"].lower()
    if not hit(scope="find an order", key=email, limit=5, window=HOUR, now=now()):
        return too_many(request, after=HOUR / 5)
    actions.ask_for_link(email=email, number=asked["number"], now=now())
    return redirect(reverse("orders:find") + "?sent=1")


@require_POST
@never_cache
def send_link(request: HttpRequest, number: str) -> HttpResponse:
    """The link once more, to the address the order was made with."""
    order = order_of(request, number)
    if not hit(scope="send a link", key=order.number, limit=3, window=HOUR, now=now()):
        return too_many(request, after=HOUR / 3)
    actions.send_link(order=order, now=now())
    messages.success(request, _("The link to this order is on its way to your e-mail address."))
    return redirect(order)

"""The customer's order page, the links that lead to it, and the reveal of a code."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from partner_api.secret import Secret
from storefront.core.clients import client_address
from storefront.core.limits import hit, limited, too_many
from storefront.orders import actions, queries, visitors
from storefront.orders.forms import FindForm
from storefront.orders.goods import Goods
from storefront.orders.models import Order
from storefront.orders.pages import order_view

HOUR = timedelta(hours=1)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The order; htmx asks for its live part alone."""
    order = _order(request, number)
    htmx = getattr(request, "htmx", None)
    is_part = htmx and not htmx.boosted and not htmx.history_restore_request
    live = "#live" if is_part else ""
    return _private(_page(request, order, template=f"orders/order.html{live}"))


@require_safe
@never_cache
def open_link(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """From the link in a mail to the clean address, which this session may see from now on."""
    order = queries.order_behind(number=number, token=Secret(token), now=now())
    if order is None:
        raise Http404
    visitors.grant(request.session, order.pk)
    response = _private(redirect(order))
    response["Referrer-Policy"] = "no-referrer"  # the address held the token
    return response


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
        return too_many(request)
    actions.ask_for_link(email=email, number=asked["number"], now=now())
    return redirect(reverse("orders:find") + "?sent=1")


@require_POST
@never_cache
def send_link(request: HttpRequest, number: str) -> HttpResponse:
    """The link once more, to the address the order was made with."""
    order = _order(request, number)
    if not hit(scope="send a link", key=order.number, limit=3, window=HOUR, now=now()):
        return too_many(request)
    actions.send_link(order=order, now=now())
    messages.success(request, _("The link to this order is on its way to your e-mail address."))
    return redirect(order)


@require_POST
@never_cache
def reveal(request: HttpRequest, number: str, delivery_id: UUID) -> HttpResponse:
    """Show one code, once asked, to whom the order belongs; that it was shown is written first."""
    order = _order(request, number)
    delivery = queries.delivery_of(order=order, delivery_id=delivery_id)
    if delivery is None:
        raise Http404
    try:
        goods = actions.reveal(
            delivery=delivery,
            by=f"customer {request.user.pk}" if request.user.is_authenticated else "guest",
            address=client_address(request),
            user_agent=request.headers.get("User-Agent", ""),
            now=now(),
        )
    except actions.NotReleased as error:
        raise Http404 from error
    return _private(_page(request, order, revealed={delivery.pk: goods}))


def _order(request: HttpRequest, number: str) -> Order:
    """The visitor's order; to everybody else it does not exist."""
    visible = queries.visible_to(user=request.user, granted=visitors.granted(request.session))
    order = visible.filter(number=number).first()
    if order is None:
        raise Http404
    return queries.with_details(order)


def _page(
    request: HttpRequest,
    order: Order,
    *,
    template: str = "orders/order.html",
    revealed: dict[UUID, Goods] | None = None,
) -> HttpResponse:
    return render(request, template, {"order": order_view(order, revealed=revealed)})


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing of an order's page is kept, indexed or told to another site.

    The policy is not `no-referrer`: under it browsers send forms with `Origin: null`, which the
    forgery check rightly refuses.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

"""The order's page, its receipt, and the link that leads to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from partner_api.secret import Secret
from storefront.orders import queries, visitors
from storefront.orders.pages import order_view
from storefront.orders.receipts import receipt_of
from storefront.orders.views.common import order_of, private


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The order; htmx asks for its live part alone."""
    order = order_of(request, number)
    htmx = getattr(request, "htmx", None)
    is_part = htmx and not htmx.boosted and not htmx.history_restore_request
    template = "orders/order.html#live" if is_part else "orders/order.html"
    return private(render(request, template, {"order": order_view(order, now=now())}))


@require_safe
@never_cache
def open_link(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """From the link in a mail to the clean address, which this session may see from now on."""
    order = queries.order_behind(number=number, token=Secret(token), now=now())
    if order is None:
        raise Http404
    visitors.grant(request.session, order.pk)
    response = private(redirect(order))
    response["Referrer-Policy"] = "no-referrer"  # the address held the token
    return response


@require_safe
@never_cache
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What was paid for what, to print or to file. It has no codes."""
    order = order_of(request, number)
    if order.paid_at is None:
        raise Http404
    return private(render(request, "orders/receipt.html", {"receipt": receipt_of(order)}))

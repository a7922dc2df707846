"""The customer's order page, the links that lead to it, and the reveal of a code."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from partner_api.secret import Secret
from storefront.core.clients import client_address
from storefront.orders import actions, queries, visitors
from storefront.orders.goods import Goods
from storefront.orders.models import Order
from storefront.orders.pages import order_view


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

"""What the views about one order share: whose it is, and what its answers carry."""

from django.http import Http404, HttpRequest, HttpResponse

from storefront.core.clients import client_address
from storefront.orders import queries, visitors
from storefront.orders.actions import Viewer
from storefront.orders.models import Order


def order_of(request: HttpRequest, number: str) -> Order:
    """The visitor's order, with its details; to everybody else it does not exist."""
    visible = queries.visible_to(user=request.user, granted=visitors.granted(request.session))
    order = queries.with_details(visible.filter(number=number)).first()
    if order is None:
        raise Http404
    return order


def viewer(request: HttpRequest) -> Viewer:
    """Who is about to see a code, for the record."""
    user = request.user
    return Viewer(
        by=f"customer {user.pk}" if user.is_authenticated else "guest",
        address=client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
    )


def private(response: HttpResponse) -> HttpResponse:
    """Nothing of an order's page is kept, indexed or told to another site.

    The policy is not `no-referrer`: under it browsers send forms with `Origin: null`, which the
    forgery check rightly refuses.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

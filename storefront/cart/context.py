"""The number beside the cart, on every page."""

from django.http import HttpRequest
from django.urls import reverse

from storefront.cart import session as carts


def cart_count(request: HttpRequest) -> dict[str, int]:
    """How many things are in the cart; a visitor without a session has none."""
    session = getattr(request, "session", None)
    # The admin has no cart beside it, and asks for the context of a page once for each part.
    is_staffs = request.path.startswith(reverse("admin:index"))
    if session is None or not request.COOKIES or is_staffs:
        return {"cart_count": 0}
    return {"cart_count": sum(entry.quantity for entry in carts.entries(session))}

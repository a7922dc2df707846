"""The number beside the cart, on every page."""

from django.http import HttpRequest

from storefront.cart import session as carts


def cart_count(request: HttpRequest) -> dict[str, int]:
    """How many things are in the cart; a visitor without a session has none."""
    session = getattr(request, "session", None)
    if session is None or not request.COOKIES:
        return {"cart_count": 0}
    return {"cart_count": sum(entry.quantity for entry in carts.entries(session))}

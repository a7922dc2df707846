"""How much one customer may order: per mail address, account and household, each day.

Codes are cash. What is bought in bulk within a day is resold or was paid with somebody else's card,
and whoever needs that much asks the shop. How often forms may be sent is the views' own limit.
"""

from datetime import datetime, timedelta

from django.conf import settings

from storefront.cart.queries import Cart
from storefront.core.limits import hit, household

DAY = timedelta(days=1)
# Several people share an address.
HOUSEHOLD = 3


class TooMuchToday(Exception):  # noqa: N818  the failure is the name
    """More than one customer may order in a day."""


def use_allowances(
    *, cart: Cart, email: str, user_id: int | None, address: str, now: datetime
) -> None:
    """Count the cart's units against whoever orders them. Raises TooMuchToday.

    Call it in the order's transaction: what is refused, or fails, costs nothing.
    """
    units = sum(line.quantity for line in cart.lines)
    most = settings.DAILY_UNITS
    counted = [
        ("units by mail", email, most),
        ("units by account", str(user_id or ""), most),
        ("units by household", household(address), most * HOUSEHOLD),
    ]
    for scope, key, limit in counted:
        if key and not hit(scope=scope, key=key, limit=limit, window=DAY, now=now, count=units):
            raise TooMuchToday

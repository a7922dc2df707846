"""The account's page: everything decided here, so that the template only shows."""

from dataclasses import dataclass

from storefront.accounts.models import User
from storefront.orders import queries
from storefront.orders.models import Order, Reveal

MOST_ORDERS, MOST_LOOKS = 100, 200


@dataclass(frozen=True, slots=True)
class AccountView:
    """Newest first."""

    email: str
    orders: list[Order]
    looks: list[Reveal]


def account_view(user: User) -> AccountView:
    """What this person bought, and who saw their codes."""
    orders = queries.visible_to(user=user, granted=())
    return AccountView(
        email=user.email,
        orders=list(orders.prefetch_related("lines").order_by("-created_at")[:MOST_ORDERS]),
        looks=list(queries.looks_at(orders)[:MOST_LOOKS]),
    )

"""The account's page: everything decided here, so that the template only shows."""

from dataclasses import dataclass
from datetime import datetime

from storefront.accounts.models import User
from storefront.customers import passkeys
from storefront.orders import queries
from storefront.orders.models import Order, Reveal

MOST_ORDERS, MOST_LOOKS = 100, 200


@dataclass(frozen=True, slots=True)
class Passkey:
    """One device that signs this person in."""

    key: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountView:
    """Newest first."""

    email: str
    orders: list[Order]
    looks: list[Reveal]
    passkeys: list[Passkey]


def account_view(user: User) -> AccountView:
    """What this person bought, and who saw their codes."""
    orders = queries.visible_to(user=user, granted=())
    return AccountView(
        email=user.email,
        orders=list(orders.prefetch_related("lines").order_by("-created_at")[:MOST_ORDERS]),
        looks=list(queries.looks_at(orders)[:MOST_LOOKS]),
        passkeys=[
            Passkey(row.pk, row.wrap().name, row.created_at, row.last_used_at)
            for row in passkeys.of(user)
        ],
    )

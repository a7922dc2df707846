"""Money on its way back, as the customer sees it: told by the order's own history."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from storefront.core.money import Money, money
from storefront.orders.models import Order

# What the app that moves money writes into the order's history, with its amount and reference.
ASKED, DONE, REFUSED = "refund-asked", "refund-done", "refund-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundView:
    """One refund, and how far it is."""

    amount: Money
    asked_at: datetime
    done_at: datetime | None


def refunds_of(order: Order) -> list[RefundView]:
    """Each refund once, oldest first; one that was refused is none."""
    found: dict[str, RefundView] = {}
    for event in order.events.all():
        if event.kind not in {ASKED, DONE, REFUSED}:
            continue
        reference = event.data["reference"]
        before = found.pop(reference, None)
        if event.kind != REFUSED:
            found[reference] = RefundView(
                amount=money(Decimal(event.data["amount"]), order.currency),
                asked_at=before.asked_at if before else event.at,
                done_at=event.at if event.kind == DONE else None,
            )
    return list(found.values())

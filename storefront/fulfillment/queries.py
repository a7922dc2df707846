"""Reading purchases."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import ACTIVE, FINAL, Status
from storefront.fulfillment.waits import NUDGE
from storefront.orders.models import Order
from storefront.orders.states import Status as OrderStatus

# The most serious first: an order shows what its worst purchase does.
_SHOWN = (
    (Status.IN_REVIEW, OrderStatus.IN_REVIEW),
    (Status.IN_DOUBT, OrderStatus.CHECKING),
    (Status.HELD, OrderStatus.WAITING),
)


def due(*, now: datetime, most: int) -> QuerySet[Purchase]:
    """Purchases whose next step is due and that nobody holds or was told of, the oldest first."""
    return Purchase.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=now),
        Q(nudged_at=None) | Q(nudged_at__lt=now - NUDGE),
        due_at__lte=now,
        status__in=sorted(ACTIVE),
    ).order_by("due_at")[:most]


def by_partner_reference(*, external_id: str, partner_order_id: str) -> Purchase | None:
    """The purchase a webhook speaks of, by our id or by the partner's."""
    ours = Q(external_id=external_id) if external_id else Q(pk=None)
    theirs = Q(partner_order_id=partner_order_id) if partner_order_id else Q(pk=None)
    return Purchase.objects.filter(ours | theirs).first()


def shown_status(purchases: Iterable[Purchase]) -> OrderStatus:
    """What a customer sees of an order whose purchases are not all final."""
    states = {purchase.status for purchase in purchases}
    for status, shown in _SHOWN:
        if status in states:
            return shown
    return OrderStatus.PROCESSING


def live_purchases(order_id: UUID) -> list[Purchase]:
    """The latest attempt of each chunk of the order."""
    rows = Purchase.objects.filter(line__order_id=order_id).select_related("line")
    return list(rows.order_by("line_id", "chunk", "-attempt").distinct("line_id", "chunk"))


def is_finished(purchases: Iterable[Purchase]) -> bool:
    """Whether the partner will bring nothing more for any of them."""
    return all(purchase.status in FINAL for purchase in purchases)


def delivered_value(purchases: Iterable[Purchase]) -> Decimal:
    """The price of what was delivered, in the shop's currency."""
    return sum((p.line.unit_amount * p.delivered for p in purchases), Decimal(0))


def finished_undelivered_value(purchases: Iterable[Purchase]) -> Decimal:
    """The price of what will never be delivered."""
    missing = [
        (p.line.unit_amount, p.quantity - p.delivered) for p in purchases if p.status in FINAL
    ]
    return sum((price * count for price, count in missing), Decimal(0))


def orders_to_settle(*, now: datetime, most: int) -> list[UUID]:
    """Orders with work due apart from their purchases."""
    rows = Order.objects.filter(settle_due_at__lte=now).order_by("settle_due_at")
    return list(rows.values_list("pk", flat=True)[:most])

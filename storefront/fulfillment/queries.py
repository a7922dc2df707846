"""Reading purchases."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Min, Q, QuerySet, Sum

from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import ACTIVE, FINAL, Status
from storefront.fulfillment.waits import CAPTURE_EARLY, NUDGE
from storefront.orders.models import Delivery, Order
from storefront.orders.states import Status as OrderStatus
from storefront.partner import circuits
from storefront.payments.models import Payment
from storefront.payments.states import Status as PaymentStatus

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


def is_buying_open(*, currency: str, now: datetime) -> bool:
    """Whether what is paid for now would be bought at once; checkout asks before it takes money.

    No while the partner takes no orders from us, or has too little money of ours in this currency.
    """
    if circuits.wait(circuits.Capability.PLACE, now=now) is not None:
        return False
    return not waiting_for_funds(currency).exists()


def claims(*, currency: str) -> Decimal:
    """What paid orders will still take from our balance at the partner, in its currency.

    What the partner has already is not counted: it was charged or reserved.
    """
    open_ones = Purchase.objects.filter(
        status__in=sorted(ACTIVE), partner_order_id="", cost_currency=currency
    )
    total: Decimal | None = open_ones.aggregate(total=Sum("expected_cost"))["total"]
    return total or Decimal(0)


def waiting_for_funds(currency: str) -> QuerySet[Purchase]:
    """Purchases that wait for a top-up, the oldest first."""
    rows = Purchase.objects.filter(status=Status.HELD, hold_reason="funds", cost_currency=currency)
    return rows.order_by("created_at", "external_id")


def is_behind(purchase: Purchase) -> bool:
    """Whether somebody who paid earlier waits for the same money."""
    older = waiting_for_funds(purchase.cost_currency).filter(created_at__lt=purchase.created_at)
    return older.exclude(pk=purchase.pk).exists()


def by_partner_reference(*, external_id: str, partner_order_id: str) -> Purchase | None:
    """The purchase a webhook speaks of, by our id or by the partner's."""
    ours = Q(external_id=external_id) if external_id else Q(pk=None)
    theirs = Q(partner_order_id=partner_order_id) if partner_order_id else Q(pk=None)
    return Purchase.objects.filter(ours | theirs).first()


def by_partner_references(names: Iterable[str]) -> dict[str, Purchase]:
    """The purchases that have these ids, ours or the partner's, by either; in two questions."""
    wanted = {name for name in names if name}
    found: dict[str, Purchase] = {}
    for purchase in Purchase.objects.filter(partner_order_id__in=wanted):
        found[purchase.partner_order_id] = purchase
    for purchase in Purchase.objects.filter(external_id__in=wanted):
        found[purchase.external_id] = purchase
    return found


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


def payment_behind(order_id: UUID) -> Payment:
    """The payment whose money the order has, had, or gave up. Raises Payment.DoesNotExist."""
    taken = [PaymentStatus.AUTHORISED, PaymentStatus.CAPTURED]
    rows = Payment.objects.filter(order_id=order_id)
    given_up = [PaymentStatus.VOIDED, PaymentStatus.LAPSED]
    return rows.filter(status__in=taken).first() or rows.filter(status__in=given_up).latest(
        "created_at"
    )


def early_capture_at(order_id: UUID) -> datetime | None:
    """When codes that came have waited long enough for the rest; none when none are waiting."""
    waiting = Delivery.objects.filter(line__order_id=order_id, released_at=None)
    first: datetime | None = waiting.aggregate(first=Min("delivered_at"))["first"]
    return first and first + CAPTURE_EARLY


def oldest_end(order_id: UUID) -> datetime | None:
    """When the first purchase of the order ended."""
    ended: datetime | None = Purchase.objects.filter(line__order_id=order_id).aggregate(
        first=Min("finished_at")
    )["first"]
    return ended


def orders_to_settle(*, now: datetime, most: int) -> list[UUID]:
    """Orders with work due apart from their purchases."""
    free = Q(settle_lease_until=None) | Q(settle_lease_until__lt=now)
    rows = Order.objects.filter(free, settle_due_at__lte=now).order_by("settle_due_at")
    return list(rows.values_list("pk", flat=True)[:most])

"""Reading eSIMs. Every look at a customer's eSIM goes through `visible`."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from storefront.core.sealed import blind_indexes
from storefront.esim.models import Esim, TopUp
from storefront.esim.parts import Parts
from storefront.orders.models import Order, OrderLine


def visible(orders: QuerySet[Order]) -> QuerySet[Esim]:
    """The eSIMs of orders that a visitor may see, once their money is ours."""
    found = Esim.objects.filter(
        delivery__line__order__in=orders, delivery__released_at__isnull=False
    )
    return found.select_related("delivery__line__order", "delivery__line__sku__product")


def due(*, now: datetime, most: int) -> list[UUID]:
    """Those to ask about now, the longest due first."""
    rows = Esim.objects.filter(due_at__lte=now, iccid_index__isnull=False)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:most])


def topped_up_by(line: OrderLine) -> Esim | None:
    """The eSIM this line adds data to; None of lines that bring something new."""
    try:
        found: Esim = line.esim_top_up.esim
    except TopUp.DoesNotExist:
        return None
    return found


def has_same_number(parts: Parts) -> bool:
    """Whether an eSIM of this number was delivered before, under any key of the ring."""
    if parts.number is None:
        return False
    return Esim.objects.filter(iccid_index__in=list(blind_indexes(parts.number))).exists()

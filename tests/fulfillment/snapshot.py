"""Everything there is, read once for the invariants: our rows, the partner's books, the till."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from storefront.fulfillment.models import Purchase, PurchaseEvent
from storefront.ledger.models import Entry
from storefront.orders.models import Delivery, Order, OrderEvent, OrderLine
from storefront.payments.models import Capture, Payment, PaymentEvent, Refund
from tests.fulfillment.till import Effect

if TYPE_CHECKING:
    from tests.fulfillment.bench import Bench

Steps = dict[Any, list[tuple[str, str]]]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Snapshot:
    """Rows as lists, steps by the row they belong to, in order."""

    purchases: list[Purchase]
    orders: list[Order]
    lines: list[OrderLine]
    payments: list[Payment]
    captures: list[Capture]
    refunds: list[Refund]
    deliveries: list[Delivery]
    entries: list[Entry]
    purchase_steps: Steps
    order_steps: Steps
    payment_steps: Steps
    sold: list[dict[str, Any]]
    partner_ledger: list[dict[str, Any]]
    effects: dict[str, Effect]

    def of(self, order: Order) -> list[Purchase]:
        """The purchases of an order."""
        return [row for row in self.purchases if row.line.order_id == order.pk]

    def delivered_to(self, order: Order) -> list[Delivery]:
        """The units of an order."""
        return [row for row in self.deliveries if row.line.order_id == order.pk]

    def money_of(self, order: Order) -> tuple[Decimal, Decimal]:
        """What was captured and refunded of an order."""
        rows = [row for row in self.payments if row.order_id == order.pk]
        return total(row.captured_amount for row in rows), total(
            row.refunded_amount for row in rows
        )


def take(bench: "Bench") -> Snapshot:
    """As it is at this moment."""
    books = bench.partner.control.ledger()
    return Snapshot(
        purchases=list(Purchase.objects.select_related("line__order")),
        orders=list(Order.objects.all()),
        lines=list(OrderLine.objects.all()),
        payments=list(Payment.objects.select_related("order")),
        captures=list(Capture.objects.all()),
        refunds=list(Refund.objects.all()),
        deliveries=list(Delivery.objects.select_related("line").order_by("source", "index")),
        entries=list(Entry.objects.all()),
        purchase_steps=_steps(PurchaseEvent, "purchase_id"),
        order_steps=_steps(OrderEvent, "order_id", kind="moved"),
        payment_steps=_steps(PaymentEvent, "payment_id"),
        sold=books["orders"],
        partner_ledger=books["ledger"],
        effects=dict(bench.till.effects),
    )


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Their sum."""
    return sum(amounts, ZERO)


def _steps(model: Any, owner: str, **only: str) -> Steps:
    steps: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    rows = model.objects.filter(**only).order_by("pk")
    for key, old, new in rows.values_list(owner, "from_status", "to_status"):
        steps[key].append((old, new))
    return steps

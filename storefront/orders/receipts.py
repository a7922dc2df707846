"""What was paid for what: the page one prints or files. It knows no codes."""

from dataclasses import dataclass
from datetime import datetime

from storefront.core.money import Money, money
from storefront.orders.models import Order
from storefront.orders.refunds import RefundView, refunds_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One line, with what of it came."""

    product_name: str
    sku_name: str
    quantity: int
    came: int
    unit_price: Money
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The whole of it; `delivered` is what the goods that came cost."""

    number: str
    url: str
    email: str
    created_at: datetime
    paid_at: datetime | None
    is_settled: bool
    lines: list[ReceiptLine]
    total: Money
    delivered: Money
    refunds: list[RefundView]


def receipt_of(order: Order) -> Receipt:
    """The receipt of an order that was paid; it is final once the order is settled."""
    lines = [
        ReceiptLine(
            product_name=line.product_name,
            sku_name=line.sku_name,
            quantity=line.quantity,
            came=sum(1 for item in line.deliveries.all() if item.released_at),
            unit_price=money(line.unit_amount, line.currency),
            total=line.total,
        )
        for line in order.lines.all()
    ]
    return Receipt(
        number=order.number,
        url=order.get_absolute_url(),
        email=order.email,
        created_at=order.created_at,
        paid_at=order.paid_at,
        is_settled=order.is_settled,
        lines=lines,
        total=order.total,
        delivered=sum((line.unit_price * line.came for line in lines), order.total * 0),
        refunds=refunds_of(order),
    )

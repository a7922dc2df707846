"""What others did for an order, written into its history so that its page can tell."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from storefront.orders.models import OrderEvent


def note_refund(
    *, order_id: UUID, kind: str, reference: str, amount: Decimal, by: str, now: datetime
) -> None:
    """A refund was asked for, done or refused (`refunds.ASKED` and so on).

    In the transaction that writes the same about the payment.
    """
    OrderEvent.objects.create(
        order_id=order_id,
        at=now,
        by=by,
        kind=kind,
        data={"reference": reference, "amount": str(amount)},
    )

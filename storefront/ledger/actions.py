"""Writing entries."""

from datetime import datetime
from decimal import Decimal

from storefront.ledger.models import Entry, Kind


def record(
    *, kind: Kind, reference: str, order_number: str, amount: Decimal, currency: str, now: datetime
) -> None:
    """Write the entry, once per kind and reference: a repeated effect is the same effect.

    Call it in the transaction that writes the effect itself.
    """
    Entry.objects.bulk_create(
        [
            Entry(
                kind=kind,
                reference=reference,
                order_number=order_number,
                amount=amount,
                currency=currency,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )

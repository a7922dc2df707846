"""The entry: one effect of money, written once."""

from typing import ClassVar

from django.db import models

from storefront.core.appendonly import AppendOnly
from storefront.core.money import MoneyColumn


class Kind(models.TextChoices):
    """What the money did."""

    SALE = "sale", "Sale"  # captured from a customer
    COST = "cost", "Cost"  # charged by the partner
    REFUND = "refund", "Refund"  # given back to a customer
    FEE = "fee", "Fee"  # kept by the payment provider


class Entry(AppendOnly):
    """One effect. `reference` names what caused it and makes writing it twice impossible."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    reference = models.CharField(max_length=80)
    order_number = models.CharField(max_length=20, db_index=True)
    amount = MoneyColumn()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "reference"], name="one_entry_per_effect"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="entries_have_amounts"),
        ]
        # Sums over a time are read from the index alone.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["kind", "at"], include=["amount", "currency"], name="entries_by_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency} for {self.order_number}"

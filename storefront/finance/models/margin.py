"""What the ledger's entries come to, by product, day and order, in the shop's currency.

All of it follows from the ledger and is written by `actions.booking` alone: `Share` says which part
of which entry a product has, the other two are sums of shares.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F

from storefront.catalog.models import Product
from storefront.core.appendonly import AppendOnly
from storefront.core.money import MoneyColumn
from storefront.ledger.models import Entry, Kind


class Share(AppendOnly):
    """One product's part of one entry; without a product when no order of ours explains it.

    The shares of an entry add up to it exactly, converted by the rate of its day.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", db_index=False
    )
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = MoneyColumn()
    # Of a cost: what it was expected to be when the goods were ordered.
    expected = MoneyColumn(default=0)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["entry", "product"], nulls_distinct=False, name="one_share_per_product"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["product", "day", "id"], name="shares_of_product"),
            models.Index(fields=["day", "id"], name="shares_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class Sums(models.Model):
    """What was earned and what it took. Refunds count on the day they were given."""

    currency = models.CharField(max_length=3)
    sold = MoneyColumn(default=0)
    cost = MoneyColumn(default=0)
    expected = MoneyColumn(default=0)
    fees = MoneyColumn(default=0)
    refunded = MoneyColumn(default=0)
    margin = models.GeneratedField(
        expression=F("sold") - F("cost") - F("fees") - F("refunded"),
        output_field=MoneyColumn(),
        db_persist=True,
    )

    class Meta:
        abstract = True


class DailyMargin(Sums):
    """Of one product on one day, in UTC."""

    day = models.DateField()
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["day", "product", "currency"],
                nulls_distinct=False,
                name="one_margin_per_product_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.margin} {self.currency}"


class OrderMargin(Sums):
    """Of one order through its whole life; `day` is that of its first entry."""

    order_number = models.CharField(max_length=20)
    day = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order_number", "currency"], name="one_margin_per_order"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["currency", "margin", "id"], name="orders_by_margin"),
            models.Index(fields=["day"], name="order_margins_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number}: {self.margin} {self.currency}"


class Booking(models.Model):
    """How far the ledger is booked; one row. Later runs look above `floor` alone."""

    floor = models.BigIntegerField(default=0)
    booked_at = models.DateTimeField(null=True, blank=True)
    # Entries that could not be, by the last look at the whole ledger: no rate is known for them.
    unrated = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="booking_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"booked up to {self.floor}"

"""The order, its lines and its history."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse

from storefront.catalog.models import Sku
from storefront.core.appendonly import AppendOnly
from storefront.core.money import Money, MoneyColumn, money
from storefront.core.refs import order_number
from storefront.orders.states import SETTLED, Status


class Order(models.Model):
    """What one customer asked for at one time. The prices on its lines are promises."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    number = models.CharField(max_length=20, unique=True, default=order_number)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="orders"
    )
    email = models.EmailField()
    locale = models.CharField(max_length=8)
    status = models.CharField(
        max_length=20, choices=Status.choices, default=Status.AWAITING_PAYMENT
    )
    total_amount = MoneyColumn()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(db_index=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    # Since when the customer may have paid without our knowing; none when that is clear.
    confirming_since = models.DateTimeField(null=True, blank=True)
    # Since when no code that was not seen is shown any more, and why.
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_because = models.CharField(max_length=20, blank=True)
    # When work on the order is next due, apart from its purchases; none when nothing is.
    settle_due_at = models.DateTimeField(null=True, blank=True)
    settle_lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(total_amount__gt=0), name="orders_cost_something"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="orders_have_known_statuses"
            ),
            models.CheckConstraint(
                condition=models.Q(paid_at__isnull=False)
                | models.Q(status__in=["awaiting_payment", "cancelled", "expired"]),
                name="orders_under_way_were_paid",
            ),
            models.CheckConstraint(
                condition=models.Q(frozen_at=None, frozen_because="")
                | (models.Q(frozen_at__isnull=False) & ~models.Q(frozen_because="")),
                name="frozen_orders_say_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["settle_due_at"],
                name="orders_to_settle",
                condition=models.Q(settle_due_at__isnull=False),
            ),
            models.Index(
                fields=["created_at"],
                name="orders_unpaid",
                condition=models.Q(status="awaiting_payment"),
            ),
            models.Index(Upper("email"), name="orders_by_email"),
            models.Index(
                fields=["paid_at"],
                name="orders_under_way",
                condition=models.Q(
                    status__in=["paid", "processing", "waiting", "checking", "in_review"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The customer's page, in the reader's language."""
        return reverse("orders:detail", args=[self.number])

    @property
    def total(self) -> Money:
        """What the customer pays for all of it."""
        return money(self.total_amount, self.currency)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in SETTLED

    @property
    def is_payable(self) -> bool:
        """Whether it still waits for its money, which may not be on its way already."""
        return self.status == Status.AWAITING_PAYMENT and self.confirming_since is None


class OrderLine(models.Model):
    """One SKU of an order, as it was shown and promised when the order was placed."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=500)
    sku_name = models.CharField(max_length=500)
    quantity = models.PositiveSmallIntegerField()
    # How many of the SKU fit into one partner order.
    max_per_order = models.PositiveIntegerField()
    # The price, in the shop's currency, for one.
    unit_amount = MoneyColumn()
    currency = models.CharField(max_length=3)
    # The cost expected for one, in the partner's currency, and what one unit of that was worth.
    unit_cost = MoneyColumn()
    cost_currency = models.CharField(max_length=3)
    # The face value the buyer chose, for one, of a SKU of any amount; none of all others.
    amount = MoneyColumn(null=True, blank=True)
    face_currency = models.CharField(max_length=3, blank=True)
    # What the recipient gave (a phone number, an account), as the partner wants it.
    fields = models.JSONField(default=dict)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "position"], name="lines_have_places"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, quantity__lte=100), name="lines_have_quantities"
            ),
            models.CheckConstraint(
                condition=models.Q(unit_amount__gt=0, unit_cost__gt=0), name="lines_have_prices"
            ),
            models.CheckConstraint(
                condition=models.Q(max_per_order__gte=1), name="lines_have_chunks"
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None, face_currency="")
                | (models.Q(amount__isnull=False, amount__gt=0) & ~models.Q(face_currency="")),
                name="line_amounts_are_positive_money",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku_name}"

    @property
    def total(self) -> Money:
        """The price of the whole line."""
        return money(self.unit_amount * self.quantity, self.currency)


class OrderEvent(AppendOnly):
    """One thing that happened to an order: a move between states, or a note."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    kind = models.SlugField(max_length=40)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["order", "at"])]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind} {self.from_status}->{self.to_status}"

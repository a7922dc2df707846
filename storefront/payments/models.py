"""Payments and what was done with them. Each effect at a provider is an intent of ours first."""

from decimal import Decimal
from typing import ClassVar
from uuid import uuid4

from django.db import models

from storefront.core.appendonly import AppendOnly
from storefront.core.money import Money, MoneyColumn, money
from storefront.orders.models import Order
from storefront.payments.states import EffectStatus, Status


class Payment(models.Model):
    """One attempt of a customer to pay for an order."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    amount = MoneyColumn()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    # The provider's page for it: when it was first asked for, what it is called, where it is.
    started_at = models.DateTimeField(null=True, blank=True)
    session_reference = models.CharField(max_length=200, blank=True)
    session_url = models.TextField(blank=True)
    # What the provider calls the money that came of it.
    provider_reference = models.CharField(max_length=200, blank=True, db_index=True)
    # When the provider is next asked about it; none when nothing is open.
    due_at = models.DateTimeField(null=True, blank=True)
    captured_amount = MoneyColumn(default=0)
    refunded_amount = MoneyColumn(default=0)

    class Meta:
        permissions = (("refund_payment", "Can give a payment back"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(status="open"),
                name="one_open_payment_per_order",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(status__in=["authorised", "captured"]),
                name="one_taken_payment_per_order",
            ),
            models.UniqueConstraint(
                fields=["provider", "session_reference"],
                condition=~models.Q(session_reference=""),
                name="one_payment_per_session",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="payments_have_known_statuses"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_have_amounts"),
            models.CheckConstraint(
                condition=models.Q(captured_amount__gte=0, captured_amount__lte=models.F("amount")),
                name="captures_within_payments",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    refunded_amount__gte=0, refunded_amount__lte=models.F("captured_amount")
                ),
                name="refunds_within_captures",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], name="payments_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(fields=["created_at"], name="payments_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.total} for {self.order_id} ({self.status})"

    @property
    def total(self) -> Money:
        """What the customer is asked for."""
        return money(self.amount, self.currency)

    @property
    def left(self) -> Decimal:
        """What could still be given back."""
        left: Decimal = self.captured_amount - self.refunded_amount
        return left

    def key(self, verb: str) -> str:
        """The idempotency key of what happens to a payment once: start, void, return."""
        return f"{verb}-{self.pk}"


class Effect(models.Model):
    """An effect at the provider: committed with its key before the call, finished after it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    status = models.CharField(
        max_length=10, choices=EffectStatus.choices, default=EffectStatus.PENDING
    )
    amount = MoneyColumn()
    created_at = models.DateTimeField()
    # Since when a request may have left us: from then on it is looked for before it is asked again.
    sent_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """The idempotency key: however often the call is made, its effect is one."""
        return f"{type(self).__name__.lower()}-{self.pk}"


class Capture(Effect):
    """Taking held money, once per payment."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="capture")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="captures_have_amounts"),
        ]

    def __str__(self) -> str:
        return f"capture of {self.amount} ({self.status})"


class Refund(Effect):
    """Giving captured money back. `reference` names what it is for, once."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refunds_have_amounts"),
            # One that was refused for good may be tried anew, as another one.
            models.UniqueConstraint(
                fields=["reference"],
                condition=~models.Q(status="failed"),
                name="one_refund_per_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"refund of {self.amount} ({self.status})"


class PaymentEvent(AppendOnly):
    """One move of a payment."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    from_status = models.CharField(max_length=12)
    to_status = models.CharField(max_length=12)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.payment_id} {self.from_status}->{self.to_status}"

"""The purchase: one partner order, from intent to outcome."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from storefront.core.appendonly import AppendOnly
from storefront.core.money import MoneyColumn
from storefront.fulfillment.states import ACTIVE, FINAL, Status
from storefront.orders.models import OrderLine


class Purchase(models.Model):
    """One attempt at one chunk of one line. A new attempt is a new row with a new external_id, and
    comes only after a definite no.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="purchases")
    chunk = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    external_id = models.CharField(max_length=64, unique=True)
    sku_id = models.UUIDField()
    quantity = models.PositiveSmallIntegerField()
    fields = models.JSONField(default=dict)
    # The face value of each unit, of a SKU of any amount.
    amount = MoneyColumn(null=True, blank=True)
    expected_cost = MoneyColumn()
    cost_currency = models.CharField(max_length=3)

    status = models.CharField(max_length=12, choices=Status.choices, default=Status.READY)
    created_at = models.DateTimeField()
    # When the next step is due; none when nothing is.
    due_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    # The worker that holds it, until when; every write repeats the fence it claimed with.
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)

    # News came for it, perhaps while a worker was asking: one more question follows.
    has_news = models.BooleanField(default=False)

    # Requests that may have left us.
    posts = models.PositiveSmallIntegerField(default=0)
    last_post_at = models.DateTimeField(null=True, blank=True)
    # Those of them that ended without a clear answer: an order may yet appear.
    unanswered = models.PositiveSmallIntegerField(default=0)
    # The partner refused the last request for good: it is not sent again.
    is_refused = models.BooleanField(default=False)
    # The partner says that it has an order of this id: it is never concluded that it has none.
    is_claimed = models.BooleanField(default=False)
    # Why it was last not taken, though it may be later; see HELD.
    hold_reason = models.CharField(max_length=20, blank=True)
    # Look-ups since the last request that found nothing, and the first of them that came late
    # enough after it to count (the waiting rule).
    misses = models.PositiveIntegerField(default=0)
    first_miss_at = models.DateTimeField(null=True, blank=True)
    last_miss_at = models.DateTimeField(null=True, blank=True)
    # Questions since it was last sent or placed.
    polls = models.PositiveIntegerField(default=0)
    # Steps in a row that a bug of ours ended.
    failures = models.PositiveSmallIntegerField(default=0)

    # What the partner says.
    partner_order_id = models.CharField(max_length=64, blank=True, db_index=True)
    partner_status = models.CharField(max_length=64, blank=True)
    # Since when it says so.
    partner_status_at = models.DateTimeField(null=True, blank=True)
    partner_total = MoneyColumn(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    delivered = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["line", "chunk", "attempt"], name="one_purchase_per_attempt"
            ),
            # The heart of it: never two purchases for one chunk that may both bring a code.
            models.UniqueConstraint(
                fields=["line", "chunk"],
                condition=~models.Q(status__in=["failed", "not_placed"]),
                name="one_live_purchase_per_chunk",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="purchases_have_quantities"
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gt=0),
                name="purchase_amounts_are_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(delivered__lte=models.F("quantity")),
                name="deliveries_within_quantities",
            ),
            models.CheckConstraint(
                condition=models.Q(posts=0, last_post_at=None)
                | models.Q(posts__gte=1, last_post_at__isnull=False),
                name="posts_have_times",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=False, status__in=sorted(FINAL))
                | models.Q(finished_at=None) & ~models.Q(status__in=sorted(FINAL)),
                name="finished_purchases_have_times",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                name="purchases_due",
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(fields=["created_at"], name="purchases_by_age"),
            # What goes on, few among many that ended: sums of it, and lists of one status.
            models.Index(
                fields=["status", "created_at"],
                name="purchases_open",
                condition=models.Q(status__in=sorted(ACTIVE)),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class PurchaseEvent(AppendOnly):
    """One step of a purchase: what was done, what came of it. It never holds a code."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    from_status = models.CharField(max_length=12)
    to_status = models.CharField(max_length=12)
    note = models.CharField(max_length=300)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.from_status}->{self.to_status}"

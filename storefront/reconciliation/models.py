"""The mirror of the partner's ledger, the comparisons, and the differences they found."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from storefront.core.money import MoneyColumn
from storefront.reconciliation.kinds import Cause


class MirroredTransaction(models.Model):
    """One row of the partner's ledger, which has no ids: its content and the how-manieth it is.

    Two equal rows may both be real, and are occurrences 1 and 2 of one content. In the order of
    `created_at`, then of `id`, rows are as the partner lists them, the oldest first.
    """

    content = models.UUIDField()  # a hash of all the partner says of the row
    occurrence = models.PositiveIntegerField()
    type = models.CharField(max_length=40)
    # Exactly what the partner says, however many digits; negative when it was taken from us.
    amount = models.DecimalField(max_digits=28, decimal_places=8)
    balance_after = models.DecimalField(max_digits=28, decimal_places=8)
    currency = models.CharField(max_length=8)
    created_at = models.DateTimeField()
    order_id = models.CharField(max_length=64, blank=True)
    payment_method = models.CharField(max_length=80, blank=True)
    fee_amount = models.DecimalField(max_digits=28, decimal_places=8, null=True, blank=True)
    first_seen_at = models.DateTimeField()
    # Since when the partner lists it no more, though it lists what is around it.
    missing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["content", "occurrence"], name="one_mirror_per_occurrence"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["created_at", "id"], name="mirror_in_order"),
            models.Index(fields=["order_id"], name="mirror_by_order", condition=~Q(order_id="")),
            models.Index(
                fields=["missing_since"],
                name="mirror_missing",
                condition=Q(missing_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.amount.normalize():f} {self.currency}"


class Comparison(models.Model):
    """One attempt to hold the three books beside each other."""

    started_at = models.DateTimeField()
    # None while it goes on, and when its process was killed.
    finished_at = models.DateTimeField(null=True, blank=True)
    # Whoever asked for it: "beat", "command", a colleague's address.
    by = models.CharField(max_length=120)
    # Orders and payments younger than this were compared; older ones were before.
    since = models.DateTimeField()
    # What was compared: {orders, transactions, purchases, payments}.
    counts = models.JSONField(default=dict)
    # Why it came to no end, in words; nothing was concluded then.
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        get_latest_by = "started_at"
        permissions = (("compare_books", "Can have the books compared now"),)

    def __str__(self) -> str:
        return f"comparison of {self.started_at:%Y-%m-%d %H:%M}"


class Break(models.Model):
    """One difference between the books. Open until a comparison finds it gone, or until a person
    accepts it as it is, with a reason; an accepted one opens again when its amount changes.
    """

    kind = models.CharField(max_length=20, choices=Cause)
    # What it is about: an external id, the partner's order id, an order's number, a time.
    subject = models.CharField(max_length=120)
    order_number = models.CharField(max_length=20, blank=True)
    # What it comes to; above nothing when it is in our favour.
    amount = MoneyColumn()
    currency = models.CharField(max_length=8)
    # Both sides, in words.
    says = models.CharField(max_length=300)
    # When what it is about happened.
    at = models.DateTimeField()
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)
    # Why a person accepted it.
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        permissions = (("accept_break", "Can accept a difference between the books"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(closed_at=None),
                name="one_open_break_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by="", reason="")
                | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                name="closed_breaks_name_who",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "subject"], name="breaks_by_subject"),
            models.Index(fields=["found_at", "id"], name="breaks_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

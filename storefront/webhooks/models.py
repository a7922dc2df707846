"""The inboxes: the partner's events, of which only hash and order hints are kept, never codes; and
Stripe's, of which only names are kept.
"""

from typing import ClassVar

from django.db import models


class PartnerEvent(models.Model):
    """One genuine delivery. Key and body together tell repeats from changed copies."""

    class Status(models.TextChoices):
        """What became of it."""

        RECEIVED = "received", "Received"
        APPLIED = "applied", "Applied"  # the order was asked for
        IGNORED = "ignored", "Ignored"  # an event we have no use for
        PARKED = "parked", "Parked"  # no order of ours, even after waiting

    idempotency_key = models.UUIDField()
    body_hash = models.BinaryField()
    event = models.CharField(max_length=100)
    external_id = models.CharField(max_length=100, blank=True)
    partner_order_id = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    received_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["idempotency_key", "body_hash"], name="one_row_per_delivery"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], name="events_due", condition=models.Q(due_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.idempotency_key}"


class StripeEvent(models.Model):
    """One genuine event of Stripe's, however often it was delivered."""

    class Status(models.TextChoices):
        """What became of it."""

        RECEIVED = "received", "Received"
        APPLIED = "applied", "Applied"  # the payment was asked about, or locked
        IGNORED = "ignored", "Ignored"  # an event we have no use for
        PARKED = "parked", "Parked"  # no payment of ours, or one Stripe tells nothing about

    event_id = models.CharField(max_length=200, unique=True)
    type = models.CharField(max_length=100)
    session = models.CharField(max_length=200, blank=True)
    money = models.CharField(max_length=200, blank=True)
    object_status = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    received_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                name="stripe_events_due",
                condition=models.Q(due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class Refusal(models.Model):
    """What was refused within one hour for one reason: a count, and nothing of what was sent."""

    reason = models.CharField(max_length=120)
    status = models.PositiveSmallIntegerField()
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hour", "status", "reason"], name="one_refusal_per_hour_and_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status}: {self.reason}"

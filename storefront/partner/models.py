"""What all processes know together about the partner: what rests, and when the next call may go."""

from typing import ClassVar

from django.db import models


class Circuit(models.Model):
    """One capability of the partner. Open: its calls rest until a time, then a probe decides."""

    class Capability(models.TextChoices):
        """What fails together."""

        PLACE = "place", "Placing orders"
        READ = "read", "Reading orders"
        CATALOG = "catalog", "Reading the catalog"

    class Reason(models.TextChoices):
        """Why it is, or was last, open."""

        NONE = "", "Not open"
        THROTTLED = "throttled", "The partner asked us to slow down"
        UNREACHABLE = "unreachable", "The partner does not answer"
        CREDENTIALS = "credentials", "The partner refuses our credentials"
        CLOCK = "clock", "Our clock differs from the partner's"

    capability = models.CharField(max_length=10, primary_key=True, choices=Capability.choices)
    # Failures in a row.
    failures = models.PositiveSmallIntegerField(default=0)
    open_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(
        max_length=12, choices=Reason.choices, default=Reason.NONE, blank=True
    )
    detail = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(open_until=None) | ~models.Q(reason=""),
                name="open_circuits_say_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.capability}: {self.reason or 'closed'}"


class Budget(models.Model):
    """The one row of our own limit: when the next call may leave, over all processes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    next_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_budget")
        ]

    def __str__(self) -> str:
        return f"next call at {self.next_at}"

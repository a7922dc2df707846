"""What the partner said of our balance and when; whom to tell when it runs low; what was told."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models

from storefront.core.appendonly import AppendOnly
from storefront.core.money import MoneyColumn

_FIGURES = (
    "balance", "available", "reserved", "overdraft_limit", "claimed", "under_way",
)  # fmt: skip


class BalanceReading(AppendOnly):
    """One question about the balance: the partner's figures with ours beside them, or why there was
    no answer. Nothing is thinned: a year of them is a hundred thousand small rows.
    """

    at = models.DateTimeField(db_index=True)
    # Why the partner could not be asked, in words; then there are no figures.
    error = models.CharField(max_length=300, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    balance = MoneyColumn(null=True, blank=True)
    available = MoneyColumn(null=True, blank=True)
    reserved = MoneyColumn(null=True, blank=True)
    is_overdraft_allowed = models.BooleanField(default=False)
    overdraft_limit = MoneyColumn(null=True, blank=True)
    is_overdrafted = models.BooleanField(default=False)
    # Ours: what paid orders will still take, what orders the partner has will cost, and what the
    # balance less the reserved would be, had nothing but our purchases moved it since the last one.
    claimed = MoneyColumn(null=True, blank=True)
    under_way = MoneyColumn(null=True, blank=True)
    expected = MoneyColumn(null=True, blank=True)
    # Seconds the partner's clock was ahead of ours, as its answer said.
    clock_skew = models.IntegerField(null=True, blank=True)

    class Meta:
        permissions = (("view_finance", "Can read finance pages"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(error="", **{f"{name}__isnull": False for name in _FIGURES})
                & ~models.Q(currency="")
                | ~models.Q(error="")
                & models.Q(currency="", expected=None, **dict.fromkeys(_FIGURES)),
                name="readings_are_figures_or_errors",
            ),
        ]

    def __str__(self) -> str:
        return self.error or f"{self.available} {self.currency} available"

    @property
    def free(self) -> Decimal:
        """The balance less what is reserved; nothing where there was no answer."""
        return (self.balance or Decimal(0)) - (self.reserved or Decimal(0))


class Alerts(models.Model):
    """When whom to tell of the float; one row for the shop."""

    # Of what can be spent, in the partner's currency.
    threshold = MoneyColumn(null=True, blank=True)
    tells_of_overdraft = models.BooleanField(default=True)
    # Mail addresses, one a line.
    recipients = models.TextField(blank=True)
    locale = models.CharField(max_length=8, choices=settings.LANGUAGES, default="en")

    class Meta:
        verbose_name_plural = "alerts"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="alerts_are_one_row"),
            models.CheckConstraint(
                condition=models.Q(threshold=None) | models.Q(threshold__gte=0),
                name="thresholds_are_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"below {self.threshold}"


class AlertsChange(AppendOnly):
    """Who changed the alerts, from what to what."""

    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    before = models.JSONField()
    after = models.JSONField()

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d %H:%M}"


class Crossing(models.Model):
    """The float crossed a line, and came back or did not yet: each is told once."""

    class Kind(models.TextChoices):
        """Which line."""

        LOW = "low", "Below the threshold"
        OVERDRAFT = "overdraft", "In overdraft"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(ended_at=None), name="one_crossing_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.began_at:%Y-%m-%d %H:%M}"

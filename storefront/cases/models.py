"""The case: one thing about one subject that a person should look at, and what people say of it."""

from typing import ClassVar

from django.db import models

from storefront.core.appendonly import AppendOnly


class Case(models.Model):
    """Open until its cause ends or a person closes it; one open case per kind and subject."""

    kind = models.SlugField(max_length=40)
    # What it is about, in words staff can search for: an order number, an external id.
    subject = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(closed_at=None),
                name="one_open_case_per_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(closed_by="")),
                name="closed_cases_name_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class CaseNote(AppendOnly):
    """What somebody of the staff wrote about a case. Never a code."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(text=""), name="notes_say_something"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.text}"

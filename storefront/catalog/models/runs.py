"""What the syncs did, and what the catalog as a whole is."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from storefront.catalog.models.columns import json_column


class SyncRun(models.Model):
    """One attempt to take over the partner's catalog; it publishes all of it or nothing."""

    class Kind(models.TextChoices):
        """What was fetched."""

        FULL = "full", "Everything"
        # Between two full ones, every few minutes.
        LIGHT = "light", "Prices and stock"

    class Status(models.TextChoices):
        """How it went."""

        RUNNING = "running"
        PUBLISHED = "published"
        # Complete, but so different from what we have that staff must say yes.
        HELD = "held"
        FAILED = "failed"

    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # Who asked for it: "beat", "command", a colleague's address.
    by = models.CharField(max_length=120)
    # Staff's reason to publish what would be held.
    forced = models.CharField(max_length=300, blank=True)
    # Rows fetched and changed: {pages, products, skus, prices, added, changed, hidden, held ...}.
    counts = json_column()
    # While it is running: how far it is.
    progress = models.CharField(max_length=200, blank=True)
    # The names of the first rows it {added, changed, hidden}, and as it left them
    # {held: [{name, reason, old, new}]}; `terms` marks what prices followed from.
    details = json_column()
    # Why nothing was published, in words.
    error = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at"]
        get_latest_by = "started_at"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status="running", finished_at=None)
                | (~Q(status="running") & Q(finished_at__isnull=False)),
                name="finished_runs_have_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["running", "published"], error="")
                | (Q(status__in=["held", "failed"]) & ~Q(error="")),
                name="unpublished_runs_say_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} sync of {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> str:
        """What was to be taken over, in a word."""
        return "catalog" if self.kind == self.Kind.FULL else "prices"


# What is in `CatalogState.shelf`, by number: an older shelf is renewed by the next sync.
SHELF_FORM = 3


class CatalogState(models.Model):
    """The one row about the catalog as a whole, rewritten by every published run.

    Every SKU that is not held was in the pricelist of that run, so its price is as old as
    `priced_at` here: an unchanged catalog is confirmed by writing this row alone.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    # Grows with every published change: what is cached under an older number is out of date.
    version = models.PositiveBigIntegerField(default=0)
    # When the latest published run began to fetch.
    priced_at = models.DateTimeField(null=True, blank=True)
    # What the pages need beside products: {home: [id], types: [..], countries: [..],
    # categories: [{id, slug, parent, name_en, name_ru}], counts: [[category, type, country, n]],
    # synonyms: [[word, means, country]], common: [words that very many are found by],
    # brands: [words of brands]}, of visible products only.
    shelf = json_column()

    class Meta:
        verbose_name_plural = "catalog state"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="one_catalog_state")
        ]

    def __str__(self) -> str:
        return f"catalog version {self.version}"

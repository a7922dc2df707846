"""Rows every floor may need: how often somebody did something lately."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Allowance(models.Model):
    """How far somebody has used up what they may do. Of whom it speaks is kept as a hash alone."""

    key = models.CharField(max_length=64, primary_key=True)
    # When all of it is theirs again; a row whose time has come means nothing any more.
    whole_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"whole at {self.whole_at}"


class CacheEntry(models.Model):
    """One value of Django's cache, which keeps its rows by itself: all processes share them, and
    the broker may be down. Nothing here is worth anything after its time.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "core_cache"

    def __str__(self) -> str:
        return self.cache_key


class Measure(models.Model):
    """How long something took, over all processes and since the beginning; see `core.measures`."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    count = models.BigIntegerField()
    microseconds = models.BigIntegerField()
    # How many were at most so long, by `measures.BUCKETS`, each alone.
    buckets = ArrayField(models.BigIntegerField())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name", "label"], name="one_measure_per_label")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.label}: {self.count}"

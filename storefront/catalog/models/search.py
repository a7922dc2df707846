"""What the search knows beside the goods: other words for the same, and how words are spelled."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value

from storefront.catalog import words


class SearchSynonym(models.Model):
    """Whoever writes `word` may mean this; staff add what customers call things."""

    word = models.CharField(
        max_length=60,
        unique=True,
        help_text="What people write, up to three words, in any language.",
    )
    means = models.CharField(
        max_length=120, blank=True, help_text="Words as they stand in names or brands of goods."
    )
    country = models.CharField(
        max_length=2, blank=True, help_text="Or the two letters of a country, such as AE."
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["word"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(word=""), name="synonym_is_a_word"),
            models.CheckConstraint(
                condition=~Q(means="", country=""), name="synonym_means_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.means or self.country}"


class SearchWord(models.Model):
    """A word the search can find, folded; typing errors are put right by what sounds like it.

    Latin letters alone, since PostgreSQL compares parts of words by what its locale calls a letter.
    """

    word = models.CharField(max_length=400, primary_key=True)
    sound = models.GeneratedField(
        expression=Func(
            F("word"),
            Value(words.CYRILLIC),
            Value(words.LATIN),
            function="translate",
            output_field=models.CharField(max_length=400),
        ),
        output_field=models.CharField(max_length=400),
        db_persist=True,
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["sound"], opclasses=["gin_trgm_ops"], name="words_by_sound")
        ]

    def __str__(self) -> str:
        return self.word

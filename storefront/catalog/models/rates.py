"""Exchange rates: what one unit of a currency costs in another, since when, and who says so."""

from typing import ClassVar

from django.db import models


class ExchangeRate(models.Model):
    """One `base` is `rate` of `quote`, from the day `on`; the newest day counts."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    on = models.DateField()
    source = models.CharField(max_length=120, help_text="Where the rate is from, in words.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["base", "quote", "on"], name="one_rate_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_is_positive"),
            models.CheckConstraint(
                condition=~models.Q(base=models.F("quote")), name="rate_joins_two_currencies"
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.quote} ({self.on})"

"""Exchange rates: what one unit of a currency costs in another, since when, and who says so."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from storefront.core.money import is_currency


def known_currency(code: str) -> None:
    """Raises ValidationError for what is no currency."""
    if not is_currency(code.upper()):
        raise ValidationError("There is no such currency.")


class ExchangeRate(models.Model):
    """One `base` is `rate` of `quote`, from the day `on`; the newest day counts."""

    base = models.CharField(max_length=3, validators=[known_currency])
    quote = models.CharField(max_length=3, validators=[known_currency])
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    on = models.DateField()
    source = models.CharField(max_length=120, help_text="Where the rate is from, in words.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["base", "quote", "on"], name="one_rate_a_day"),
            models.CheckConstraint(
                condition=models.Q(rate__gt=0),
                name="rate_is_positive",
                violation_error_message="A rate is above zero.",
            ),
            models.CheckConstraint(
                condition=~models.Q(base=models.F("quote")),
                name="rate_joins_two_currencies",
                violation_error_message="A rate joins two different currencies.",
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.quote} ({self.on})"

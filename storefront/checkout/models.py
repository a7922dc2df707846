"""What customers agreed to."""

from typing import ClassVar

from django.db import models

from storefront.core.appendonly import AppendOnly
from storefront.orders.models import Order


class Consent(AppendOnly):
    """One ticked box: which text in which version and language, when and from where."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="consents")
    code = models.SlugField(max_length=20)
    version = models.CharField(max_length=20)
    text = models.TextField()
    at = models.DateTimeField()
    address = models.CharField(max_length=45)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "code"], name="one_consent_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version} for {self.order_id}"

"""What was delivered: sealed, and each look at it recorded."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from partner_api.secret import Secret
from storefront.core.appendonly import AppendOnly
from storefront.core.sealed import blind_index
from storefront.core.vault import SealedRow
from storefront.orders.goods import Goods
from storefront.orders.models.order import OrderLine


class Delivery(SealedRow):
    """One delivered unit. The code is cash: it is here only as ciphertext bound to this row."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="deliveries")
    # The purchase that brought it, and its place in the partner's answer.
    source = models.UUIDField()
    index = models.PositiveSmallIntegerField()
    # Equal for equal codes: the same code can never be delivered twice. None where there is none.
    code_index = models.BinaryField(null=True, unique=True)
    delivered_at = models.DateTimeField()
    # Set once the money is ours; before that nothing is shown.
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("source", "index")
        permissions = (("see_code", "Can see a customer's code, for a reason"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "index"], name="one_delivery_per_unit"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    @property
    def seal_context(self) -> str:
        """What the ciphertext is bound to."""
        return f"orders.delivery|{self.pk}|{self.index}|goods"

    def columns_beside(self, plain: Secret) -> dict[str, bytes | None]:
        """The code is known again under the new key."""
        identity = Goods.from_sealed_form(plain).identity
        return {"code_index": blind_index(identity) if identity else None}


class Reveal(AppendOnly):
    """Somebody saw a code: who, when, from where."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="reveals")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    address = models.CharField(max_length=45)
    user_agent = models.CharField(max_length=200)
    # Where it went: the page, a sheet to print, a file.
    channel = models.SlugField(max_length=10, default="page")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.delivery_id} by {self.by}"

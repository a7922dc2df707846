"""The eSIM a customer owns, what the partner last said of it, and what was added to it."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.urls import reverse

from partner_api.secret import Secret
from storefront.core.appendonly import AppendOnly
from storefront.core.sealed import blind_index, open_sealed
from storefront.core.vault import SealedRow
from storefront.esim.parts import Parts
from storefront.esim.states import State
from storefront.orders.models import Delivery, OrderLine


class Esim(SealedRow):
    """One delivered eSIM. Its ICCID and LPA string are here only as ciphertext bound to this row.

    Everything below `state` is what the partner last said, at `checked_at`; it is shown with its
    age and decides nothing about money.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="esim")
    # Equal for equal ICCIDs: nobody is given somebody else's. None where it did not come.
    iccid_index = models.BinaryField(null=True, unique=True)
    created_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State.choices, default=State.UNKNOWN)
    status_text = models.CharField(max_length=100, blank=True)
    can_renew = models.BooleanField(null=True)
    last_bundle = models.CharField(max_length=200, blank=True)
    # In `data_unit`; none where the partner gives no number, as for unlimited plans.
    data_total = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    data_remaining = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    data_unit = models.CharField(max_length=10, blank=True)
    packages = models.JSONField(default=list)
    coverage = models.JSONField(default=list)
    # When the last package ends, as far as it is known.
    ends_at = models.DateTimeField(null=True, blank=True)

    # When it last answered, when it was last asked, and when it is asked next; see `waits`.
    checked_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # Answers in a row that said nothing new, and questions in a row that had no answer.
    idle = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-created_at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="esims_have_known_states"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], name="esims_due", condition=models.Q(due_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"eSIM {self.pk}"

    def get_absolute_url(self) -> str:
        """The customer's page, in the reader's language."""
        return reverse("esim:detail", args=[self.pk])

    @property
    def seal_context(self) -> str:
        """What the ciphertext is bound to."""
        return f"esim.esim|{self.pk}|parts"

    @property
    def parts(self) -> Parts:
        """What installs it, in plain text. Raises sealed.CannotOpen."""
        return Parts.from_sealed_form(open_sealed(self.sealed, context=self.seal_context))

    def columns_beside(self, plain: Secret) -> dict[str, bytes | None]:
        """The ICCID is known again under the new key."""
        number = Parts.from_sealed_form(plain).number
        return {"iccid_index": blind_index(number) if number else None}


class Reading(AppendOnly):
    """What a question about an eSIM brought that was not known: for whoever helps its owner.

    Answers that say the same again are not kept, nor failures after the first one in a row: an eSIM
    is asked hundreds of times.
    """

    esim = models.ForeignKey(Esim, models.PROTECT, related_name="readings")
    at = models.DateTimeField()
    # The partner's words; empty when there was no answer.
    status_text = models.CharField(max_length=100, blank=True)
    data_remaining = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    data_total = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    data_unit = models.CharField(max_length=10, blank=True)
    # Why there was no answer, as the name of the failure.
    failure = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.failure or self.status_text


class TopUp(models.Model):
    """A line of an order that adds data to an eSIM instead of bringing a new one."""

    line = models.OneToOneField(
        OrderLine, models.PROTECT, primary_key=True, related_name="esim_top_up"
    )
    esim = models.ForeignKey(Esim, models.PROTECT, related_name="top_ups")

    def __str__(self) -> str:
        return f"top-up of {self.esim_id}"

"""What a payment can be. It never goes back."""

from django.db import models

from storefront.core.states import Moves


class Status(models.TextChoices):
    """Where a payment stands."""

    OPEN = "open", "Open"
    AUTHORISED = "authorised", "Held"
    CAPTURED = "captured", "Captured"
    VOIDED = "voided", "Released"
    DECLINED = "declined", "Declined"
    EXPIRED = "expired", "Expired"


MOVES: Moves = {
    Status.OPEN: frozenset({Status.AUTHORISED, Status.DECLINED, Status.EXPIRED}),
    Status.AUTHORISED: frozenset({Status.CAPTURED, Status.VOIDED}),
    Status.CAPTURED: frozenset(),
    Status.VOIDED: frozenset(),
    Status.DECLINED: frozenset(),
    Status.EXPIRED: frozenset(),
}


class EffectStatus(models.TextChoices):
    """Whether the provider has carried an effect out."""

    PENDING = "pending", "Pending"
    DONE = "done", "Done"

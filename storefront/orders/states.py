"""What an order can be, and which moves exist."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from storefront.core.states import Moves


class Status(models.TextChoices):
    """The status codes customers and scripts see."""

    AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
    PAID = "paid", _("Paid")
    PROCESSING = "processing", _("In progress")
    WAITING = "waiting", _("Waiting")
    CHECKING = "checking", _("Being checked")
    IN_REVIEW = "in_review", _("With our staff")
    COMPLETED = "completed", _("Completed")
    PARTIALLY_COMPLETED = "partially_completed", _("Partly completed")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDED = "refunded", _("Refunded")
    PARTIALLY_REFUNDED = "partially_refunded", _("Partly refunded")
    EXPIRED = "expired", _("Expired")


# Paid, and not yet settled: these move freely among themselves as the partner answers.
UNDER_WAY = frozenset(
    {Status.PAID, Status.PROCESSING, Status.WAITING, Status.CHECKING, Status.IN_REVIEW}
)
_SETTLED_BY_WORK = frozenset(
    {Status.COMPLETED, Status.PARTIALLY_COMPLETED, Status.FAILED, Status.REFUNDED}
)
_AFTER_DELIVERY = frozenset({Status.PARTIALLY_REFUNDED, Status.REFUNDED})

MOVES: Moves = {
    Status.AWAITING_PAYMENT: frozenset({Status.PAID, Status.CANCELLED, Status.EXPIRED}),
    **{status: (UNDER_WAY - {status, Status.PAID}) | _SETTLED_BY_WORK for status in UNDER_WAY},
    Status.COMPLETED: _AFTER_DELIVERY,
    Status.PARTIALLY_COMPLETED: _AFTER_DELIVERY,
    Status.PARTIALLY_REFUNDED: frozenset({Status.REFUNDED}),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.REFUNDED: frozenset(),
    Status.EXPIRED: frozenset(),
}
# Nothing more will happen by itself.
SETTLED = frozenset(Status) - UNDER_WAY - {Status.AWAITING_PAYMENT}


class Freeze(models.TextChoices):
    """Why codes that nobody saw yet are not shown any more."""

    DISPUTE = "dispute", "The customer's bank disputes the payment"
    WARNING = "warning", "The card's issuer suspects fraud"
    REFUNDING = "refunding", "The money is on its way back"
    REFUND = "refund", "The money was given back"
    HOLD_LOST = "hold_lost", "The held money was gone before it was taken"


# The money is not ours: these codes are never shown to that customer.
FOR_GOOD = frozenset({Freeze.REFUND, Freeze.HOLD_LOST})
# A person may find that the money is ours after all.
DOUBTED = frozenset({Freeze.DISPUTE, Freeze.WARNING})

"""What a payment can be. It never goes back.

    open ──> authorised ──> captured
      │           ├──> voided
      │           └──> lapsed
      ├──> declined, expired ──┐
      ├──> in_review ──────────┼──> unwanted ──> voided | returned
      └────────────────────────┘

Money may come after we closed a payment, twice for one order, or in another amount than was asked
for: it is not the order's, and goes back.
"""

from django.db import models

from storefront.core.states import Moves


class Status(models.TextChoices):
    """Where a payment stands."""

    OPEN = "open", "Open"
    AUTHORISED = "authorised", "Held"
    CAPTURED = "captured", "Captured"
    VOIDED = "voided", "Released"
    LAPSED = "lapsed", "Hold lost"  # the provider let go of the money before it was taken
    DECLINED = "declined", "Declined"
    EXPIRED = "expired", "Expired"
    IN_REVIEW = "in_review", "Before a person"  # what was paid is not what was asked for
    UNWANTED = "unwanted", "Going back"  # paid, and the order needs no money (any more)
    RETURNED = "returned", "Given back"  # what was taken for nothing


_NOT_OURS = frozenset({Status.IN_REVIEW, Status.UNWANTED})

MOVES: Moves = {
    Status.OPEN: frozenset({Status.AUTHORISED, Status.DECLINED, Status.EXPIRED}) | _NOT_OURS,
    Status.AUTHORISED: frozenset({Status.CAPTURED, Status.VOIDED, Status.LAPSED}),
    Status.DECLINED: _NOT_OURS,
    Status.EXPIRED: _NOT_OURS,
    Status.IN_REVIEW: frozenset({Status.UNWANTED}),
    Status.UNWANTED: frozenset({Status.VOIDED, Status.RETURNED}),
    Status.CAPTURED: frozenset(),
    Status.VOIDED: frozenset(),
    Status.LAPSED: frozenset(),
    Status.RETURNED: frozenset(),
}
# The customer may have paid without our knowing yet.
UNDECIDED = frozenset({Status.OPEN, Status.DECLINED, Status.EXPIRED})
# Work goes on by itself.
TENDED = frozenset({Status.OPEN, Status.UNWANTED})


class EffectStatus(models.TextChoices):
    """Whether the provider has carried an effect out."""

    PENDING = "pending", "Pending"
    DONE = "done", "Done"
    FAILED = "failed", "Refused"

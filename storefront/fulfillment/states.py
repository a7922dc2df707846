"""What a purchase can be.

    ready ──> sent ──> placed ──> completed | partial | failed
       │      │  ^       ^ │
       v      v  │       │ v
      held  in_doubt, held  in_review
              │
              v
     failed | not_placed

`sent` is committed before the call: from then on an order may exist at the partner, and a purchase
leaves the doubt only by an answer about its own external_id, by a refusal that a look-up confirms,
or by the waiting rule. A person may send what is in review back to work. Being asked again and
answering the same is no move.
"""

from django.db import models

from storefront.core.states import Moves


class Status(models.TextChoices):
    """Where a purchase stands."""

    READY = "ready", "Ready"  # nothing has left us
    SENT = "sent", "Sent"  # a call may be under way, or its process died
    IN_DOUBT = "in_doubt", "In doubt"  # whether the partner has it is being looked up
    HELD = "held", "Held"  # it was not taken now, or not offered: no funds, wrong credentials, ...
    PLACED = "placed", "Placed"  # the partner has it and works on it
    IN_REVIEW = "in_review", "In review"  # a person must look; it is asked for again only where due
    COMPLETED = "completed", "Completed"
    PARTIAL = "partial", "Partly completed"
    FAILED = "failed", "Failed"  # the partner said no, definitely
    NOT_PLACED = "not_placed", "Not placed"  # it never reached the partner, by the waiting rule


_ANSWERED = frozenset(
    {Status.PLACED, Status.COMPLETED, Status.PARTIAL, Status.FAILED, Status.IN_REVIEW}
)

MOVES: Moves = {
    Status.READY: frozenset({Status.SENT, Status.HELD, Status.IN_REVIEW}),
    Status.SENT: _ANSWERED | {Status.SENT, Status.IN_DOUBT, Status.HELD, Status.NOT_PLACED},
    Status.IN_DOUBT: _ANSWERED | {Status.SENT, Status.NOT_PLACED},
    Status.HELD: _ANSWERED | {Status.SENT, Status.NOT_PLACED},
    Status.PLACED: _ANSWERED - {Status.PLACED},
    Status.IN_REVIEW: _ANSWERED - {Status.IN_REVIEW} | {Status.SENT, Status.NOT_PLACED},
    Status.COMPLETED: frozenset(),
    Status.PARTIAL: frozenset(),
    Status.FAILED: frozenset(),
    Status.NOT_PLACED: frozenset(),
}
# The partner will bring nothing more.
FINAL = frozenset({Status.COMPLETED, Status.PARTIAL, Status.FAILED, Status.NOT_PLACED})
# Work may continue by itself, when it is due.
ACTIVE = frozenset(Status) - FINAL

# The partner's words for an order, as far as we know them.
UNDER_WAY = frozenset({"created", "processing"})
WITH_GOODS = frozenset({"completed", "partially_completed"})
WITHOUT_GOODS = frozenset({"failed", "cancelled"})

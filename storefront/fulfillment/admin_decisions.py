"""What staff may do about one purchase now: only what the protocol allows in its state."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now

from storefront.core.deeds import Deed, choose
from storefront.fulfillment import explaining
from storefront.fulfillment.actions import reviewing
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import ACTIVE, Status

# Name: label, preview, and who does it.
_DEEDS: dict[str, tuple[str, str, reviewing.Decision]] = {
    "look_up": (
        "Look up now",
        (
            "The partner is asked about this order now instead of later. It is sent again only"
            " where the protocol allows it anyway: nothing is bought twice."
        ),
        reviewing.look_up,
    ),
    "ask_again": (
        "Ask the partner again",
        (
            "It goes back to work: the partner is asked by our id. What the partner answers now"
            " counts, and what is still wrong comes back here."
        ),
        reviewing.ask_again,
    ),
    "give_up": (
        "Give up and return the money",
        (
            "The purchase has failed for good and the customer gets its price back. Whatever the"
            " partner still brings is never shown. This can't be undone."
        ),
        reviewing.give_up,
    ),
}


def possible(purchase: Purchase) -> list[str]:
    """The deeds the protocol allows in this state."""
    if purchase.status == Status.IN_REVIEW:
        return ["ask_again", "give_up"]
    return ["look_up"] if purchase.status in ACTIVE and purchase.due_at else []


def decide(request: HttpRequest, purchase: Purchase, context: dict[str, Any]) -> HttpResponse:
    """The form, and the deed. The caller asked for the right."""

    def done(decision: reviewing.Decision, reason: str) -> None:
        decision(purchase_id=purchase.pk, reason=reason, by=str(request.user), now=now())

    deeds = {
        name: Deed(label, says, partial(done, decision))
        for name, (label, says, decision) in _DEEDS.items()
        if name in possible(purchase)
    }
    explained = explaining.in_words(purchase, now=now())
    context |= {
        "title": f"Decide about {purchase.external_id}",
        "explained": f"{purchase.get_status_display()}. {explained}",
    }
    back = reverse("admin:fulfillment_purchase_change", args=[purchase.pk])
    return choose(request, deeds=deeds, back=back, context=context)

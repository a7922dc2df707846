"""What staff may do about one purchase now: which deed, why, what it would do, and then the deed.

Only what the protocol allows is offered, and the deeds ask again: what is shown may be old.
"""

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from storefront.core import states
from storefront.fulfillment import explaining
from storefront.fulfillment.actions import reviewing
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import ACTIVE, Status


class Deed(NamedTuple):
    """One thing to do; `says` is its preview."""

    label: str
    says: str
    do: reviewing.Decision


DEEDS = {
    "look_up": Deed(
        "Look up now",
        "The partner is asked about this order now instead of later. It is sent again only where"
        " the protocol allows it anyway: nothing is bought twice.",
        reviewing.look_up,
    ),
    "ask_again": Deed(
        "Ask the partner again",
        "It goes back to work: the partner is asked by our id. What the partner answers now counts,"
        " and what is still wrong comes back here.",
        reviewing.ask_again,
    ),
    "give_up": Deed(
        "Give up and return the money",
        "The purchase has failed for good and the customer gets its price back. Whatever the"
        " partner still brings is never shown. This can't be undone.",
        reviewing.give_up,
    ),
}


class DecisionForm(forms.Form):
    """Which deed, and why."""

    deed = forms.ChoiceField(label="What to do", widget=UnfoldAdminRadioSelectWidget)
    reason = forms.CharField(
        label="Why",
        min_length=5,
        max_length=200,
        help_text="It stands in the purchase's history with your name. Never paste a code.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, deeds: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, DEEDS[name].label) for name in deeds]
        self.fields["deed"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


def possible(purchase: Purchase) -> list[str]:
    """The deeds the protocol allows in this state."""
    if purchase.status == Status.IN_REVIEW:
        return ["ask_again", "give_up"]
    return ["look_up"] if purchase.status in ACTIVE and purchase.due_at else []


def decide(request: HttpRequest, purchase: Purchase, context: dict[str, Any]) -> HttpResponse:
    """The form, and the deed. The caller asked for the right."""
    form = DecisionForm(possible(purchase), request.POST or None)
    if request.method == "POST" and form.is_valid():
        deed = DEEDS[form.cleaned_data["deed"]]
        try:
            deed.do(
                purchase_id=purchase.pk,
                reason=form.cleaned_data["reason"],
                by=str(request.user),
                now=now(),
            )
        except states.NotAllowed:
            messages.warning(request, "It stands elsewhere by now: nothing was done.")
        else:
            messages.success(request, f"{deed.label}: done.")
        return redirect(reverse("admin:fulfillment_purchase_change", args=[purchase.pk]))
    context |= {
        "title": f"Decide about {purchase.external_id}",
        "purchase": purchase,
        "form": form,
        "deeds": [DEEDS[name] for name in possible(purchase)],
        "explained": explaining.in_words(purchase, now=now()),
    }
    return render(request, "fulfillment/admin/decide.html", context)

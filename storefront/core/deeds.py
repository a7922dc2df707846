"""A page on which staff do one of a few things to one thing: each says what it would do, and a
reason is asked for.

Only what is allowed now is offered, and the deeds ask again: what is shown may be old.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from storefront.core import states


class Deed(NamedTuple):
    """One thing to do; `says` is its preview, and `do` is told the reason."""

    label: str
    says: str
    do: Callable[[str], object]


class DeedForm(forms.Form):
    """Which deed, and why."""

    deed = forms.ChoiceField(label="What to do", widget=UnfoldAdminRadioSelectWidget)
    reason = forms.CharField(
        label="Why",
        min_length=5,
        max_length=200,
        help_text="It stands in the history with your name. Never paste a code.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, deeds: Mapping[str, Deed], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, deed.label) for name, deed in deeds.items()]
        self.fields["deed"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


def choose(
    request: HttpRequest, *, deeds: Mapping[str, Deed], back: str, context: dict[str, Any]
) -> HttpResponse:
    """The form, and the deed. The caller asked for the right and tells `title` and `explained`."""
    form = DeedForm(deeds, request.POST or None)
    if request.method == "POST" and form.is_valid():
        deed = deeds[form.cleaned_data["deed"]]
        try:
            deed.do(form.cleaned_data["reason"])
        except states.NotAllowed:
            messages.warning(request, "It stands elsewhere by now: nothing was done.")
        else:
            messages.success(request, f"{deed.label}: done.")
        return redirect(back)
    context |= {"form": form, "deeds": list(deeds.values()), "back": back}
    return render(request, "staff/deeds.html", context)

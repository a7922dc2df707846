"""What customers tell us about orders."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindForm(forms.Form):
    """Which order, and the address it was made with."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Give the address you used for the order."),
            "invalid": _("This does not look like an e-mail address."),
        },
    )
    number = forms.CharField(
        label=_("Order number"),
        max_length=40,
        help_text=_("Twelve letters and digits, as in K7QF-3M9D-XA4T."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Give the number from the mail.")},
    )


REASONS = {
    "used": _("It was used before"),
    "invalid": _("It is not accepted"),
    "amount": _("The amount is wrong"),
    "region": _("It is for another country"),
    "other": _("Something else"),
}


class ProblemForm(forms.Form):
    """What is wrong with a code. The code itself need not be told, and is taken out where it is."""

    reason = forms.ChoiceField(choices=list(REASONS.items()))
    words = forms.CharField(max_length=200, required=False)

"""The checkout's one form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from storefront.checkout.consents import TEXTS


class CheckoutForm(forms.Form):
    """Where the order goes, and the consents the law asks for."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We send the link to your order here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Give the address we should write to."),
            "invalid": _("This does not look like an e-mail address."),
        },
    )
    consent_start = forms.BooleanField(
        label=TEXTS["start"],
        error_messages={"required": _("We can only deliver at once if you agree.")},
    )
    consent_withdrawal = forms.BooleanField(
        label=TEXTS["withdrawal"],
        error_messages={"required": _("Please confirm that you know this.")},
    )

    def clean_email(self) -> str:
        """Addresses are compared in lower case."""
        return str(self.cleaned_data["email"]).lower()

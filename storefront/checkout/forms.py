"""The checkout's one form."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_api.secret import Secret
from storefront.cart.queries import Cart
from storefront.checkout.consents import TEXTS

TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


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

    # Both come back as the page wrote them and are compared, never used: which page this is, so
    # that a second click on it means the same order, and what its reader saw.
    attempt = forms.Field(required=False, widget=forms.HiddenInput)
    shown = forms.Field(required=False, widget=forms.HiddenInput)

    @property
    def token(self) -> Secret | None:
        """The page's own token, if it is one."""
        text = str(self["attempt"].value() or "")
        return Secret(text) if TOKEN.fullmatch(text) else None

    def showed(self, cart: Cart) -> bool:
        """Whether the reader saw this cart; a form without any of ours came from no page."""
        seen = str(self["shown"].value() or "")
        return seen == cart.digest or not (seen or self["attempt"].value())

    def clean_email(self) -> str:
        """Addresses are compared in lower case."""
        return str(self.cleaned_data["email"]).lower()

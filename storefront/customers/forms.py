"""Signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """Where the code goes."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We send a code to it. There is no password to remember."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Give the address we should write to."),
            "invalid": _("This does not look like an e-mail address."),
        },
    )


class CodeForm(forms.Form):
    """The code from the mail, however it is spaced."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Give the six digits from the mail.")},
    )

    def clean_code(self) -> str:
        """Its digits."""
        return "".join(filter(str.isdecimal, str(self.cleaned_data["code"])))

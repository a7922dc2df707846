"""What a person writes when taking a difference as it is."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AcceptForm(forms.Form):
    """Why it is accepted: kept with the difference for whoever asks later."""

    reason = forms.CharField(
        label=_("Why it is accepted"),
        help_text=_("What the partner answered, or who knows about it. Never a code."),
        max_length=300,
        strip=True,
    )

"""What finance tunes in the page."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

MOST_RECIPIENTS = 10


class AlertsForm(forms.Form):
    """When whom to tell. `recipients` is cleaned to a list of addresses."""

    threshold = forms.DecimalField(
        label=_("Tell when less than this can be spent"),
        help_text=_("In the partner's currency. Empty: nobody is told."),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    tells_of_overdraft = forms.BooleanField(
        label=_("Tell when the balance goes below zero"), required=False
    )
    recipients = forms.CharField(
        label=_("Whom to tell by mail"),
        help_text=_("One address a line, ten at most. Empty: only the inbox shows it."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    locale = forms.ChoiceField(label=_("Language of these mails"), choices=settings.LANGUAGES)

    def clean_recipients(self) -> list[str]:
        """Each address once, in the order given."""
        given: dict[str, Any] = dict.fromkeys(self.cleaned_data["recipients"].split())
        if len(given) > MOST_RECIPIENTS:
            raise ValidationError(_("Ten addresses at most."))
        for address in given:
            try:
                validate_email(address)
            except ValidationError as error:
                words = _("“%(address)s” does not look like an e-mail address.")
                raise ValidationError(words % {"address": address[:60]}) from error
        return list(given)

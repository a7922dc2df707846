"""What finance tunes in the page."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

MOST_RECIPIENTS = 10
MONTH = timedelta(days=29)


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


class MarginForm(forms.Form):
    """What of the margins is asked for. Nonsense in what the pages themselves write is none."""

    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    category = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=-1)
    product = forms.UUIDField(required=False, widget=forms.HiddenInput)
    order = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            raise ValidationError(_("The first day comes after the last."))
        return given

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day; the last month where none are given or they make no sense."""
        given = self.cleaned_data if self.is_valid() else {}
        until = given.get("until") or max(today, given.get("since") or today)
        return given.get("since") or until - min(MONTH, until - date.min), until

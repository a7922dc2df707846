"""What a visitor may ask of the cart."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from storefront.catalog.forms import AmountField
from storefront.catalog.queries.offers import LARGEST_QUANTITY


class SentOnce(forms.TextInput):
    """A value that came once: of several under one name, none is what the visitor meant."""

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Any:  # noqa: ARG002  Django's signature
        """The value; several become one text that is neither a number nor an id."""
        if not isinstance(data, MultiValueDict):
            return data.get(name)
        return " ".join(data.getlist(name))


class PlainInteger(forms.IntegerField):
    """An integer in the digits of a keyboard: `１` and `1_0` are numbers to Python, not to us."""

    widget = SentOnce
    default_error_messages = {"invalid": _("Give a whole number.")}  # noqa: RUF012  Django's way

    def to_python(self, value: object) -> int | None:
        """The number, or the field's own complaint."""
        text = str(value or "").strip()
        if text and not (text.isascii() and text.isdigit()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class OwnFieldsOnly(forms.Form):
    """A form that takes what it asked for and nothing else: a price that comes along was put there
    by somebody who means to pay it."""

    def clean(self) -> dict[str, Any]:
        """What was given. Refused whole when something else came with it."""
        cleaned = super().clean() or self.cleaned_data
        known = {self.add_prefix(name) for name in self.fields} | {"csrfmiddlewaretoken"}
        if set(self.data) - known:
            raise forms.ValidationError(
                _("Something in this form is not ours. Load the page again and try once more."),
                code="foreign",
            )
        return cleaned


class QuantityForm(OwnFieldsOnly):
    """How many."""

    quantity = PlainInteger(
        label=_("Quantity"),
        min_value=1,
        max_value=LARGEST_QUANTITY,
        error_messages={
            "required": _("Say how many."),
            "min_value": _("At least one."),
            "max_value": _("At most %(limit_value)s at once."),
        },
    )


class AddForm(QuantityForm):
    """Which, and how many; of a SKU of any amount also for how much."""

    sku = forms.UUIDField(
        widget=SentOnce,
        error_messages={
            "required": _("Choose what to buy."),
            "invalid": _("Choose one of the options."),
        },
    )
    amount = AmountField(required=False, widget=SentOnce)

    @property
    def wish(self) -> dict[str, Any]:
        """What `actions.add` is to be told."""
        return {
            "sku_id": self.cleaned_data["sku"],
            "quantity": self.cleaned_data["quantity"],
            "amount": self.cleaned_data["amount"],
        }


class ConfirmForm(OwnFieldsOnly):
    """Yes to what the page showed; `shown` is the cart's digest, compared and never used."""

    shown = forms.CharField(max_length=64, widget=SentOnce)

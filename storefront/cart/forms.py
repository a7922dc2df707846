"""What a visitor may ask of the cart."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

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


class QuantityForm(forms.Form):
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
    """Which, and how many."""

    sku = forms.UUIDField(
        widget=SentOnce,
        error_messages={
            "required": _("Choose what to buy."),
            "invalid": _("Choose one of the options."),
        },
    )

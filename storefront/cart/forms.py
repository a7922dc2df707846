"""What a visitor may ask of the cart."""

from django import forms
from django.utils.translation import gettext_lazy as _

from storefront.catalog.queries.offers import LARGEST_QUANTITY


class PlainInteger(forms.IntegerField):
    """An integer in the digits of a keyboard: `１` and `1_0` are numbers to Python, not to us."""

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
        error_messages={
            "required": _("Choose what to buy."),
            "invalid": _("Choose one of the options."),
        }
    )

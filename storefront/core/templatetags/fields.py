"""`{% widget field "checkout-email" %}`: a form field's input, tied to its hint and its errors."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

RECIPIENT = "field-"
# Ends the name of the country beside a phone number.
COUNTRY = "--country"


@register.simple_tag
def widget(field: BoundField, testid: str = "", **attributes: str) -> SafeString:
    """The input itself; further attributes are written with underscores for hyphens.

    A wrong field names its errors as its description, so they are read out on arrival.
    """
    attrs: dict[str, str | bool] = {
        name.replace("_", "-"): value for name, value in attributes.items()
    }
    if testid:
        attrs["data-testid"] = testid
    described = [f"{field.auto_id}-hint"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}-error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.filter
def hook(field: BoundField) -> str:
    """What tests call a checkout field: `field-12-phone` is `checkout-field-phone`."""
    if field.name.endswith(COUNTRY):
        return "checkout-country"
    if field.name.startswith(RECIPIENT):
        return "checkout-field-" + field.name.split("-", 2)[-1]
    if field.name.startswith("consent"):
        return "checkout-consent"
    return f"checkout-{field.name}"

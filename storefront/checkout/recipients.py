"""Whom goods are for: the fields of the checkout's form, and what was typed into them made what the
partner takes. What the partner would refuse after the payment is refused here, in words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from storefront.cart.queries import Cart, CartLine
from storefront.catalog.countries import country_name
from storefront.catalog.queries import fields_of
from storefront.catalog.recipients import Kind, RecipientField
from storefront.checkout import phones
from storefront.core.templatetags.fields import COUNTRY

LONGEST = 200
_DIGITS = re.compile(r"[0-9]{1,20}(\.[0-9]{1,10})?\Z")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing asked for one line; `name` is the form's."""

    line: CartLine
    field: RecipientField
    name: str

    @property
    def is_phone(self) -> bool:
        """Whether a country stands beside it."""
        return self.field.kind == Kind.PHONE

    @property
    def country_name(self) -> str:
        """What the form calls the country beside it."""
        return self.name + COUNTRY

    def shown(self, value: str) -> str:
        """The answer as it is read back: numbers in groups, choices by what they are called."""
        if self.is_phone:
            return phones.grouped(value)
        return dict(self.field.options).get(value, value)


def questions(cart: Cart) -> list[Question]:
    """What has to be asked for this cart, line by line."""
    return [
        Question(line=line, field=field, name=f"field-{number}-{field.code}")
        for number, line in enumerate(cart.lines, 1)
        if line.offer
        for field in fields_of(line.offer.product)
    ]


def form_fields(question: Question) -> Iterator[tuple[str, forms.Field]]:
    """The field, after its country if it is a phone number; filled as the line remembers."""
    field = question.field
    before = question.line.fields.get(field.code)
    if question.is_phone:
        country = forms.ChoiceField(
            label=_("Country"),
            choices=_countries(),
            initial=field.country if field.country in phones.DIAL_CODES else "US",
            required=False,
        )
        yield question.country_name, country
    if field.options:
        choices = [("", _("Choose…")), *field.options]
        asked: forms.Field = forms.ChoiceField(choices=choices, initial=before)
        asked.error_messages |= {"invalid_choice": _("Choose one of the list.")}
    else:
        asked = forms.CharField(max_length=LONGEST, initial=before, widget=_widget(field))
    asked.label = field.label
    asked.required = field.required
    asked.error_messages["required"] = _required(field)
    if question.is_phone:
        asked.help_text = _("With the country code, or as it is dialled at home.")
    if not field.required:
        asked.label = _("%(label)s (optional)") % {"label": field.label}
    yield question.name, asked


def answer(question: Question, typed: str, country: str) -> str:
    """What the partner is told. Raises ValidationError, in words."""
    field, text = question.field, typed.strip()
    if not text:
        return ""
    if not text.isprintable():
        raise forms.ValidationError(_("There is something in it that nobody can read."))
    if question.is_phone:
        return _phone(field, text, country)
    if field.least is not None or field.most is not None:
        _must_be_within(field, text)
    _must_be_long_enough(field, text)
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise forms.ValidationError(
            _("This is not how it is written. Copy it again from where you have it.")
        )
    if "email" in field.code.lower():
        validate_email(text)
    return text


def _phone(field: RecipientField, text: str, country: str) -> str:
    number = phones.international(text, country or field.country)
    if number is None:
        raise forms.ValidationError(
            _("This is no phone number. Write it in digits, with the country code.")
        )
    for spelling in phones.spellings(number, country or field.country):
        is_long_enough = (field.shortest or 0) <= len(spelling) <= (field.longest or LONGEST)
        if is_long_enough and (not field.pattern or re.fullmatch(field.pattern, spelling)):
            return spelling
    raise forms.ValidationError(
        _("This number can't be topped up here: %(number)s. Check its country and its digits.")
        % {"number": phones.grouped(number)}
    )


def _must_be_within(field: RecipientField, text: str) -> None:
    try:
        number = Decimal(text) if _DIGITS.match(text) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_nan():
        raise forms.ValidationError(_("Give a number in digits."))
    if field.least is not None and number < field.least:
        raise forms.ValidationError(_("At least %(least)s.") % {"least": field.least})
    if field.most is not None and number > field.most:
        raise forms.ValidationError(_("At most %(most)s.") % {"most": field.most})


def _must_be_long_enough(field: RecipientField, text: str) -> None:
    if field.shortest is not None and len(text) < field.shortest:
        raise forms.ValidationError(
            _("Too short: it has at least %(count)s characters.") % {"count": field.shortest}
        )
    if field.longest is not None and len(text) > field.longest:
        raise forms.ValidationError(
            _("Too long: it has at most %(count)s characters.") % {"count": field.longest}
        )


def _required(field: RecipientField) -> str:
    if field.kind == Kind.PHONE:
        return _("Give the phone number it is for.")
    if field.options:
        return _("Choose one of the list.")
    return _("Fill this in: the goods can't be delivered without it.")


def _widget(field: RecipientField) -> forms.TextInput:
    attrs: dict[str, Any] = {"autocomplete": "off", "spellcheck": "false"}
    if field.kind == Kind.PHONE:
        return forms.TextInput({**attrs, "type": "tel", "inputmode": "tel", "autocomplete": "tel"})
    if field.least is not None or field.most is not None:
        attrs["inputmode"] = "decimal"
    return forms.TextInput(attrs)


def _countries() -> list[tuple[str, str]]:
    language = get_language() or "en"
    named = [
        (code, f"{country_name(code, language)} +{dial}")
        for code, dial in phones.DIAL_CODES.items()
    ]
    return sorted(named, key=lambda pair: pair[1])

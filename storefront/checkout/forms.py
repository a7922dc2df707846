"""The checkout's one form."""

import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_api.secret import Secret
from storefront.cart.forms import OwnFieldsOnly
from storefront.cart.queries import Cart
from storefront.checkout.addresses import suggestion
from storefront.checkout.consents import TEXTS
from storefront.checkout.recipients import Question, answer, form_fields, questions

TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
_BUTTONS = ("change", "correct")


def digest(told: list[str]) -> str:
    """What stands for texts that were read back."""
    return sha256("\n".join(told).encode()).hexdigest()


class CheckoutForm(OwnFieldsOnly):
    """Where the order goes, whom its lines are for, and the consents the law asks for."""

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

    # They come back as the page wrote them and are compared, never used: which page this is, so
    # that a second click on it means the same order; what its reader saw of the cart; and of what
    # was typed.
    attempt = forms.Field(required=False, widget=forms.HiddenInput)
    shown = forms.Field(required=False, widget=forms.HiddenInput)
    reviewed = forms.Field(required=False, widget=forms.HiddenInput)
    # Buttons beside the one that orders: back to the fields, and back with the address corrected.
    change = forms.Field(required=False, widget=forms.HiddenInput)
    correct = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cart: Cart, **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = questions(cart)
        for question in self.questions:
            self.fields.update(dict(form_fields(question)))

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

    def clean(self) -> dict[str, Any]:
        """The answers as the partner takes them."""
        cleaned = super().clean()
        for question in self.questions:
            typed = cleaned.get(question.name)
            if typed is None or question.field.options:
                continue
            try:
                country = str(cleaned.get(question.country_name) or "")
                cleaned[question.name] = answer(question, str(typed), country)
            except forms.ValidationError as error:
                self.add_error(question.name, error)
        return cleaned

    @property
    def suggestion(self) -> str:
        """The address that was probably meant, or nothing."""
        return suggestion(str(self["email"].value() or ""))

    @property
    def review(self) -> str:
        """What has to be read back before it is paid for, as a digest; nothing when nothing has.

        Of a valid form: whom goods are for, and an address that looks mistyped.
        """
        told = [
            f"{question.name} {self.cleaned_data[question.name]}" for question in self.questions
        ]
        told += [self.cleaned_data["email"]] if self.suggestion else []
        return digest(told) if told else ""

    @property
    def is_reviewed(self) -> bool:
        """Whether just this was read back to whoever sends it."""
        return self.review in {"", str(self["reviewed"].value() or "")}

    @property
    def goes_back(self) -> bool:
        """Whether the fields are wanted once more, and no order."""
        return any(self[button].value() for button in _BUTTONS)

    def again(self, cart: Cart) -> "CheckoutForm":
        """The form as it was filled in, without complaints; its address corrected if that was
        wanted."""
        typed = {name: self[name].value() for name in self.fields if name not in _BUTTONS}
        if self["correct"].value() and self.suggestion:
            typed["email"] = self.suggestion
        return CheckoutForm(initial=typed, cart=cart)

    def kept(self) -> dict[str, str]:
        """What a page that reads it back must send once more."""
        names = [name for name in self.fields if name not in {*_BUTTONS, "reviewed"}]
        typed = {name: self[name].value() for name in names}
        sent = {name: "on" if value is True else value for name, value in typed.items() if value}
        return {**sent, "reviewed": self.review}

    @property
    def answers(self) -> list[tuple[Question, str]]:
        """What was answered, for reading it back."""
        told = ((question, self.cleaned_data[question.name]) for question in self.questions)
        return [(question, value) for question, value in told if value]

    def filled(self, cart: Cart) -> Cart:
        """The cart with the answers on its lines."""
        fields: dict[Any, dict[str, str]] = {}
        for question, value in self.answers:
            fields.setdefault(question.line.id, {})[question.field.code] = value
        lines = [replace(line, fields=fields.get(line.id, {})) for line in cart.lines]
        return replace(cart, lines=lines)

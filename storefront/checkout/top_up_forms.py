"""The form that adds data to an eSIM: a package, and the consents the law asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_api.secret import Secret
from storefront.catalog.queries import Offer
from storefront.checkout.consents import TEXTS
from storefront.checkout.forms import TOKEN


class TopUpForm(forms.Form):
    """`attempt` and `shown` come back as the page wrote them and are compared, never used."""

    sku = forms.ChoiceField(
        error_messages={
            "required": _("Choose a package."),
            "invalid_choice": _("This package can't be added now. Choose another one."),
        }
    )
    consent_start = forms.BooleanField(
        label=TEXTS["start"],
        error_messages={"required": _("We can only deliver at once if you agree.")},
    )
    consent_withdrawal = forms.BooleanField(
        label=TEXTS["withdrawal"],
        error_messages={"required": _("Please confirm that you know this.")},
    )
    attempt = forms.RegexField(regex=TOKEN, widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: object, offers: list[Offer], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed through as given
        self.offers = {str(offer.sku.pk): offer for offer in offers}
        choices = [(key, key) for key in self.offers]
        self.fields["sku"] = forms.ChoiceField(
            choices=choices, error_messages=self.fields["sku"].error_messages
        )

    @property
    def token(self) -> Secret | None:
        """The page's own token, if it is one."""
        text = str(self["attempt"].value() or "")
        return Secret(text) if TOKEN.fullmatch(text) else None

    @property
    def chosen(self) -> str:
        """The package that is ticked."""
        return str(self["sku"].value() or "")

    @property
    def offer(self) -> Offer:
        """The package of a valid form."""
        return self.offers[self.cleaned_data["sku"]]

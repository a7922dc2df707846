"""What strangers write into addresses and forms, made harmless."""

import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from storefront.catalog.amounts import LONGEST as LONGEST_AMOUNT
from storefront.catalog.amounts import read_amount
from storefront.catalog.queries import Filters, NotBuyable
from storefront.catalog.queries.listing import BEST, SORTS

LONGEST = {"q": 100, "after": 4000}
LONGEST_OTHER = 120
LARGEST_PRICE = Decimal(1_000_000)


def read_filters(query: Mapping[str, str]) -> tuple[Filters, tuple[str, ...]]:
    """The filters of a query string, and the names of those that say nothing we understand.

    Control characters go, what is too long is cut; two prices the wrong way round are swapped.
    """
    texts = {field.name: _clean(query.get(field.name, ""), field.name) for field in fields(Filters)}
    asked = {name for name, text in texts.items() if text}
    low, high = (_price(texts[name]) for name in ("price_min", "price_max"))
    if low is not None and high is not None and low > high:
        low, high = high, low
    texts |= {"price_min": _plain(low), "price_max": _plain(high)}
    texts["country"] = texts["country"].upper()
    if texts["sort"] not in {BEST, *SORTS}:
        texts["sort"] = ""
    return Filters(**texts), tuple(sorted(name for name in asked if not texts[name]))


def _price(text: str) -> Decimal | None:
    """An amount as the reader's language writes it; None for anything else."""
    try:
        value = read_amount(text, get_language() or "en").quantize(Decimal("0.01"))
    except (NotBuyable, InvalidOperation):
        return None
    return value if value <= LARGEST_PRICE else None


def _plain(price: Decimal | None) -> str:
    if price is None:
        return ""
    return f"{price:.0f}" if price == price.to_integral_value() else str(price)


def _clean(text: str, name: str) -> str:
    seen = "".join(c if not unicodedata.category(c).startswith("C") else " " for c in text)
    return " ".join(seen.split())[: LONGEST.get(name, LONGEST_OTHER)].strip()


class AmountField(forms.CharField):
    """An amount of face money as the reader's language writes it: a Decimal, or None for nothing.

    Whether that much may be bought is not its question: see `queries.buyable_sku`.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **options: object) -> None:
        super().__init__(**{"label": _("Amount"), "max_length": LONGEST_AMOUNT} | options)  # type: ignore[arg-type]  # passed through as given

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]  # text becomes a number
        """Complains in the words of the refusal."""
        text = str(value or "")
        if not text.strip():
            return None
        try:
            return read_amount(text, get_language() or "en")
        except NotBuyable as refused:
            raise forms.ValidationError(str(refused), code=refused.reason.value) from None

    def run_validators(self, value: object) -> None:
        """Those of texts do not fit a number; `to_python` has looked at everything."""


class PriceForm(forms.Form):
    """What would so much of it cost?"""

    sku = forms.UUIDField()
    amount = AmountField(required=False)
    # Shown again as it came; the price is that of one.
    quantity = forms.CharField(required=False)

"""Amounts and choices as short words. Pure."""

from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern
from django.utils.translation import gettext as _

from storefront.catalog.models import Product, Sku
from storefront.core.money import decimals, quantize


@lru_cache(maxsize=4096)
def short_money(amount: Decimal, currency: str, language: str) -> str:
    """`$25`, `$2.50`, `25 $`: like a price, but without the zeros of a round sum."""
    exact = quantize(amount, currency)
    digits = 0 if exact == exact.to_integral_value() else decimals(currency)
    locale, pattern = _pattern(language, digits)
    return str(pattern.apply(exact, locale, currency=currency, currency_digits=False))


@cache
def _pattern(language: str, digits: int) -> tuple[Locale, NumberPattern]:
    """How the language writes money with so many digits after the point."""
    locale = Locale.parse(language.replace("-", "_"))
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    return locale, pattern


def denomination(low: Decimal | None, high: Decimal | None, currency: str, language: str) -> str:
    """What the cards of a product are worth: `$25`, `$10 – $200`, or nothing."""
    if low is None or high is None:
        return ""
    ends = [short_money(end, currency, language) for end in (low, high)]
    return ends[0] if low == high else " – ".join(ends)


def choice(sku: Sku, language: str, *, of: str) -> str:
    """What one chooses by: the face value, or of a name what it says beyond the product's, `of`."""
    if sku.denomination_type == "custom":
        return _("Any amount")
    if sku.face_value is None:
        return sku.name.removeprefix(of).lstrip(" ,:|-–—") or sku.name
    return short_money(sku.face_value, sku.face_currency, language)


def face(sku: Sku, language: str) -> str:
    """The face value with its currency's code, for signs that several currencies share."""
    return "" if sku.face_value is None else amount(sku.face_value, sku.face_currency, language)


def amount(value: Decimal, currency: str, language: str) -> str:
    """`$25 (USD)`, `AED25`: an amount of face money that cannot be taken for another's."""
    short = short_money(value, currency, language)
    return short if currency in short else f"{short} ({currency})"


def plain_place(name: str) -> str:
    """The place behind the bar of a name, or the name that has none."""
    return name.rpartition("|")[2].strip()


def headline(name: str, kind: str) -> tuple[str, str]:
    """A name without the place that partners put behind a bar, and that place.

    An eSIM is nothing without its place: there it stays in the headline.
    """
    title, _, place = (part.strip() for part in name.rpartition("|"))
    if not title:
        return place, ""
    return (f"{title} {place}", "") if kind == Product.Type.ESIM else (title, place)

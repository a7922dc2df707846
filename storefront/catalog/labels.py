"""Amounts and choices as short words. Pure."""

from decimal import Decimal

from babel import Locale

from storefront.catalog.models import Product, Sku
from storefront.core.money import decimals, quantize


def short_money(amount: Decimal, currency: str, language: str) -> str:
    """`$25`, `$2.50`, `25 $`: like a price, but without the zeros of a round sum."""
    locale = Locale.parse(language.replace("-", "_"))
    exact = quantize(amount, currency)
    digits = 0 if exact == exact.to_integral_value() else decimals(currency)
    pattern = locale.currency_formats["standard"]
    text: str = pattern.apply(
        exact, locale, currency=currency, currency_digits=False, force_frac=(digits, digits)
    )
    return text


def denomination(product: Product, language: str) -> str:
    """What its cards are worth: `$25`, `$10 – $200`, or nothing."""
    low, high = product.face_min, product.face_max
    if low is None or high is None:
        return ""
    ends = [short_money(end, product.face_currency, language) for end in (low, high)]
    return ends[0] if low == high else " – ".join(ends)


def choice(sku: Sku, language: str) -> str:
    """What one chooses by: the face value, or the name of what has none."""
    if sku.face_value is None:
        return sku.name
    return short_money(sku.face_value, sku.face_currency, language)

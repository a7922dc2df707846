"""Money: Decimals with their currency; the one place that rounds and the one that shows.

A face value, a cost and a price are three different things; they never meet without a rate.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision
from django.db import models
from moneyed import CURRENCIES, Currency, Money, get_currency

__all__ = ["Currency", "Money", "MoneyColumn", "as_minor", "quantize", "shown"]


class MoneyColumn(models.DecimalField):  # type: ignore[type-arg]  # generic only in the stubs
    """An amount in major units; its currency is a column beside it. 14 digits, 4 of them after
    the point, so that partner costs keep what they carry; prices are quantised before they come.
    """

    def __init__(self, **options: object) -> None:
        options.setdefault("max_digits", 14)
        options.setdefault("decimal_places", 4)
        super().__init__(**options)  # type: ignore[arg-type]  # passed through as given


def decimals(currency: str) -> int:
    """How many digits after the point the currency has in daily use (JPY 0, USD 2, KWD 3)."""
    return int(get_currency_precision(currency))


def is_currency(code: str) -> bool:
    """Whether there is such a currency, by its three capitals."""
    return code in CURRENCIES


def quantize(amount: Decimal, currency: str, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The amount in whole minor units of its currency; half goes up unless told otherwise."""
    with localcontext(prec=28):
        return amount.quantize(Decimal(1).scaleb(-decimals(currency)), rounding=rounding)


def as_minor(amount: Decimal, currency: str) -> int:
    """The amount in minor units, exactly. ValueError when it has a fraction of one."""
    minor = amount.scaleb(decimals(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} is not a whole number of minor units")
    return int(minor)


def money(amount: Decimal, currency: str) -> Money:
    """A Money for showing and adding; unknown currency codes raise CurrencyDoesNotExist."""
    return Money(quantize(amount, currency), get_currency(currency))


def shown(value: Money, language: str) -> str:
    """`$25.50`, `25,50 $`: by the reader's language."""
    return _shown(value.amount, value.currency.code, language)


@lru_cache(maxsize=4096)
def _shown(amount: Decimal, currency: str, language: str) -> str:
    """The same few amounts are shown all day, and formatting takes a while."""
    return format_currency(
        amount, currency, locale=language.replace("-", "_"), currency_digits=True
    )

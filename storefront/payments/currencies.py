"""The currencies a shop may charge in, and how many digits of each travel to a provider.

Providers count in minor units. A currency is here when the smallest unit that people use, the one
our prices are rounded to and the one Stripe counts in are the same; every other one is refused when
the shop starts and at each payment. Left out on purpose: three digits (BHD, JOD, KWD, OMR, TND),
which Stripe takes only in tens; ISK and UGX, which it counts in hundredths that do not exist; and
those it counts in hundredths that nobody uses any more (ALL, LAK, RSD ...).

Must not know settings or rows: the settings ask it.
"""

from decimal import Decimal

_WHOLE = "BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF"
_HUNDREDTHS = (
    "AED ARS AUD AZN BAM BBD BDT BGN BND BOB BRL BSD BWP BZD CAD CHF CNY COP CZK DKK DOP EGP EUR "
    "FJD GBP GEL GTQ HKD HNL HUF IDR ILS INR JMD KES KGS KHR KZT LKR MAD MDL MKD MOP MUR MVR MXN "
    "MYR NAD NGN NOK NPR NZD PEN PHP PLN QAR RON SAR SEK SGD THB TRY TTD TWD UAH USD UYU XCD ZAR"
)
# Currency -> digits after the point.
DIGITS: dict[str, int] = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_HUNDREDTHS.split(), 2)


class UnsupportedCurrency(Exception):  # noqa: N818  the failure is the name
    """No payment is made in this currency."""


def to_minor(amount: Decimal, currency: str) -> int:
    """The amount in minor units, exactly. Raises UnsupportedCurrency; ValueError for a fraction."""
    minor = amount.scaleb(_digits(currency))
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} is not a whole number of minor units")
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    """The amount in major units. Raises UnsupportedCurrency."""
    return Decimal(minor).scaleb(-_digits(currency))


def _digits(currency: str) -> int:
    if currency not in DIGITS:
        raise UnsupportedCurrency(currency)
    return DIGITS[currency]

"""From what the partner takes to what we ask: pure arithmetic, and the only place that has it.

It must not know rows, requests or the partner's client.
"""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal, localcontext

from storefront.core.money import quantize

# Percent on top of cost.
DEFAULT_MARKUP_PERCENT = Decimal(10)
# A cost that moves by more than this, up or down, waits for staff.
JUMP_BAND_PERCENT = Decimal(40)

# What one unit of the first currency is worth in the second.
Rates = Mapping[tuple[str, str], Decimal]


class NoRate(Exception):  # noqa: N818  the failure is the name
    """No rate joins the two currencies."""


def retail(cost: Decimal, *, currency: str, into: str, rates: Rates) -> Decimal:
    """What we ask for goods that cost `cost` of `currency`, in whole minor units of `into`.

    Rounded up, so that rounding never eats the margin. Raises NoRate.
    """
    if currency == into:
        rate = Decimal(1)
    elif (currency, into) in rates:
        rate = rates[currency, into]
    else:
        raise NoRate(f"{currency} to {into}")
    with localcontext(prec=28):
        asked = cost * rate * (1 + DEFAULT_MARKUP_PERCENT / 100)
    return quantize(asked, into, ROUND_CEILING)

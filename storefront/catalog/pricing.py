"""From what the partner takes to what we ask: pure arithmetic. `repricing` writes the same in SQL,
and a test holds both to each other; the arithmetic is nowhere else.

It must not know rows, requests or the partner's client.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext

from storefront.core.money import decimals, quantize

# A cost that moves by more than this, up or down, waits for staff.
JUMP_BAND_PERCENT = Decimal(40)
# What a price may be: beyond it, something is wrong and nothing is sold.
LARGEST_PRICE = Decimal(10**9)
# Digits enough for every product of a cost, a rate and a percentage to be exact.
_EXACT = 80


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A price rule as numbers: `percent` and `fixed` (the shop's currency) go on top of cost; the
    greater of `minimum_margin_percent` and `minimum_margin_fixed` is what the price keeps at least;
    `rounding` is a key of ENDINGS."""

    percent: Decimal
    fixed: Decimal = Decimal(0)
    rounding: str = "none"
    minimum_margin_percent: Decimal = Decimal(0)
    minimum_margin_fixed: Decimal = Decimal(0)


# Where staff have written no rule.
DEFAULT_TERMS = Terms(percent=Decimal(10))

# Prices end in the second figure, out of the first, in hundredths of a whole.
ENDINGS = {"99": (100, 99), "50": (100, 50), "whole": (100, 0)}


def ending(rounding: str, currency: str) -> tuple[int, int]:
    """(step, end) in minor units: a price is a multiple of step, plus end.

    A whole is one of the currency's main unit, 1.00 or 1.000. Currencies without minor units
    have main units as small as others' cents: there a whole is a hundred, and .99 ends in 99.
    """
    if rounding == "none":
        return 1, 0
    step, end = ENDINGS[rounding]
    factor = 10 ** max(decimals(currency) - 2, 0)
    return step * factor, end * factor


def retail(cost: Decimal, *, rate: Decimal, terms: Terms, currency: str) -> Decimal:
    """What we ask for goods that cost `cost`, where one unit of its currency is `rate` of ours.

    Never below cost plus the minimum margin; rounded up, so that rounding never eats the margin.
    """
    step, end = ending(terms.rounding, currency)
    scale = decimals(currency)
    with localcontext(prec=_EXACT):
        asked = cost * rate * (100 + terms.percent) / 100 + terms.fixed
        minor = (
            max(asked, least(cost, rate=rate, terms=terms))
            .scaleb(scale)
            .to_integral_value(ROUND_CEILING)
        )
        steps = ((minor - end) / step).to_integral_value(ROUND_CEILING)
        return (steps * step + end).scaleb(-scale)


def least(cost: Decimal, *, rate: Decimal, terms: Terms) -> Decimal:
    """Cost plus minimum margin in our currency, exact: nothing is sold below it."""
    with localcontext(prec=_EXACT):
        ours = cost * rate
        margin = max(ours * terms.minimum_margin_percent / 100, terms.minimum_margin_fixed)
        return ours + margin


def custom_cost(
    amount: Decimal, *, rate: Decimal, percent: Decimal | None, fixed: Decimal | None, currency: str
) -> Decimal:
    """What the partner takes for an amount of the buyer's choice, in the partner's `currency`.

    Our reading of the reference (README of the partner's API, 8): amount x rate x
    (1 + percent / 100) + fixed, in whole minor units. It may be zero or less where `fixed` is.
    """
    with localcontext(prec=_EXACT):
        exact = amount * rate * (100 + (percent or 0)) / 100 + (fixed or 0)
    return quantize(exact, currency, ROUND_HALF_UP)

"""What a SKU of free amount costs us. The reference shows numbers, the formula is assumed."""

from decimal import Context, Decimal

# Products of two forty-digit numbers stay exact; the default of 28 digits would round in silence.
_EXACT = Context(prec=120)


def custom_cost(
    *, amount: Decimal, rate: Decimal, markup_percent: Decimal, markup_fixed: Decimal
) -> Decimal:
    """The expected cost in the partner's currency, exact and unrounded.

    amount is the face value in the SKU's face currency; rate converts it into the partner's. The
    formula, amount x rate x (1 + markup_percent / 100) + markup_fixed, is our reading: when the
    first real order's total differs from it, a person should look.
    """
    factor = _EXACT.add(Decimal(1), markup_percent.scaleb(-2, _EXACT))
    return _EXACT.add(_EXACT.multiply(_EXACT.multiply(amount, rate), factor), markup_fixed)

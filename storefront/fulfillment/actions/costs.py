"""What goods cost, by the partner's own answer, and what we expected. Decides nothing: they are
bought by now, and a customer does not wait for our arithmetic.
"""

import re
from decimal import Decimal

from partner_api import Order as Answer
from storefront.fulfillment.models import Purchase

# What a column of money can keep.
_TOO_MUCH = Decimal(10) ** 10
_STEP = Decimal("0.0001")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


def believable(amount: Decimal | None) -> Decimal | None:
    """The amount as a column keeps it; None when it is none or absurd."""
    if amount is None or not 0 <= amount < _TOO_MUCH:
        return None
    return amount.quantize(_STEP)


def charged(purchase: Purchase, answer: Answer, units: int) -> tuple[Decimal, str]:
    """What the partner took for the units that came, and in which currency.

    Of a partly completed order it keeps the price of what it delivered; of a completed one all,
    also where units are missing. Where it does not say, what we expected.
    """
    amount = believable(answer.total_amount)
    if answer.status == "partially_completed":
        price = believable(answer.items[0].price)
        amount = None if price is None else price * units
    currency = answer.currency or ""
    return (
        expected(purchase, answer, units) if amount is None else amount,
        currency if _CURRENCY.match(currency) else purchase.cost_currency,
    )


def expected(purchase: Purchase, answer: Answer, units: int) -> Decimal:
    """The same, by the prices of the day it was ordered."""
    if answer.status == "partially_completed":
        share: Decimal = purchase.expected_cost * units / purchase.quantity
        return share.quantize(_STEP)
    whole: Decimal = purchase.expected_cost
    return whole

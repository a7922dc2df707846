"""Why a SKU may not be bought: for code, and in words."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from storefront.core.money import Money, shown

# Larger orders are a trade, not a purchase.
LARGEST_QUANTITY = 10


class Reason(StrEnum):
    """Why a SKU may not be bought."""

    UNKNOWN = "unknown"
    QUANTITY = "quantity"
    HELD = "held"
    # No rate into the shop's currency, or no bounds for an amount: staff must enter one.
    UNPRICED = "unpriced"
    STALE = "stale"
    SOLD_OUT = "sold_out"
    TOO_FEW = "too_few"
    AMOUNT_MISSING = "amount_missing"
    AMOUNT_UNREADABLE = "amount_unreadable"
    AMOUNT_TOO_SMALL = "amount_too_small"
    AMOUNT_TOO_LARGE = "amount_too_large"
    AMOUNT_OFF_STEP = "amount_off_step"


WORDS: dict[Reason, str | Promise] = {
    Reason.UNKNOWN: _("This product is not for sale."),
    Reason.QUANTITY: _("Choose a quantity from 1 to %(largest)s."),
    Reason.HELD: _("Not available right now"),
    Reason.UNPRICED: _("We have no price for it in our currency yet."),
    Reason.STALE: _("Its price is being checked. Please come back a little later."),
    Reason.SOLD_OUT: _("Sold out"),
    Reason.TOO_FEW: _("Only %(left)s left"),
    Reason.AMOUNT_MISSING: _("Give an amount in digits."),
    Reason.AMOUNT_UNREADABLE: _("Write the amount in digits, like 25 or 25.50."),
    Reason.AMOUNT_TOO_SMALL: _("The smallest amount is %(limit)s."),
    Reason.AMOUNT_TOO_LARGE: _("The largest amount is %(limit)s."),
    Reason.AMOUNT_OFF_STEP: _("Amounts go from %(start)s in steps of %(limit)s."),
}


class NotBuyable(Exception):  # noqa: N818  the failure is the name
    """May not be bought now: `reason` is for code, its text for people, in their language.

    `left` is the stock; `limit` and `start` are the bounds or the step that an amount broke.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        left: int = 0,
        limit: Money | None = None,
        start: Money | None = None,
    ) -> None:
        super().__init__(reason, left, limit)
        self.reason = reason
        self.left = left
        self.limit = limit
        self.start = start

    @property
    def field(self) -> str | None:
        """What a form calls that which is wrong, or None when it is not what was typed."""
        if self.reason.startswith("amount_"):
            return "amount"
        return "quantity" if self.reason in {Reason.QUANTITY, Reason.TOO_FEW} else None

    def __str__(self) -> str:
        language = get_language() or "en"
        return str(WORDS[self.reason]) % {
            "largest": LARGEST_QUANTITY,
            "left": self.left,
            "limit": shown(self.limit, language) if self.limit else "",
            "start": shown(self.start, language) if self.start else "",
        }

"""An amount as people type it becomes a number, or a refusal in words. Pure.

It is money: what could mean two things is refused, never guessed.
"""

import re
from decimal import Decimal

from storefront.catalog.queries.refusals import NotBuyable, Reason

# Longer than every amount that is sold, with its groups and its cents.
LONGEST = 24
_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_GROUPS = r"[0-9]{1,3}(?:[%s][0-9]{3})+"
# By language: thousands may be set apart; what parts off the cents is a point, in Russian a comma
# too. `[0-9]`, since \d also knows the digits of forty scripts.
_SHAPES = {
    "en": re.compile(rf"(?:[0-9]+|{_GROUPS % ','})(?:\.[0-9]{{1,12}})?"),
    "ru": re.compile(rf"(?:[0-9]+|{_GROUPS % _SPACES})(?:[.,][0-9]{{1,12}})?"),
}
# In Russian, what others write for a thousand.
_TWO_MEANINGS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def read_amount(text: str, language: str) -> Decimal:
    """`25`, `1,000.50`, in Russian `10,50` and `1 000,50`: the number, always positive or zero.

    Raises NotBuyable, AMOUNT_MISSING for nothing and AMOUNT_UNREADABLE for everything else: signs,
    exponents, currencies, digits of other scripts.
    """
    typed = text.strip()
    if not typed:
        raise NotBuyable(Reason.AMOUNT_MISSING)
    is_russian = language.startswith("ru")
    shape = _SHAPES["ru" if is_russian else "en"]
    if len(typed) > LONGEST or not shape.fullmatch(typed):
        raise NotBuyable(Reason.AMOUNT_UNREADABLE)
    if not is_russian:
        return Decimal(typed.replace(",", ""))
    if _TWO_MEANINGS.fullmatch(typed):
        raise NotBuyable(Reason.AMOUNT_UNREADABLE)
    return Decimal(re.sub(f"[{_SPACES}]", "", typed).replace(",", "."))

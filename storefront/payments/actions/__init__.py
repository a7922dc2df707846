"""Writing payments. Intent, commit, call, outcome: no transaction is open while a provider is
called, and a call that is repeated carries the same key.
"""

from storefront.payments.actions.doubting import doubt
from storefront.payments.actions.opening import (
    NotPayable,
    close,
    closes_at,
    open_for,
    page_of,
    start,
)
from storefront.payments.actions.returning import give_back, intend, refund, refund_pending
from storefront.payments.actions.taking import (
    NotHeld,
    TooMuch,
    WrongAmount,
    authorise,
    capture,
    take_over,
    void,
)
from storefront.payments.actions.unwanted import review, set_aside

__all__ = [
    "NotHeld",
    "NotPayable",
    "TooMuch",
    "WrongAmount",
    "authorise",
    "capture",
    "close",
    "closes_at",
    "doubt",
    "give_back",
    "intend",
    "open_for",
    "page_of",
    "refund",
    "refund_pending",
    "review",
    "set_aside",
    "start",
    "take_over",
    "void",
]

"""What an order's status means, in plain words: what happens, and whether money moved."""

from datetime import timedelta
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront.orders.states import UNDER_WAY, Status
from storefront.orders.waits import late_after, very_late_after


class Words(NamedTuple):
    """A sentence first, what to expect next, and what the money did."""

    sentence: Promise
    hint: Promise | str
    money: Promise


_NOT_CHARGED = _("You have not been charged.")
_HELD = _("The amount is held on your payment method, not taken yet.")
_TAKEN = _("You have been charged for what was delivered.")
TAKEN_EARLY = _("You have been charged. What can't be delivered is given back.")
_RETURNED = _("The amount that was held has been released; nothing was taken.")

# Somebody came back from the payment page and the provider has not told us yet what came of it.
CONFIRMING = Words(
    _("We are confirming your payment."),
    _("This takes a moment. Please do not pay again; this page updates itself."),
    _("If the payment went through, your order goes on by itself. If not, nothing is taken."),
)
# All of it went straight to somebody's number or account.
SENT = Words(
    _("Your order is done."),
    _("It went straight to the number or account you gave. There is no code to enter."),
    _TAKEN,
)
_LATE = _(
    "This takes longer than usual. You need not wait here: the order goes on by itself, and we "
    "write to you when it is ready."
)
_VERY_LATE = _(
    "This takes very long, and we are sorry. What has not come by tomorrow is looked at by one of "
    "us. If it can't be delivered, you get the money back in full."
)

WORDS: dict[str, Words] = {
    Status.AWAITING_PAYMENT: Words(
        _("This order is not paid yet."),
        _("Pay to get your codes. Unpaid orders close by themselves after half an hour."),
        _NOT_CHARGED,
    ),
    Status.PAID: Words(
        _("Paid. Your code arrives in a few seconds."), _("This page updates itself."), _HELD
    ),
    Status.PROCESSING: Words(
        _("Paid. Your code is on its way."),
        _("Most orders take seconds; a few take minutes. This page updates itself."),
        _HELD,
    ),
    Status.WAITING: Words(
        _("Paid. Your order waits its turn with our supplier."),
        _(
            "It keeps its place and goes on by itself, usually within the hour. If it can't, you "
            "get the money back."
        ),
        _HELD,
    ),
    Status.CHECKING: Words(
        _("Paid. We are checking with our supplier."),
        _(
            "Their answer got lost on the way. We find out before we do anything else; that takes "
            "20 minutes at most."
        ),
        _HELD,
    ),
    Status.IN_REVIEW: Words(
        _("Paid. One of us is looking at your order."),
        _("Something did not match. We write to you within one working day."),
        _HELD,
    ),
    Status.COMPLETED: Words(
        _("Your order is ready."), _("Show each code when you are about to use it."), _TAKEN
    ),
    Status.PARTIALLY_COMPLETED: Words(
        _("Part of your order is ready."),
        _("The rest could not be delivered. You can order it again at any time."),
        _("You have been charged for what was delivered, and for nothing else."),
    ),
    Status.FAILED: Words(
        _("We could not deliver this order."), _("You can order again at any time."), _RETURNED
    ),
    Status.CANCELLED: Words(
        _("This order was cancelled."), _("You can order again at any time."), _NOT_CHARGED
    ),
    Status.REFUNDED: Words(
        _("We gave your money back."),
        _("It can take a few days to show on your statement."),
        _("The whole amount was refunded."),
    ),
    Status.PARTIALLY_REFUNDED: Words(
        _("We gave part of your money back."),
        _("It can take a few days to show on your statement."),
        _("A part of the amount was refunded."),
    ),
    Status.EXPIRED: Words(
        _("This order was never paid, so it closed."),
        _("You can order again at any time."),
        _NOT_CHARGED,
    ),
}


def late_hint(status: str, *, waited: timedelta | None) -> Promise | None:
    """What to say instead once somebody has waited for long, except where a person is at it."""
    if waited is None or status not in UNDER_WAY or status == Status.IN_REVIEW:
        return None
    if waited >= very_late_after():
        return _VERY_LATE
    return _LATE if waited >= late_after() else None

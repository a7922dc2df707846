"""Money that was ours and may not stay so: a bank disputes it, or suspects fraud."""

from datetime import datetime

from django.db import transaction

from storefront.cases.actions import open_case
from storefront.orders.actions import freeze
from storefront.orders.states import Freeze
from storefront.payments.models import Payment

_CASES = {Freeze.DISPUTE: "dispute", Freeze.WARNING: "fraud-warning"}
_WORDS = {
    Freeze.DISPUTE: "The customer's bank disputes the payment.",
    Freeze.WARNING: "The card's issuer suspects fraud: a refund now may spare a dispute.",
}


@transaction.atomic
def doubt(*, payment: Payment, because: Freeze, by: str, now: datetime) -> None:
    """Lock each code nobody saw yet, at once, and tell staff; twice is once."""
    was_seen = freeze(order=payment.order, because=because, by=by, now=now)
    seen = (
        "Codes were seen: the order's history says which, when and from where."
        if was_seen
        else "No code was seen; none will be until a person decides."
    )
    open_case(
        kind=_CASES[because],
        subject=payment.order.number,
        summary=f"{_WORDS[because]} {seen}",
        now=now,
    )

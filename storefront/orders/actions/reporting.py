"""A customer says that a code does not work: a case for staff, without the code in it."""

import re
from datetime import datetime

from django.db import transaction

from partner_api.secret import MASK
from storefront.cases.actions import open_case
from storefront.core.sealed import CannotOpen, open_sealed
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, OrderEvent


@transaction.atomic
def report_problem(*, delivery: Delivery, reason: str, words: str, by: str, now: datetime) -> None:
    """Write it into the order's history and open a case, one per code at a time."""
    order = delivery.line.order
    OrderEvent.objects.create(
        order=order,
        at=now,
        by=by,
        kind="problem",
        data={"delivery": str(delivery.pk), "reason": reason},
    )
    said = f": “{without_codes(words, delivery)}”" if words else "."
    open_case(
        kind="code-problem",
        subject=f"{order.number} {delivery.pk}",
        summary=f"A code does not work ({reason}; {delivery.line.sku_name}){said}",
        now=now,
    )


def without_codes(words: str, delivery: Delivery) -> str:
    """What was written, without what was delivered: customers quote the code they write about."""
    try:
        document = open_sealed(delivery.sealed, context=delivery.seal_context)
    except CannotOpen:
        return MASK
    goods = Goods.from_sealed_form(document)
    for secret in filter(None, (goods.code, goods.serial, *(value for _, value in goods.extra))):
        letters = [re.escape(letter) for letter in secret.reveal() if letter.isalnum()]
        if len(letters) >= 4:
            words = re.sub(r"[\W_]*".join(letters), MASK, words, flags=re.IGNORECASE)
    return words

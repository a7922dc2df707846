"""Believing what the partner answers about a purchase, as far as it can be believed.

Only an answer fetched from the API comes here, never a webhook's body. What contradicts what we
asked for goes to a person and reveals nothing.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from partner_api import Order as Answer
from storefront.catalog.actions import pause
from storefront.esim import actions as esims
from storefront.esim.queries import topped_up_by
from storefront.fulfillment import waits
from storefront.fulfillment.actions import costs
from storefront.fulfillment.actions.claiming import lock, reach, write
from storefront.fulfillment.actions.reviewing import close_cases, review, show
from storefront.fulfillment.actions.topping_up import is_for_another_esim
from storefront.fulfillment.actions.unpacking import unpack
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import UNDER_WAY, WITH_GOODS, WITHOUT_GOODS, Status
from storefront.ledger.actions import record
from storefront.ledger.models import Kind
from storefront.orders import actions as orders
from storefront.orders.goods import Goods

# What the columns keep. A longer id is not remembered; our own is enough to ask by.
_LONGEST_ID = _LONGEST_STATUS = 64


def apply(*, purchase: Purchase, answer: Answer, now: datetime) -> None:
    """Move the purchase by the partner's answer about it."""
    seen = _seen(purchase, answer, now)
    if wrong := _contradiction(purchase, answer):
        summary = f"The partner's answer differs: {wrong}."
        review(purchase=purchase, kind="wrong-echo", summary=summary, now=now, **seen)
        return
    goods = unpack(purchase, answer)
    if answer.status in WITHOUT_GOODS and not goods:
        close_cases(purchase=purchase, now=now)
        note = f"the partner says {answer.status}"
        write(purchase=purchase, to=Status.FAILED, note=note, now=now, **seen)
    elif answer.status in UNDER_WAY:
        _wait(purchase, answer, seen, now)
    elif answer.status in WITH_GOODS and answer.items:
        _receive(purchase, answer, goods, seen, now)
    else:
        _wait_unclear(purchase, answer, seen, now)


def _contradiction(purchase: Purchase, answer: Answer) -> str:
    """What the answer has otherwise than we asked; nothing when all agrees.

    An answer without items contradicts nothing yet. Cost is compared once goods are here: they are
    bought by then, and a customer does not wait for our arithmetic.
    """
    differences = answer.differences(
        external_id=purchase.external_id,
        sku_id=str(purchase.sku_id),
        quantity=purchase.quantity,
    )
    if is_for_another_esim(purchase, answer):
        return "iccid"
    if not answer.items:
        differences = tuple(found for found in differences if found.what == "external_id")
    return ", ".join(
        f"{found.what}: {found.answered} instead of {found.asked}" for found in differences
    )


def _receive(
    purchase: Purchase, answer: Answer, goods: list[Goods], seen: dict[str, Any], now: datetime
) -> None:
    """Take what came. Fewer than bought: wait a while, then believe it; more: a person."""
    missing = purchase.quantity - len(goods)
    believed = answer.status == "partially_completed" and goods
    if missing < 0:
        summary = "The partner sent more codes than were bought."
        review(purchase=purchase, kind="surplus", summary=summary, now=now, **seen)
    elif missing and not believed and not _is_old(seen, now):
        _wait(purchase, answer, seen, now)
    else:
        _take(purchase, answer, goods, seen, now)


def _take(
    purchase: Purchase, answer: Answer, goods: list[Goods], seen: dict[str, Any], now: datetime
) -> None:
    try:
        with transaction.atomic():
            _store(purchase, answer, goods, seen, now)
    except orders.DuplicateCode:
        summary = "The partner sent a code it sent before."
        review(purchase=purchase, kind="repeated-code", summary=summary, now=now, **seen)


def _store(
    purchase: Purchase, answer: Answer, goods: list[Goods], seen: dict[str, Any], now: datetime
) -> None:
    """The codes, the cost, the cases and the move, all in one transaction or none of it.

    Whoever lost the purchase meanwhile finds out before anything is written.
    """
    lock(purchase=purchase)
    orders.deliver(line=purchase.line, source=purchase.pk, goods=goods, now=now)
    if esim := topped_up_by(purchase.line):
        esims.ask_soon(esim_id=esim.pk, now=now)
    else:
        esims.adopt(source=purchase.pk, goods=goods, now=now)
    cost, currency = costs.charged(purchase, answer, len(goods))
    record(
        kind=Kind.COST,
        reference=purchase.external_id,
        order_number=purchase.line.order.number,
        amount=cost,
        currency=currency,
        now=now,
    )
    close_cases(purchase=purchase, now=now)
    if missing := purchase.quantity - len(goods):
        summary = f"{missing} of {purchase.quantity} codes did not come; they are refunded."
        show(purchase=purchase, kind="missing-codes", summary=summary, now=now)
    expected = costs.expected(purchase, answer, len(goods))
    if (cost, currency) != (expected, purchase.cost_currency):
        summary = (
            f"Expected {expected} {purchase.cost_currency}, the partner charged {cost} {currency}."
        )
        show(purchase=purchase, kind="wrong-total", summary=summary, now=now)
        if cost > expected or currency != purchase.cost_currency:
            pause(sku_id=purchase.sku_id, now=now)
    write(
        purchase=purchase,
        to=Status.PARTIAL if goods and missing else Status.FAILED if missing else Status.COMPLETED,
        note=f"{len(goods)} delivered",
        now=now,
        delivered=len(goods),
        **seen,
    )


def _wait(purchase: Purchase, answer: Answer, seen: dict[str, Any], now: datetime) -> None:
    """The partner has it: ask again later. After a day a person looks, too."""
    due_at = now + waits.next_poll(purchase.polls)
    seen |= {"polls": purchase.polls + 1}
    if now - seen["answered_at"] >= waits.SLOW:
        summary = f"The partner has said “{answer.status}” for very long."
        review(purchase=purchase, kind="slow", summary=summary, now=now, due_at=due_at, **seen)
        return
    if purchase.status != Status.PLACED:
        close_cases(purchase=purchase, now=now)
        seen |= {"polls": 1, "hold_reason": ""}
    note = f"the partner says {answer.status}" if answer.status != purchase.partner_status else ""
    reach(purchase=purchase, to=Status.PLACED, note=note, now=now, due_at=due_at, **seen)


def _wait_unclear(purchase: Purchase, answer: Answer, seen: dict[str, Any], now: datetime) -> None:
    """A status nobody knows: ask on, and after a while a person looks, too."""
    if not _is_old(seen, now):
        _wait(purchase, answer, seen, now)
        return
    review(
        purchase=purchase,
        kind="unclear",
        summary=f"The partner says “{answer.status[:_LONGEST_STATUS]}”.",
        now=now,
        due_at=now + waits.next_poll(purchase.polls),
        polls=purchase.polls + 1,
        **seen,
    )


def _is_old(seen: dict[str, Any], now: datetime) -> bool:
    """Whether the partner has had its time to make the answer whole."""
    return bool(now - seen["partner_status_at"] >= waits.UNCLEAR)


def _seen(purchase: Purchase, answer: Answer, now: datetime) -> dict[str, Any]:
    """What any answer leaves on the row."""
    status = answer.status[:_LONGEST_STATUS]
    said_before = status == purchase.partner_status and purchase.partner_status_at
    fits = answer.id if len(answer.id) <= _LONGEST_ID else ""
    return {
        "partner_order_id": fits or purchase.partner_order_id,
        "partner_status": status,
        "partner_status_at": purchase.partner_status_at if said_before else now,
        "partner_total": costs.believable(answer.total_amount),
        "answered_at": purchase.answered_at or now,
        "is_claimed": True,
    }

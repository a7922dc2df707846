"""Believing what the partner answers about a purchase, as far as it can be believed.

Only an answer fetched from the API comes here, never a webhook's body. What contradicts what we
asked for goes to a person and reveals nothing.
"""

from datetime import datetime

from django.db import transaction

from partner_api import Order as Answer
from storefront.cases.actions import close_case, open_case
from storefront.fulfillment import waits
from storefront.fulfillment.actions.claiming import write
from storefront.fulfillment.actions.unpacking import unpack
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from storefront.ledger.actions import record
from storefront.ledger.models import Kind
from storefront.orders import actions as orders
from storefront.orders.goods import Goods

UNDER_WAY = frozenset({"created", "processing"})
WITH_GOODS = frozenset({"completed", "partially_completed"})
WITHOUT_GOODS = frozenset({"failed", "cancelled"})


def apply(*, purchase: Purchase, answer: Answer, now: datetime) -> None:
    """Move the purchase by the partner's answer about it."""
    if wrong := _contradiction(purchase, answer):
        _review(purchase, answer, "wrong-echo", f"The partner's answer differs: {wrong}.", now)
        return
    goods = unpack(answer)
    if answer.status in WITHOUT_GOODS and not goods:
        write(
            purchase=purchase,
            to=Status.FAILED,
            note=f"the partner says {answer.status}",
            now=now,
            **_seen(purchase, answer, now),
        )
    elif answer.status in UNDER_WAY:
        _wait(purchase, answer, now)
    elif answer.status in WITH_GOODS and answer.items:
        _receive(purchase, answer, goods, now)
    elif _is_old(purchase, now):
        _review(
            purchase, answer, "unclear", f"The partner says “{answer.status[:60]}”.", now, ask=True
        )
    else:
        _wait(purchase, answer, now)


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
    if not answer.items:
        differences = tuple(found for found in differences if found.what == "external_id")
    return ", ".join(
        f"{found.what}: {found.answered} instead of {found.asked}" for found in differences
    )


def _receive(purchase: Purchase, answer: Answer, goods: list[Goods], now: datetime) -> None:
    """Take what came. Fewer than bought: wait a while, then believe it; more: a person."""
    missing = purchase.quantity - len(goods)
    if missing < 0:
        _review(purchase, answer, "surplus", "The partner sent more codes than were bought.", now)
    elif missing and answer.status == "completed" and not _is_old(purchase, now):
        _wait(purchase, answer, now)
    else:
        _store(purchase, answer, goods, now)
        if missing:
            open_case(
                kind="missing-codes",
                subject=purchase.external_id,
                now=now,
                summary=f"{missing} of {purchase.quantity} codes did not come; they are refunded.",
            )


def _store(purchase: Purchase, answer: Answer, goods: list[Goods], now: datetime) -> None:
    """The codes, the cost and the move, all in one transaction or none of it."""
    full = len(goods) == purchase.quantity
    to = Status.COMPLETED if full else Status.PARTIAL if goods else Status.FAILED
    cost = answer.total_amount if answer.total_amount is not None else purchase.expected_cost
    try:
        with transaction.atomic():
            orders.deliver(line=purchase.line, source=purchase.pk, goods=goods, now=now)
            record(
                kind=Kind.COST,
                reference=purchase.external_id,
                amount=cost,
                now=now,
                order_number=purchase.line.order.number,
                currency=purchase.cost_currency,
            )
            write(
                purchase=purchase,
                to=to,
                note=f"{len(goods)} delivered",
                now=now,
                delivered=len(goods),
                **_seen(purchase, answer, now),
            )
    except orders.DuplicateCode:
        purchase.refresh_from_db()
        _review(purchase, answer, "repeated-code", "The partner sent a code it sent before.", now)
        return
    for kind in ("held-funds", "held-configuration", "held-unreachable", "unclear"):
        close_case(kind=kind, subject=purchase.external_id, by="system", now=now)
    if cost != purchase.expected_cost or answer.currency != purchase.cost_currency:
        open_case(
            kind="wrong-total",
            subject=purchase.external_id,
            now=now,
            summary=f"Expected {purchase.expected_cost} {purchase.cost_currency}, "
            f"the partner charged {cost} {answer.currency}.",
        )


def _wait(purchase: Purchase, answer: Answer, now: datetime) -> None:
    """The partner has it: ask again later."""
    fields = _seen(purchase, answer, now)
    fields |= {"polls": purchase.polls + 1, "due_at": now + waits.next_poll(purchase.polls)}
    write(
        purchase=purchase,
        to=Status.PLACED,
        note=f"the partner says {answer.status}"[:300],
        now=now,
        **fields,
    )


def _review(
    purchase: Purchase, answer: Answer, kind: str, summary: str, now: datetime, *, ask: bool = False
) -> None:
    """A person must look at it; `ask` keeps asking the partner meanwhile."""
    due_at = now + waits.next_poll(purchase.polls) if ask else None
    fields = _seen(purchase, answer, now) | {"due_at": due_at, "polls": purchase.polls + 1}
    write(purchase=purchase, to=Status.IN_REVIEW, note=summary, now=now, **fields)
    open_case(kind=kind, subject=purchase.external_id, summary=summary, now=now)


def _is_old(purchase: Purchase, now: datetime) -> bool:
    """Whether the partner has had its time to make the answer whole."""
    return purchase.answered_at is not None and now - purchase.answered_at >= waits.MISSING_CODES


def _seen(purchase: Purchase, answer: Answer, now: datetime) -> dict[str, object]:
    return {
        "partner_order_id": answer.id or purchase.partner_order_id,
        "partner_status": answer.status[:64],
        "partner_total": answer.total_amount,
        "answered_at": purchase.answered_at or now,
    }

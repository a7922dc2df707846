"""The story of one order: what happened when and by whom, what was asked of the partner and what it
answered, and what the order earned. It only reads, and opens nothing sealed.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from storefront.core.money import money, shown
from storefront.fulfillment.models import Purchase, PurchaseEvent
from storefront.ledger.models import Entry, Kind
from storefront.mail.models import Message
from storefront.orders.models import Order, OrderEvent, Reveal
from storefront.payments.models import PaymentEvent

# So many of each are shown; an order has that many only when something runs wild.
MOST = 200
# The longest tail of an answer to a recipient field that is shown.
_TAIL = 3


class Moment(NamedTuple):
    """One line of it."""

    at: datetime
    where: str
    who: str
    what: str


class Leg(NamedTuple):
    """One purchase: the request, and the answer without what was delivered."""

    purchase: Purchase
    asked: list[str]
    answered: list[str]


class Sum(NamedTuple):
    """What the books say of the order: one kind of money in one currency."""

    label: str
    amount: str


class Story(NamedTuple):
    """All of it."""

    moments: list[Moment]
    legs: list[Leg]
    sums: list[Sum]


def story(order: Order) -> Story:
    """In eight queries, whatever the order went through."""
    purchases = list(
        Purchase.objects.filter(line__order=order).select_related("line").order_by("created_at")
    )
    moments = [
        *_of_order(order), *_of_money(order), *_of_partner(purchases), *_of_mails(order),
        *_of_looks(order),
    ]  # fmt: skip
    moments.sort(key=lambda moment: moment.at)
    return Story(moments, [_leg(purchase) for purchase in purchases], _sums(order))


def _of_order(order: Order) -> Iterator[Moment]:
    for event in OrderEvent.objects.filter(order=order)[:MOST]:
        move = f"{event.from_status} → {event.to_status}" if event.to_status else event.kind
        # A note's words, which never hold a code; links and tokens are no data of events.
        told = [str(event.data[key]) for key in ("reason", "amount") if event.data.get(key)]
        yield Moment(event.at, "Order", event.by, ": ".join([move.strip(" →"), *told]))


def _of_money(order: Order) -> Iterator[Moment]:
    for event in PaymentEvent.objects.filter(payment__order=order)[:MOST]:
        what = f"{event.from_status} → {event.to_status}".strip(" →")
        yield Moment(event.at, "Payment", event.by, what)


def _of_partner(purchases: list[Purchase]) -> Iterator[Moment]:
    names = {purchase.pk: purchase.external_id for purchase in purchases}
    for event in PurchaseEvent.objects.filter(purchase__in=names)[:MOST]:
        is_move = event.from_status != event.to_status
        move = [f"{event.from_status} → {event.to_status}"] if is_move else []
        words = ": ".join([*move, *filter(None, [event.note])])
        yield Moment(event.at, f"Purchase {names[event.purchase_id]}", "system", words)


def _of_mails(order: Order) -> Iterator[Moment]:
    ours = Message.objects.filter(to__iexact=order.email, reference__startswith=order.number)
    for mail in ours.defer("sealed").order_by("created_at")[:MOST]:
        yield Moment(mail.created_at, "Mail", "system", f"{mail.kind}: {mail.status}")


def _of_looks(order: Order) -> Iterator[Moment]:
    for look in Reveal.objects.filter(delivery__line__order=order)[:MOST]:
        what = f"a code was shown ({look.channel}, from {look.address})"
        yield Moment(look.at, "Code", look.by, what)


def _leg(purchase: Purchase) -> Leg:
    cost = shown(money(purchase.expected_cost, purchase.cost_currency), "en")
    asked = [
        f"{purchase.quantity} × {purchase.line.product_name}, {purchase.line.sku_name}",
        f"expected to cost {cost}",
    ]
    if purchase.amount is not None:
        asked.append(f"of {purchase.amount} {purchase.line.face_currency} each")
    asked += [f"{name}: {_masked(str(value))}" for name, value in purchase.fields.items()]
    answered = [f"delivered {purchase.delivered} of {purchase.quantity}"]
    if purchase.partner_order_id:
        answered.insert(0, f"{purchase.partner_order_id}: {purchase.partner_status}")
    if purchase.partner_total is not None:
        charged = shown(money(purchase.partner_total, purchase.cost_currency), "en")
        answered.append(f"charged {charged}")
    return Leg(purchase, asked, answered)


def _masked(answer: str) -> str:
    """Whom a recharge is for: enough to compare, too little to use."""
    return "•••" + (answer[-_TAIL:] if len(answer) > 2 * _TAIL else "")


def _sums(order: Order) -> list[Sum]:
    """From the ledger alone. A margin is told where all money is of one currency."""
    total: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in Entry.objects.filter(order_number=order.number):
        total[entry.kind, entry.currency] += entry.amount
    rows = [
        Sum(Kind(kind).label, shown(money(amount, currency), "en"))
        for (kind, currency), amount in sorted(total.items(), reverse=True)
    ]
    currencies = {currency for _kind, currency in total}
    if len(currencies) == 1:
        margin = sum(
            (amount if kind == Kind.SALE else -amount for (kind, _), amount in total.items()),
            Decimal(0),
        )
        rows.append(Sum("Margin", shown(money(margin, currencies.pop()), "en")))
    return rows

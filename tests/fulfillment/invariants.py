"""What must hold at any moment, whatever failed: checked from the rows, the partner's own books and
the till's, never through the code that wrote them.

Numbers are those of the promises the shop makes. `broken` names each violation in words.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, Sum

from storefront.core.refs import external_id
from storefront.core.sealed import open_sealed
from storefront.fulfillment import states as buying
from storefront.fulfillment import waits
from storefront.fulfillment.actions.starting import leg
from storefront.fulfillment.models import Purchase, PurchaseEvent
from storefront.ledger.models import Entry
from storefront.orders import states as ordering
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order, OrderEvent
from storefront.payments import states as paying
from storefront.payments.models import Capture, Payment, PaymentEvent, Refund

if TYPE_CHECKING:
    from tests.fulfillment.bench import Bench

Broken = Iterator[str]
GONE = {"failed", "cancelled"}
ZERO = Decimal(0)


def check(bench: "Bench") -> None:
    """Fail with every violation there is."""
    violations = list(broken(bench))
    assert not violations, "\n".join(violations)


def broken(bench: "Bench") -> Broken:
    """Every violation, in words."""
    books = bench.partner.control.ledger()
    yield from one_live_partner_order_per_chunk(books)
    yield from ids_follow_from_the_leg()
    yield from every_partner_order_is_known(books)
    yield from purchases_move_as_declared()
    yield from orders_move_as_declared()
    yield from payments_move_as_declared()
    yield from not_placed_was_waited_for()
    yield from deliveries_are_what_the_partner_sold(books)
    yield from payments_stay_within_orders()
    yield from settled_orders_balance()
    yield from refunds_stay_within_captures()
    yield from the_till_saw_only_our_intents(bench)
    yield from nothing_is_shown_or_bought_unpaid()
    yield from the_ledger_tells_all(books)
    yield from ended_purchases_lead_somewhere()


def one_live_partner_order_per_chunk(books: dict[str, Any]) -> Broken:
    """INV-1, over all attempts of a chunk."""
    alive: dict[tuple[Any, int], int] = defaultdict(int)
    chunks = {row.external_id: (row.line_id, row.chunk) for row in Purchase.objects.all()}
    for sold in books["orders"]:
        if sold["status"] not in GONE and sold["external_id"] in chunks:
            alive[chunks[sold["external_id"]]] += 1
    for (line, chunk), count in alive.items():
        if count > 1:
            yield f"INV-1: chunk {chunk} of line {line} was bought {count} times"


def ids_follow_from_the_leg() -> Broken:
    """INV-3."""
    for row in Purchase.objects.all():
        if row.external_id != external_id(
            leg(row.line_id, row.chunk), row.attempt, environment="D"
        ):
            yield f"INV-3: {row.external_id} is not the id of its leg"


def every_partner_order_is_known(books: dict[str, Any]) -> Broken:
    """INV-4."""
    known = set(Purchase.objects.values_list("external_id", flat=True))
    for sold in books["orders"]:
        if sold["external_id"] not in known:
            yield f"INV-4: nobody knows {sold['external_id']}"


def purchases_move_as_declared() -> Broken:
    """INV-5: the events are one unbroken chain of declared moves, and end where the row is."""
    for row in Purchase.objects.all():
        steps = PurchaseEvent.objects.filter(purchase=row).values_list("from_status", "to_status")
        yield from _chain(row, "ready", row.status, list(steps), buying.MOVES)


def orders_move_as_declared() -> Broken:
    """INV-5, for what the customer sees."""
    for row in Order.objects.all():
        moves = OrderEvent.objects.filter(order=row, kind="moved")
        steps = list(moves.values_list("from_status", "to_status"))
        yield from _chain(row, "awaiting_payment", row.status, steps, ordering.MOVES)


def payments_move_as_declared() -> Broken:
    """INV-15: and no declared move goes back."""
    for row in Payment.objects.all():
        steps = PaymentEvent.objects.filter(payment=row).values_list("from_status", "to_status")
        yield from _chain(row, "open", row.status, list(steps), paying.MOVES)


def not_placed_was_waited_for() -> Broken:
    """INV-6."""
    rows = Purchase.objects.filter(status=buying.Status.NOT_PLACED)
    waited = Q(first_miss_at__gte=F("last_post_at") + waits.NOT_PLACED) & Q(
        finished_at__gte=F("first_miss_at") + waits.BETWEEN_LOOKUPS, misses__gte=2
    )
    for row in rows.exclude(waited):
        yield f"INV-6: {row} was given up at {row.finished_at}"


def deliveries_are_what_the_partner_sold(books: dict[str, Any]) -> Broken:
    """INV-7 and INV-24: the partner's units of this very order, each once, sealed for its row."""
    sold = {row["external_id"]: row for row in books["orders"] if row["status"] not in GONE}
    for row in Purchase.objects.all():
        ours = list(Delivery.objects.filter(source=row.pk).order_by("index"))
        if len(ours) != row.delivered or any(item.line_id != row.line_id for item in ours):
            yield f"INV-7: {row} says {row.delivered} delivered, there are {len(ours)}"
        if (row.status == buying.Status.COMPLETED) != (row.delivered == row.quantity):
            yield f"INV-7: {row} is {row.status} with {row.delivered} of {row.quantity}"
        theirs = sold.get(row.external_id, {"items": [{"delivery_data": []}]})["items"][0]
        known = {text for unit in theirs["delivery_data"] for text in unit.values()}
        for item in ours:
            goods = Goods.from_sealed_form(open_sealed(item.sealed, context=item.seal_context))
            if goods.code and goods.code.reveal() not in known:
                yield f"INV-24: {row} delivered a code that the partner did not sell for it"


def payments_stay_within_orders() -> Broken:
    """INV-9."""
    for payment in Payment.objects.select_related("order"):
        lines = payment.order.lines.all()
        total = sum((line.unit_amount * line.quantity for line in lines), ZERO)
        if (payment.amount, payment.currency) != (total, payment.order.currency):
            yield f"INV-9: {payment} for an order of {total}"
        if not ZERO <= payment.captured_amount <= payment.amount:
            yield f"INV-9: {payment} captured {payment.captured_amount}"
    for order in Order.objects.all():
        taken = Payment.objects.filter(order=order, status__in=["authorised", "captured"])
        if taken.count() > 1:
            yield f"INV-9: {order} was paid twice"


def settled_orders_balance() -> Broken:
    """INV-10, without tolerance."""
    for order in Order.objects.filter(status__in=ordering.SETTLED, paid_at__isnull=False):
        captured, refunded = _money(order)
        delivered = _value(Purchase.objects.filter(line__order=order))
        if captured != delivered + refunded:
            yield f"INV-10: {order}: took {captured}, delivered {delivered}, returned {refunded}"
        if Purchase.objects.filter(line__order=order, finished_at=None).exists():
            yield f"INV-10: {order} is {order.status} while a purchase goes on"
        hidden = Delivery.objects.filter(line__order=order, released_at=None)
        if hidden.exists():
            yield f"INV-10: {order} is {order.status} and hides a code that was paid"


def refunds_stay_within_captures() -> Broken:
    """INV-11, pending ones included."""
    for payment in Payment.objects.all():
        total = Refund.objects.filter(payment=payment).aggregate(sum=Sum("amount"))["sum"] or ZERO
        if total != payment.refunded_amount or total > payment.captured_amount:
            yield f"INV-11: {payment} took {payment.captured_amount}, returns {total}"


def the_till_saw_only_our_intents(bench: "Bench") -> Broken:
    """INV-12: each effect has its stored intent, each finished intent its effect, amounts agree."""
    intents = {row.key: row for row in [*Capture.objects.all(), *Refund.objects.all()]}
    voids = {f"void-{pk}" for pk in Payment.objects.values_list("pk", flat=True)}
    for key, effect in bench.till.effects.items():
        if key in intents and intents[key].amount != effect.amount:
            yield f"INV-12: {key} moved {effect.amount} instead of {intents[key].amount}"
        elif key not in intents and key not in voids:
            yield f"INV-12: {key} has no intent"
    for key, intent in intents.items():
        if intent.status == paying.EffectStatus.DONE and key not in bench.till.effects:
            yield f"INV-12: {key} is done, the till knows nothing of it"
    for payment in Payment.objects.filter(status=paying.Status.VOIDED, provider="till"):
        if f"void-{payment.pk}" not in bench.till.effects:
            yield f"INV-12: {payment} is released, the till still holds it"


def nothing_is_shown_or_bought_unpaid() -> Broken:
    """INV-13 and INV-14: what is shown is worth no more than what was taken and kept."""
    unpaid = Q(line__order__paid_at=None)
    for row in Purchase.objects.filter(unpaid):
        yield f"INV-13: {row} for an order nobody paid"
    for order in Order.objects.all():
        shown = Delivery.objects.filter(line__order=order, released_at__isnull=False)
        value = sum((row.line.unit_amount for row in shown.select_related("line")), ZERO)
        captured, refunded = _money(order)
        if value > captured - refunded:
            yield f"INV-13: {order} shows {value} for {captured - refunded}"


def the_ledger_tells_all(books: dict[str, Any]) -> Broken:
    """INV-16: entries are exactly the effects; costs are what the partner kept for our orders."""
    effects = {("sale", str(row.pk)): row.amount for row in Capture.objects.filter(status="done")}
    effects |= {("refund", str(row.pk)): row.amount for row in Refund.objects.filter(status="done")}
    costs = {}
    for kind, reference, amount in Entry.objects.values_list("kind", "reference", "amount"):
        if kind == "cost":
            costs[reference] = amount
        elif effects.pop((kind, reference), None) != amount:
            yield f"INV-16: an entry of {amount} for {kind} {reference}"
    for (kind, reference), amount in effects.items():
        yield f"INV-16: {kind} {reference} of {amount} is not in the ledger"
    kept: dict[str, Decimal] = defaultdict(Decimal)
    ids = {row["id"]: row["external_id"] for row in books["orders"]}
    for row in books["ledger"]:
        if row["order_id"] in ids:
            kept[ids[row["order_id"]]] -= row["amount"]
    for purchase in Purchase.objects.filter(finished_at__isnull=False):
        paid, booked = kept[purchase.external_id], costs.get(purchase.external_id, ZERO)
        if paid != booked:
            yield f"INV-16: {purchase} cost {paid}, booked are {booked}"


def ended_purchases_lead_somewhere() -> Broken:
    """INV-8: whatever is not at its end is due, held by a worker, or before a person."""
    for row in Purchase.objects.filter(finished_at=None, due_at=None):
        if row.status != buying.Status.IN_REVIEW:
            yield f"INV-8: {row} is {row.status} and nothing is due"
    for order in Order.objects.filter(status__in=ordering.UNDER_WAY, settle_due_at=None):
        if not Purchase.objects.filter(line__order=order, finished_at=None).exists():
            yield f"INV-8: {order} is {order.status}, all has ended and nothing is due"


def _chain(row: Any, start: str, end: str, steps: list[tuple[str, str]], moves: Any) -> Broken:
    at = start
    for old, new in steps:
        if old != at or (old != new and new not in moves[old]):
            yield f"INV-5: {row} went {old} -> {new} while {at}"
        at = new
    if at != end:
        yield f"INV-5: {row} is {end}, its events end at {at}"


def _value(purchases: Any) -> Decimal:
    rows = purchases.select_related("line")
    return sum((row.line.unit_amount * row.delivered for row in rows), ZERO)


def _money(order: Order) -> tuple[Decimal, Decimal]:
    payments = Payment.objects.filter(order=order)
    return (
        sum((payment.captured_amount for payment in payments), ZERO),
        sum((payment.refunded_amount for payment in payments), ZERO),
    )

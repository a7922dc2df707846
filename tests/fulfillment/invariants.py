"""What must hold at any moment, whatever failed: checked from the rows, the partner's own books and
the till's, never through the code that wrote them.

Numbers are those of the promises the shop makes. Each check yields its violations in words.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from storefront.core.refs import external_id
from storefront.core.sealed import open_sealed
from storefront.fulfillment import states as buying
from storefront.fulfillment import waits
from storefront.fulfillment.actions.starting import leg
from storefront.fulfillment.states import Status
from storefront.orders import states as ordering
from storefront.orders.goods import Goods
from storefront.orders.states import Freeze
from storefront.payments import states as paying
from tests.fulfillment.snapshot import ZERO, Snapshot, take, total

if TYPE_CHECKING:
    from tests.fulfillment.bench import Bench

Broken = Iterator[str]
GONE = {"failed", "cancelled"}


def check(bench: "Bench") -> None:
    """Fail with every violation there is."""
    seen = take(bench)
    violations = [words for invariant in INVARIANTS for words in invariant(seen)]
    assert not violations, "\n".join(violations)


def one_live_partner_order_per_chunk(seen: Snapshot) -> Broken:
    """INV-1, over all attempts of a chunk."""
    chunks = {row.external_id: (row.line_id, row.chunk) for row in seen.purchases}
    alive = Counter(
        chunks.get(sold["external_id"]) for sold in seen.sold if sold["status"] not in GONE
    )
    for chunk, count in alive.items():
        if chunk is not None and count > 1:
            yield f"INV-1: chunk {chunk[1]} of line {chunk[0]} was bought {count} times"


def ids_follow_from_the_leg(seen: Snapshot) -> Broken:
    """INV-3."""
    for row in seen.purchases:
        chunk = leg(row.line_id, row.chunk)
        if row.external_id != external_id(chunk, row.attempt, environment="D"):
            yield f"INV-3: {row.external_id} is not the id of its leg"


def every_partner_order_is_known(seen: Snapshot) -> Broken:
    """INV-4."""
    for stranger in {row["external_id"] for row in seen.sold} - {
        row.external_id for row in seen.purchases
    }:
        yield f"INV-4: nobody knows {stranger}"


def rows_move_as_declared(seen: Snapshot) -> Broken:
    """INV-5 and INV-15: events are one unbroken chain of declared moves and end where the row is;
    what has ended never moves.
    """
    for purchase in seen.purchases:
        steps = seen.purchase_steps[purchase.pk]
        yield from _chain(purchase, "ready", purchase.status, steps, buying.MOVES)
    for order in seen.orders:
        steps = seen.order_steps[order.pk]
        yield from _chain(order, "awaiting_payment", order.status, steps, ordering.MOVES)
    for payment in seen.payments:
        steps = seen.payment_steps[payment.pk]
        yield from _chain(payment, "open", payment.status, steps, paying.MOVES)


def not_placed_was_waited_for(seen: Snapshot) -> Broken:
    """INV-6."""
    for row in seen.purchases:
        if row.status != Status.NOT_PLACED:
            continue
        sent, first, ended = row.last_post_at, row.first_miss_at, row.finished_at
        if (
            sent is None or first is None or ended is None
            or first - sent < waits.NOT_PLACED
            or ended - first < waits.BETWEEN_LOOKUPS
            or row.misses < 2
        ):  # fmt: skip
            yield f"INV-6: {row}, sent {sent}, first missed {first}, was given up {ended}"


def deliveries_are_what_the_partner_sold(seen: Snapshot) -> Broken:
    """INV-7 and INV-24: the partner's units of this very order, each once, sealed for its row."""
    sold = {row["external_id"]: row for row in seen.sold if row["status"] not in GONE}
    for row in seen.purchases:
        ours = [item for item in seen.deliveries if item.source == row.pk]
        if len(ours) != row.delivered or any(item.line_id != row.line_id for item in ours):
            yield f"INV-7: {row} says {row.delivered} delivered, there are {len(ours)}"
        if (row.status == Status.COMPLETED) != (row.delivered == row.quantity):
            yield f"INV-7: {row} is {row.status} with {row.delivered} of {row.quantity}"
        items = sold[row.external_id]["items"] if row.external_id in sold else []
        known = {text for item in items for unit in item["delivery_data"] for text in unit.values()}
        for item in ours:
            goods = Goods.from_sealed_form(open_sealed(item.sealed, context=item.seal_context))
            if goods.code and goods.code.reveal() not in known:
                yield f"INV-24: {row} delivered a code that the partner did not sell for it"


def payments_stay_within_orders(seen: Snapshot) -> Broken:
    """INV-9."""
    for payment in seen.payments:
        lines = [line for line in seen.lines if line.order_id == payment.order_id]
        price = total(line.unit_amount * line.quantity for line in lines)
        if (payment.amount, payment.currency) != (price, payment.order.currency):
            yield f"INV-9: {payment} for an order of {price}"
        if not ZERO <= payment.captured_amount <= payment.amount:
            yield f"INV-9: {payment} captured {payment.captured_amount}"
    taken = Counter(
        row.order_id for row in seen.payments if row.status in {"authorised", "captured"}
    )
    for order_id, count in taken.items():
        if count > 1:
            yield f"INV-9: {order_id} was paid {count} times"


def settled_orders_balance(seen: Snapshot) -> Broken:
    """INV-10, without tolerance."""
    for order in seen.orders:
        if order.status not in ordering.SETTLED or order.paid_at is None:
            continue
        captured, refunded = seen.money_of(order)
        if order.frozen_because == Freeze.HOLD_LOST:  # codes came, money did not: nothing is shown
            if captured or any(item.released_at for item in seen.delivered_to(order)):
                yield f"INV-13: {order} lost its hold, took {captured} and shows a code"
            continue
        value = total(row.line.unit_amount * row.delivered for row in seen.of(order))
        if captured != value + refunded:
            yield f"INV-10: {order}: took {captured}, delivered {value}, returned {refunded}"
        if any(row.finished_at is None for row in seen.of(order)):
            yield f"INV-10: {order} is {order.status} while a purchase goes on"
        if any(item.released_at is None for item in seen.delivered_to(order)):
            yield f"INV-10: {order} is {order.status} and hides a code that was paid"


def refunds_stay_within_captures(seen: Snapshot) -> Broken:
    """INV-11, pending ones included."""
    for payment in seen.payments:
        given = total(
            row.amount
            for row in seen.refunds
            if row.payment_id == payment.pk and row.status != paying.EffectStatus.FAILED
        )
        if given != payment.refunded_amount or given > payment.captured_amount:
            yield f"INV-11: {payment} took {payment.captured_amount}, returns {given}"


def the_till_saw_only_our_intents(seen: Snapshot) -> Broken:
    """INV-12: each effect has its stored intent, each finished intent its effect, amounts agree."""
    intents = {row.key: row for row in [*seen.captures, *seen.refunds]}
    voids = {f"void-{row.pk}" for row in seen.payments}
    for key, effect in seen.effects.items():
        if key in intents and intents[key].amount != effect.amount:
            yield f"INV-12: {key} moved {effect.amount} instead of {intents[key].amount}"
        elif key not in intents and key not in voids:
            yield f"INV-12: {key} has no intent"
    for key, intent in intents.items():
        if intent.status == paying.EffectStatus.DONE and key not in seen.effects:
            yield f"INV-12: {key} is done, the till knows nothing of it"
    for row in seen.payments:
        if row.status == paying.Status.VOIDED and f"void-{row.pk}" not in seen.effects:
            yield f"INV-12: {row} is released, the till still holds it"


def nothing_is_shown_or_bought_unpaid(seen: Snapshot) -> Broken:
    """INV-13 and INV-14: what is shown is worth no more than what was taken and kept."""
    for order in seen.orders:
        if order.paid_at is None and seen.of(order):
            yield f"INV-13: {order} is bought and nobody paid"
        shown = [item for item in seen.delivered_to(order) if item.released_at]
        value = total(item.line.unit_amount for item in shown)
        captured, refunded = seen.money_of(order)
        if value > captured - refunded:
            yield f"INV-13: {order} shows {value} for {captured - refunded}"


def the_ledger_tells_all(seen: Snapshot) -> Broken:
    """INV-16: entries are exactly the effects; costs are what the partner kept for our orders."""
    done = paying.EffectStatus.DONE
    effects = {("sale", str(row.pk)): row.amount for row in seen.captures if row.status == done}
    effects |= {("refund", str(row.pk)): row.amount for row in seen.refunds if row.status == done}
    costs = {row.reference: row.amount for row in seen.entries if row.kind == "cost"}
    for row in seen.entries:
        if row.kind != "cost" and effects.pop((row.kind, row.reference), None) != row.amount:
            yield f"INV-16: an entry of {row.amount} for {row.kind} {row.reference}"
    for (kind, reference), amount in effects.items():
        yield f"INV-16: {kind} {reference} of {amount} is not in the ledger"
    kept: dict[str, Decimal] = defaultdict(Decimal)
    ids = {row["id"]: row["external_id"] for row in seen.sold}
    for booked in seen.partner_ledger:
        if booked["order_id"] in ids:
            kept[ids[booked["order_id"]]] -= booked["amount"]
    for purchase in seen.purchases:
        paid, cost = kept[purchase.external_id], costs.get(purchase.external_id, ZERO)
        if purchase.finished_at and paid != cost:
            yield f"INV-16: {purchase} cost {paid}, booked are {cost}"


def whatever_goes_on_is_due(seen: Snapshot) -> Broken:
    """INV-8: what is not at its end is due, held by a worker, or before a person."""
    for row in seen.purchases:
        if row.finished_at is None and row.due_at is None and row.status != Status.IN_REVIEW:
            yield f"INV-8: {row} is {row.status} and nothing is due"
    for order in seen.orders:
        idle = order.status in ordering.UNDER_WAY and order.settle_due_at is None
        if idle and all(row.finished_at for row in seen.of(order)):
            yield f"INV-8: {order} is {order.status}, all has ended and nothing is due"


INVARIANTS = (
    one_live_partner_order_per_chunk,
    ids_follow_from_the_leg,
    every_partner_order_is_known,
    rows_move_as_declared,
    not_placed_was_waited_for,
    deliveries_are_what_the_partner_sold,
    payments_stay_within_orders,
    settled_orders_balance,
    refunds_stay_within_captures,
    the_till_saw_only_our_intents,
    nothing_is_shown_or_bought_unpaid,
    the_ledger_tells_all,
    whatever_goes_on_is_due,
)


def _chain(row: Any, start: str, end: str, steps: list[tuple[str, str]], moves: Any) -> Broken:
    at = start
    for old, new in steps:
        if old != at or (old != new and new not in moves[old]):
            yield f"INV-5: {row} went {old} -> {new} while {at}"
        at = new
    if at != end:
        yield f"INV-5: {row} is {end}, its events end at {at}"

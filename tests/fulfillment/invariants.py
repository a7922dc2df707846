"""What must hold at any moment, whatever failed: every check of `manage.py check_invariants`, with
the sandbox's own books for the partner's, and beside them what only a test can know: the till's
books, and the texts of the codes the partner sold.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from storefront.audit import checks
from storefront.audit.actions import check as check_rows
from storefront.audit.check import Moment
from storefront.core.sealed import open_sealed
from storefront.fulfillment.models import Purchase
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order
from storefront.payments.models import Capture, Payment, Refund
from storefront.payments.queries import BY_STAFF
from storefront.payments.states import EffectStatus, Status
from storefront.reconciliation import books

if TYPE_CHECKING:
    from tests.fulfillment.bench import Bench, Json

Broken = Iterator[str]
GONE = {"failed", "cancelled"}
ZERO = Decimal(0)


def check(bench: "Bench") -> None:
    """Fail with every violation there is."""
    # The bench's clock stands where tests put it: nothing is idle, and the partner has another one.
    moment = Moment(now=bench.clock.now, idle=None, orphan=None)
    truth = bench.partner.control.ledger()
    # Tests sell below cost where that makes rounding interesting.
    results = list(check_rows(moment, which=tuple(c for c in checks.OURS if c.invariant != 29)))
    with books.beside(map(_sold, truth["orders"]), map(_charge, filter(_is_ours, truth["ledger"]))):
        results += check_rows(moment, which=checks.WITH_PARTNER)
    violations = [
        f"{result.check.name} ({result.count}): {words}"
        for result in results
        for words in result.examples
    ]
    violations += codes_are_what_the_partner_sold(truth["orders"])
    violations += the_till_saw_only_our_intents(bench)
    violations += what_is_shown_was_paid_for()
    assert not violations, "\n".join(violations)


def codes_are_what_the_partner_sold(orders: "list[Json]") -> Broken:
    """INV-7 and INV-24, letter by letter."""
    sold = {row["external_id"]: row for row in orders if row["status"] not in GONE}
    ids = dict(Purchase.objects.values_list("pk", "external_id"))
    for item in Delivery.objects.all():
        order = sold.get(ids[item.source])
        units = [unit for part in order["items"] for unit in part["delivery_data"]] if order else []
        known = {text for unit in units for text in unit.values()}
        # An eSIM that comes in parts is delivered as what those parts make.
        known |= {
            f"LPA:1${unit['smdp_address']}${unit['activation_code']}"
            for unit in units
            if {"smdp_address", "activation_code"} <= set(unit)
        }
        goods = Goods.from_sealed_form(open_sealed(item.sealed, context=item.seal_context))
        if goods.code and goods.code.reveal() not in known:
            yield f"INV-24: {ids[item.source]} delivered a code the partner did not sell for it"


def the_till_saw_only_our_intents(bench: "Bench") -> Broken:
    """INV-12: each effect has its stored intent, each finished intent its effect, amounts agree."""
    intents = {row.key: row for row in [*Capture.objects.all(), *Refund.objects.all()]}
    payments = list(Payment.objects.all())
    voids = {f"void-{row.pk}" for row in payments}
    effects = dict(bench.till.effects)
    for key, effect in effects.items():
        if key in intents and intents[key].amount != effect.amount:
            yield f"INV-12: {key} moved {effect.amount} instead of {intents[key].amount}"
        elif key not in intents and key not in voids:
            yield f"INV-12: {key} has no intent"
    for key, intent in intents.items():
        if intent.status == EffectStatus.DONE and key not in effects:
            yield f"INV-12: {key} is done, the till knows nothing of it"
    for row in payments:
        if row.status == Status.VOIDED and f"void-{row.pk}" not in effects:
            yield f"INV-12: {row} is released, the till still holds it"


def what_is_shown_was_paid_for() -> Broken:
    """INV-13: what is shown is worth no more than was taken and not returned for want of it.

    What staff give back is their decision: the codes were paid for when they were shown.
    """
    for order in Order.objects.filter(lines__deliveries__released_at__isnull=False).distinct():
        shown = Delivery.objects.filter(line__order=order, released_at__isnull=False)
        value = sum((item.line.unit_amount for item in shown.select_related("line")), ZERO)
        kept = sum((row.captured_amount - _missing(row) for row in order.payments.all()), ZERO)
        if value > kept:
            yield f"INV-13: {order} shows {value} for {kept}"


def _missing(payment: Payment) -> Decimal:
    """What went back because it did not come."""
    rows = payment.refunds.exclude(reference__startswith=BY_STAFF)
    return sum((row.amount for row in rows.exclude(status=EffectStatus.FAILED)), ZERO)


def _sold(row: "Json") -> books.Sold:
    item = row["items"][0]
    # The catalog says what was ordered; a plan may have made the partner's answer lie about it.
    return books.Sold(
        row["external_id"], row["id"], row["status"], item["sku_id"], item["quantity"],
        len(item["delivery_data"] or []), None,
    )  # fmt: skip


def _charge(row: "Json") -> books.Charge:
    return books.Charge(row["order_id"], row["amount"], row["currency"])


def _is_ours(row: "Json") -> bool:
    return row["order_id"] is not None

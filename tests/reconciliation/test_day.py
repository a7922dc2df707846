"""A whole day is compared: every planted difference is named, and nothing else."""

from datetime import timedelta
from decimal import Decimal

from storefront.reconciliation import actions
from storefront.reconciliation.models import Break
from tests.audit.test_checks import sql
from tests.fulfillment.bench import Bench
from tests.reconciliation.day import COST, Day, make


def plant(day: Day) -> None:
    """Seventeen differences, each in an order of its own; which, is in `day.planted`."""
    world, account = day.world, day.world.account

    def named(kind: str, subject: str) -> None:
        assert subject not in day.planted
        day.planted[subject] = kind

    day.charge(day.sold[1], -COST)
    named("charged_twice", day.sold[1].external_id)

    day.charge(day.sold[2], Decimal("0.70"), kind="refund")
    named("charge_differs", day.sold[2].external_id)

    failed = next(order for order in day.sold.values() if order.status == "failed")
    day.charge(failed, -COST)
    named("refund_missing", failed.external_id)

    partly = next(row for row in day.sold.values() if row.status == "partially_completed")
    partly.delivery.append({"pin": "late"})
    named("units_differ", partly.external_id)

    del world.orders[day.sold[3].id]
    named("order_missing", day.sold[3].external_id)

    day.sold[4].sku_id = "019bc0dd-8434-7246-a0fa-000000000002"
    named("goods_differ", day.sold[4].external_id)

    day.sold[5].status, day.sold[5].delivery = "cancelled", []
    named("not_sold", day.sold[5].external_id)

    late = [order for order in day.sold.values() if order.status == "failed"][1]
    late.status, late.delivery = "completed", [{"pin": "late"}]
    day.charge(late, -COST)
    named("sold_after_all", late.external_id)

    for place, external_id in ((1, "GD-BBBBBBBBBBBB-01-X"), (2, "somebody-else")):
        copy = type(day.sold[6])(**{
            **{name: getattr(day.sold[6], name) for name in type(day.sold[6]).__slots__},
            "id": f"other-{place}", "number": 10**6 + place, "external_id": external_id,
        })  # fmt: skip
        world.add(copy)
        day.charge(copy, -COST)
        named("order_unknown" if place == 1 else "order_foreign", external_id)

    account.book("charge", -COST, at=day.sold[7].created_at, order_id="nobody")
    named("charge_unknown", "nobody")

    account.book("adjustment", Decimal(-1), at=day.sold[7].created_at)
    named("unexplained", "adjustment of -1 USD")

    # A charge the partner never wrote, though the money went: the ledger does not add up, and the
    # order has no charge.
    lost = day.sold[8]
    row = next(row for row in account.rows if row.order_id == lost.id)
    account.rows.remove(row)
    named("charge_missing", lost.external_id)
    named("gap", "one")

    sql("delete from ledger_entry where kind = 'cost' and reference = %s", day.sold[9].external_id)
    named("cost_unbooked", day.sold[9].external_id)

    sql("update ledger_entry set amount = amount + 1 where kind = 'sale' and order_number = %s",
        "N00000010")  # fmt: skip
    named("sale_differs", "N00000010")

    number = f"N{number_of(day, partly):08}"
    for statement in (
        (
            "update payments_payment set captured_amount = amount where order_id in"
            " (select id from orders_order where number = %s)"
        ),
        (
            "update payments_capture c set amount = p.amount"
            " from payments_payment p, orders_order o"
            " where p.id = c.payment_id and o.id = p.order_id and o.number = %s"
        ),
        "update ledger_entry set amount = 21 where kind = 'sale' and order_number = %s",
    ):
        sql(statement, number)
    named("kept_too_much", number)


def number_of(day: Day, wanted: object) -> int:
    return next(i for i, order in day.sold.items() if order is wanted)


def named(row: Break) -> tuple[str, str]:
    """The kind, and what it is about as `plant` calls it."""
    if row.kind == "gap":
        return "one", row.kind
    if row.kind == "unexplained":
        return row.says, row.kind
    if row.kind == "sale_differs":
        return row.order_number, row.kind
    return row.subject, row.kind


MANY = 10_000


def test_a_day_of_orders_names_every_planted_difference_and_nothing_else(shop: Bench) -> None:
    day = make(shop.partner.world, many=MANY)
    run = actions.reconcile(client=shop.client, by="beat", now=day.now)
    assert (run.error, list(Break.objects.all())) == ("", [])
    assert run.counts["purchases"] == MANY - MANY // 20

    Break.objects.all().delete()
    plant(day)
    # What was planted is in the past, where the mirror has been: read all of it anew.
    sql("delete from reconciliation_mirroredtransaction")
    run = actions.reconcile(client=shop.client, by="beat", now=day.now + timedelta(minutes=1))
    assert run.error == ""
    assert dict(map(named, Break.objects.filter(closed_at=None))) == day.planted
    assert len(set(day.planted.values())) >= 12

"""Each difference between the books is named for what it is, ends with its cause, and only then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from partner_api.models import Balance
from partner_api.sandbox.account import Row
from partner_api.sandbox.orders import Order as Sold
from storefront.cases.models import Case
from storefront.reconciliation import actions, comparing
from storefront.reconciliation.books import LONG_AGO
from storefront.reconciliation.kinds import ADVICE, Cause
from storefront.reconciliation.models import Break, Comparison
from tests.audit.test_checks import sql
from tests.fulfillment.bench import Bench, Wish


def settled() -> datetime:
    """A time at which everything done so far has settled in both books."""
    return datetime.now(UTC) + timedelta(hours=2)


def reconcile(shop: Bench) -> Comparison:
    return actions.reconcile(client=shop.client, by="alice", now=settled(), since=LONG_AGO)


def found(shop: Bench) -> dict[str, Decimal]:
    """The open differences after a comparison: the amount by the kind."""
    run = reconcile(shop)
    assert run.error == ""
    rows = list(Break.objects.filter(closed_at=None))
    assert len({row.kind for row in rows}) == len(rows), rows
    return {row.kind: row.amount for row in rows}


@pytest.fixture
def past(shop: Bench) -> Bench:
    """Delivered, partly delivered with the rest given back, failed, and held for funds."""
    shop.paid(Wish(quantity=2))
    shop.work()
    shop.plan(status="partially_completed", delivered=1)
    shop.paid(Wish(quantity=2))
    shop.plan(status="failed")
    shop.paid()
    shop.work()
    shop.fault("402", next=None)
    shop.paid()
    shop.work()
    shop.faults_end()
    return shop


def sold(shop: Bench, status: str = "completed") -> Sold:
    """The partner's only order of this status."""
    (order,) = [row for row in shop.partner.world.orders.values() if row.status == status]
    return order


def charge_of(shop: Bench, order: Sold) -> Row:
    rows = shop.partner.world.account.rows
    return next(row for row in rows if row.order_id == order.id and row.amount < 0)


def book(shop: Bench, kind: str, amount: str, order: Sold | None = None) -> None:
    world = shop.partner.world
    world.account.book(
        kind, Decimal(amount), at=world.clock.now(), order_id=order.id if order else None
    )


def again(shop: Bench, **changes: Any) -> Sold:
    """The partner has one more order, like the completed one."""
    world = shop.partner.world
    copy = replace(sold(shop), id="aaaaaaaa-0000-4000-8000-000000000000", number=999, **changes)
    world.add(copy)
    return copy


def bought_twice(shop: Bench) -> None:
    book(shop, "charge", "-19.40", again(shop))


def order_missing(shop: Bench) -> None:
    order = sold(shop)
    del shop.partner.world.orders[order.id]


def not_sold(shop: Bench) -> None:
    order = sold(shop)
    order.status, order.delivery = "cancelled", []
    book(shop, "refund", "19.40", order)


def sold_after_all(shop: Bench) -> None:
    unit = sold(shop).delivery[0]
    order = sold(shop, "failed")
    order.status, order.delivery = "completed", [dict(unit)]
    book(shop, "charge", "-9.70", order)


def goods_differ(shop: Bench) -> None:
    sold(shop).quantity = 5


def units_differ(shop: Bench) -> None:
    sold(shop).delivery.pop()


def order_unknown(shop: Bench) -> None:
    book(shop, "charge", "-3", again(shop, external_id="GD-AAAAAAAAAAAA-01-X"))


def order_foreign(shop: Bench) -> None:
    book(shop, "charge", "-4", again(shop, external_id="another-shop-7"))


def charged_twice(shop: Bench) -> None:
    book(shop, "charge", "-19.40", sold(shop))


def charge_missing(shop: Bench) -> None:
    # The charge was never made: no balance knows of it.
    account = shop.partner.world.account
    row = charge_of(shop, sold(shop))
    place = account.rows.index(row)
    account.rows.remove(row)
    for later in account.rows[place:]:
        later.balance_after -= row.amount
    account.balance -= row.amount


def charge_differs(shop: Bench) -> None:
    book(shop, "refund", "0.40", sold(shop))


def charge_unknown(shop: Bench) -> None:
    world = shop.partner.world
    world.account.book("charge", Decimal(-8), at=world.clock.now(), order_id="nobody")


def refund_missing(shop: Bench) -> None:
    book(shop, "charge", "-9.70", sold(shop, "failed"))


def cost_unbooked(shop: Bench) -> None:
    sql("delete from ledger_entry where kind = 'cost' and amount > 10")


def unexplained(shop: Bench) -> None:
    book(shop, "adjustment", "-1.25")


def gap(shop: Bench) -> None:
    account = shop.partner.world.account
    at = account.rows[-1].created_at + timedelta(seconds=1)
    account.balance -= 3
    account.book("topup", Decimal(10), at=at)


def balance_differs(shop: Bench) -> None:
    shop.partner.world.account.balance += 5


def taken(amount: str, instead_of: str) -> None:
    """The shop took this, and its books say so."""
    sql(
        f"update payments_payment set captured_amount = {amount}"  # noqa: S608  the test's own
        f" where captured_amount = {instead_of};"
        f"update payments_capture set amount = {amount} where amount = {instead_of};"
        f"update ledger_entry set amount = {amount} where kind = 'sale' and amount = {instead_of}"
    )


def kept_too_much(_shop: Bench) -> None:
    taken("21", instead_of="10.5")


def gave_too_much(_shop: Bench) -> None:
    taken("20", instead_of="21")


def bought_unpaid(shop: Bench) -> None:
    sql(
        "delete from ledger_entry where kind = 'sale' and amount = 21;"
        "delete from payments_capture where amount = 21;"
        "update payments_payment set captured_amount = 0 where captured_amount = 21"
    )


def sale_differs(shop: Bench) -> None:
    sql("update ledger_entry set amount = amount - 1 where kind = 'sale' and amount = 21")


def refund_differs(shop: Bench) -> None:
    sql("insert into ledger_entry (kind, reference, order_number, amount, currency, at)"
        " values ('refund', 'x', 'N', 2, 'USD', now())")  # fmt: skip


PLANTED: dict[Callable[[Bench], None], str | None] = {
    bought_twice: "-19.40",
    order_missing: "19.40",
    not_sold: "19.40",
    sold_after_all: "-9.70",
    goods_differ: "0",
    units_differ: "0",
    order_unknown: "-3",
    order_foreign: "-4",
    charged_twice: "-19.40",
    charge_missing: "19.40",
    charge_differs: "0.40",
    charge_unknown: "-8",
    refund_missing: "-9.70",
    cost_unbooked: "-19.40",
    unexplained: "-1.25",
    gap: "-3",
    balance_differs: "5",
    kept_too_much: "10.50",
    gave_too_much: "-1",
    bought_unpaid: "-19.40",
    sale_differs: "-1",
    refund_differs: "2",
}


def test_sound_books_do_not_differ(past: Bench) -> None:
    assert found(past) == {}
    run = Comparison.objects.get()
    assert run.counts["purchases"] == 3, "what is still held has not settled"
    assert run.counts["orders"] == 3
    assert run.counts["payments"] == 4
    assert run.counts["breaks"] == 0


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_difference_is_named_and_nothing_else(
    past: Bench, plant: Callable[[Bench], None]
) -> None:
    plant(past)
    assert found(past) == {plant.__name__: Decimal(PLANTED[plant] or 0)}


def test_a_row_that_is_gone_is_named(past: Bench) -> None:
    book(past, "topup", "5")
    assert found(past) == {}
    past.partner.world.account.rows.pop()
    assert found(past) == {Cause.ROW_GONE: Decimal(-5)}


def test_another_currency_is_named(past: Bench) -> None:
    sql("update fulfillment_purchase set cost_currency = 'EUR' where delivered = 2")
    assert set(found(past)) == {Cause.CURRENCY_DIFFERS}


def test_an_available_amount_that_is_not_the_sum_of_its_parts_is_named() -> None:
    def told(available: str) -> list[str]:
        balance = Balance(
            balance=Decimal(10), currency="USD", reserved_amount=Decimal(2),
            available_balance=Decimal(available), allow_overdraft=True,
            overdraft_limit=Decimal(100), is_overdrafted=False,
        )  # fmt: skip
        return [row.kind for row in comparing.parts_that_differ(balance, settled())]

    assert told("108") == []
    assert told("107.99") == [Cause.AVAILABLE_DIFFERS]


def test_every_kind_is_explained_and_was_planted() -> None:
    planted = {plant.__name__ for plant in PLANTED}
    others = {Cause.ROW_GONE, Cause.CURRENCY_DIFFERS, Cause.AVAILABLE_DIFFERS}
    assert planted | others == set(Cause.values) == set(ADVICE)


def test_a_difference_stays_one_row_and_ends_with_its_cause(past: Bench) -> None:
    units = sold(past).delivery
    gone = units.pop()
    assert set(found(past)) == {"units_differ"}
    first = Break.objects.get()
    assert set(found(past)) == {"units_differ"}
    assert Case.objects.get(kind=actions.OPEN, closed_at=None).subject == "units_differ"

    units.append(gone)
    assert found(past) == {}
    ended = Break.objects.get(pk=first.pk)
    assert ended.closed_by == "system"
    assert ended.reason == ""
    assert not Case.objects.filter(kind=actions.OPEN, closed_at=None).exists()


def test_an_accepted_difference_stays_so_while_its_amount_does(past: Bench) -> None:
    book(past, "adjustment", "-1")
    reconcile(past)
    (row,) = Break.objects.all()
    actions.accept(found=row, reason="the partner's fee", by="bob", now=settled())
    assert found(past) == {}
    assert not Case.objects.filter(kind=actions.OPEN, closed_at=None).exists()
    with pytest.raises(actions.AlreadyClosed):
        actions.accept(found=row, reason="again", by="carol", now=settled())

    charge_differs(past)
    assert set(found(past)) == {"charge_differs"}
    (row,) = Break.objects.filter(closed_at=None)
    actions.accept(found=row, reason="agreed", by="bob", now=settled())
    assert found(past) == {}
    charge_differs(past)
    assert found(past) == {"charge_differs": Decimal("0.80")}


def test_a_comparison_that_breaks_off_concludes_nothing(past: Bench) -> None:
    sold(past).delivery.pop()
    reconcile(past)
    past.fault("503", endpoint="orders", next=None)
    run = reconcile(past)
    assert "503" in run.error or run.error
    assert Break.objects.get().closed_at is None
    assert Case.objects.filter(kind=actions.UNCOMPARED, closed_at=None).exists()
    past.faults_end()
    reconcile(past)
    assert not Case.objects.filter(kind=actions.UNCOMPARED, closed_at=None).exists()


def test_the_command_prints_the_differences_and_fails(
    past: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.partner.client", lambda: past.client)
    monkeypatch.setattr("storefront.reconciliation.management.commands.reconcile.now", settled)
    call_command("reconcile", "--days", "10000", stdout=StringIO())
    sold(past).quantity = 5
    out = StringIO()
    with pytest.raises(CommandError, match="1 open"):
        call_command("reconcile", "--days", "10000", stdout=out)
    assert "The partner sold something else" in out.getvalue()


def test_old_differences_are_looked_at_until_they_end(past: Bench) -> None:
    units = sold(past).delivery
    gone = units.pop()
    reconcile(past)
    units.append(gone)
    later = settled() + timedelta(days=400)
    actions.reconcile(client=past.client, by="beat", now=later)
    assert Break.objects.get().closed_by == "system"

"""Each check names the breach that was planted for it, and a sound shop has none.

Rows are changed behind the shop's back, also where triggers and constraints forbid it: a check that
leans on them would see nothing when they fail.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from storefront.audit import actions, checks
from storefront.audit.check import Check, Moment
from storefront.cases.models import Case
from storefront.finance.actions import book
from storefront.fulfillment import waits
from storefront.reconciliation import books
from tests.fulfillment.bench import Bench, Wish


def sql(statement: str, *values: Any) -> None:
    """Change rows as nobody may: triggers and foreign keys look away."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)


@contextmanager
def without(table: str, *constraints: str) -> Iterator[None]:
    """The table without these constraints or indexes; the whole thing is undone afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"')
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
        yield
        transaction.set_rollback(True)


def sold_out(shop: Bench) -> None:
    """A shop with a past: delivered, partly delivered, failed, given back, and never placed."""
    shop.plan(status="partially_completed", delivered=1)
    shop.paid(Wish(quantity=2))
    shop.plan(status="failed")
    shop.paid()
    order = shop.paid(Wish(quantity=2), Wish())
    shop.work()
    shop.codes(order)
    shop.fault("drop_before", next=None)
    shop.paid()
    shop.work(waits.NOT_PLACED * 4)
    shop.faults_end()
    shop.order()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webhooks_partnerevent (idempotency_key, body_hash, event, external_id,"
            " partner_order_id, status, received_at, note) SELECT gen_random_uuid(), 'x', 'order',"
            " external_id, '', 'applied', created_at, '' FROM fulfillment_purchase"
        )
    book(now=shop.clock())


def found(shop: Bench, **changes: Any) -> dict[str, str]:
    """What is broken now: the first example by the name of the invariant."""
    moment = Moment(now=shop.clock.now, **{"orphan": None, **changes})
    results = list(actions.check(moment))
    results += actions.check_partner(shop.client, moment)
    return {one.check.name: one.examples[0] for one in results if one.count}


@dataclass(frozen=True)
class Planted:
    """A breach: what is done to the rows, and which invariant must be named for it."""

    invariant: int
    statement: str
    drop: tuple[str, ...] = ()  # a table, then what it must not have for this


PLANTED = {
    "a second live purchase": Planted(1,
        "insert into fulfillment_purchase select (jsonb_populate_record(p, jsonb_build_object("
        "'id', gen_random_uuid(), 'attempt', 2, 'external_id', 'GD-AAAAAAAAAAAA-02-X'))).*"
        " from fulfillment_purchase p where status = 'completed' limit 1",
        ("fulfillment_purchase", "one_live_purchase_per_chunk")),
    "a request nobody wrote down": Planted(2,
        "update fulfillment_purchase set posts = posts + 1 where status = 'completed'"),
    "an id of another leg": Planted(3,
        "update fulfillment_purchase set external_id = 'GD-AAAAAAAAAAAA-01-X'"
        " where status = 'partial'"),
    "a new attempt while the old one lives": Planted(3,
        "update fulfillment_purchase set attempt = 2 where status = 'partial'"),
    "a purchase moved without an event": Planted(5,
        "update fulfillment_purchase set status = 'placed', finished_at = null, due_at = now()"
        " where status = 'partial'"),
    "a purchase's events tell of no such move": Planted(5,
        "update fulfillment_purchaseevent set from_status = 'failed'"
        " where to_status = 'completed'"),
    "an order moved without an event": Planted(5,
        "update orders_order set status = 'refunded' where status = 'completed'"),
    "given up too soon": Planted(6,
        "update fulfillment_purchase set first_miss_at = last_post_at where status = 'not_placed'"),
    "a delivery that is gone": Planted(7,
        "delete from orders_delivery where source ="
        " (select id from fulfillment_purchase where status = 'partial')"),
    "a delivery from nowhere": Planted(7,
        "update orders_delivery set source = gen_random_uuid()"),
    "a purchase that nothing will wake": Planted(8,
        "update fulfillment_purchase set finished_at = null, due_at = null"
        " where status = 'partial'",
        ("fulfillment_purchase", "finished_purchases_have_times")),
    "an order that nothing will settle": Planted(8,
        "update orders_order set status = 'processing', settle_due_at = null"
        " where status = 'failed'"),
    "a purchase due for long": Planted(8,
        "update fulfillment_purchase set due_at = '2020-01-01' where status = 'partial'"),
    "a purchase before nobody": Planted(8,
        "update fulfillment_purchase set status = 'in_review', finished_at = null"
        " where status = 'completed'"),
    "a payment of another amount": Planted(9,
        "update payments_payment set amount = amount + 1"),
    "an order paid twice": Planted(9,
        "insert into payments_payment select (jsonb_populate_record(p, jsonb_build_object("
        "'id', gen_random_uuid()))).* from payments_payment p where status = 'captured' limit 1",
        ("payments_payment", "one_taken_payment_per_order")),
    "a cent too much taken": Planted(10,
        "update payments_payment set captured_amount = captured_amount - 0.01"
        " where status = 'captured'"),
    "a settled order that goes on": Planted(10,
        "update fulfillment_purchase set finished_at = null, due_at = now()"
        " where status = 'completed'",
        ("fulfillment_purchase", "finished_purchases_have_times")),
    "a paid code that is hidden": Planted(10,
        "update orders_delivery set released_at = null where id not in"
        " (select delivery_id from orders_reveal)"),
    "more given back than taken": Planted(11,
        "insert into payments_refund (id, status, amount, created_at, reference, reason, by,"
        " payment_id) select gen_random_uuid(), 'pending', 99, now(), 'x', '', 'x', id"
        " from payments_payment where status = 'captured' limit 1"),
    "taken without an intent": Planted(12,
        "update payments_capture set status = 'pending'"),
    "bought and never paid": Planted(13,
        "update orders_order set paid_at = null where status = 'failed'",
        ("orders_order", "orders_under_way_were_paid")),
    "shown for nothing": Planted(13,
        "update payments_payment set captured_amount = 0 where status = 'captured'"),
    "seen before it was released": Planted(13,
        "update orders_delivery set released_at = now() + interval '100 years'"),
    "seen after it was given back": Planted(14,
        "with p as (update payments_payment set refunded_amount = captured_amount"
        " where status = 'captured' returning id, captured_amount)"
        " insert into payments_refund (id, status, amount, created_at, reference, reason, by,"
        " payment_id) select gen_random_uuid(), 'pending', captured_amount, '2020-01-01',"
        " id::text, '', 'x', id from p"),
    "a frozen code that was seen": Planted(14,
        "update orders_order set frozen_at = '2020-01-01', frozen_because = 'dispute'"),
    "a payment that went back": Planted(15,
        "update payments_payment set status = 'voided' where status = 'captured'"),
    "an effect the ledger does not know": Planted(16,
        "delete from ledger_entry where kind = 'sale'"),
    "a share that is too large": Planted(16,
        "update finance_share set amount = amount + 0.0001 where kind = 'sale'"),
    "a day's sum that is not of its shares": Planted(16,
        "update finance_dailymargin set fees = fees + 0.01"),
    "an order's margin that is gone": Planted(16,
        "delete from finance_ordermargin"),
    "a cost the ledger does not know": Planted(16,
        "delete from ledger_entry where kind = 'cost'"),
    "a guard that is gone": Planted(17,
        "alter table orders_orderline drop constraint lines_have_prices"),
    "a column of floats": Planted(17,
        "alter table orders_order add column tip double precision"),
    "an event about nothing of ours": Planted(18,
        "update webhooks_partnerevent set external_id = 'nobody'"),
    "an event that nobody follows": Planted(19,
        "update webhooks_partnerevent set status = 'received'"),
    "a delivery in many forms": Planted(21,
        "insert into webhooks_partnerevent (idempotency_key, body_hash, event, external_id,"
        " partner_order_id, status, received_at, note) select (select idempotency_key from"
        " webhooks_partnerevent limit 1), n::text::bytea, '', '', '', 'parked', now(), ''"
        " from generate_series(1, 9) n"),
    "a code in the open": Planted(22,
        "update orders_delivery set sealed = 'CODE-1234'::bytea"),
    "a code of another row": Planted(23,
        "update orders_delivery set sealed = (select sealed from orders_delivery"
        " order by id limit 1)"),
    "an index of another code": Planted(24,
        "update orders_delivery set code_index = sha256(code_index)"),
    "a look by nobody": Planted(25,
        "update orders_reveal set by = ''"),
    "prices of no whole run": Planted(27,
        "insert into catalog_catalogstate (id, version, priced_at, shelf)"
        " values (1, 1, now(), '{}')"),
    "sold below cost": Planted(29,
        "update orders_orderline set unit_cost = unit_amount + 1"),
    "more in one order than the partner takes": Planted(30,
        "update orders_orderline set max_per_order = 1 where quantity > 1"),
    "a description that runs": Planted(31,
        "update catalog_product set description_en = '<p onclick=x()>'"),
    "an order of ours that nobody knows": Planted(4,
        "delete from fulfillment_purchase where status = 'completed'"),
}  # fmt: skip


@pytest.fixture
def past(shop: Bench) -> Bench:
    sold_out(shop)
    return shop


def test_a_sound_shop_has_no_breach(past: Bench) -> None:
    assert found(past) == {}


def test_every_planted_breach_is_named(past: Bench) -> None:
    """In one shop, one after the other: each is undone before the next."""
    unseen = {}
    for what, planted in PLANTED.items():
        table, *constraints = planted.drop or ("orders_order",)
        with without(table, *constraints):
            with connection.cursor() as cursor:
                cursor.execute(planted.statement)
            broken = found(past)
        if f"INV-{planted.invariant}" not in broken:
            unseen[what] = broken
    assert unseen == {}
    assert found(past) == {}, "and all of them were undone"


def test_every_check_of_our_rows_has_its_breach() -> None:
    planted = {breach.invariant for breach in PLANTED.values()}
    assert {check.invariant for check in checks.OURS} <= planted


Books = Callable[[books.Sold], books.Sold]
LIES: dict[str, tuple[int, Books]] = {
    "the chunk was bought again": (1, lambda sold: sold),
    "another quantity": (7, lambda sold: sold._replace(quantity=77)),
    "another sku": (7, lambda sold: sold._replace(sku_id="x")),
    "one code fewer": (7, lambda sold: sold._replace(units=sold.units + 1)),
    "it failed": (7, lambda sold: sold._replace(status="failed")),
    "nothing is listed": (7, lambda sold: sold._replace(external_id="GD-BBBBBBBBBBBB-01-X")),
}


def against(shop: Bench, sold: list[books.Sold], charges: list[books.Charge]) -> set[str]:
    """What is broken when the partner's books are these."""
    moment = Moment(now=shop.clock.now, orphan=None)
    with books.beside(sold, charges):
        results = list(actions.check(moment, which=checks.WITH_PARTNER))
    return {one.check.name for one in results if one.count}


def test_the_partners_books_are_compared(past: Bench) -> None:
    truth, charges = list(books.sold_by(past.client)), list(books.charged_by(past.client))
    for lie, (invariant, change) in LIES.items():
        told = [change(sold) for sold in truth] + (truth if invariant == 1 else [])
        assert f"INV-{invariant}" in against(past, told, charges), lie

    doubled = [row._replace(amount=row.amount * 2) for row in charges]
    assert against(past, truth, doubled) == {"INV-16"}
    sold = [
        row._replace(status="completed", units=1) if row.status == "failed" else row
        for row in truth
    ]
    assert against(past, sold, charges) == {"INV-7"}, "what the customer got back was sold"


@pytest.fixture
def command(past: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run the command; what it prints. It raises CommandError as it exits 1."""
    monkeypatch.setattr("storefront.partner.client", lambda: past.client)

    def run(*words: str) -> str:
        out = StringIO()
        try:
            call_command("check_invariants", *words, stdout=out)
        finally:
            run.said = out.getvalue()  # type: ignore[attr-defined]  # for whoever expects the error
        return out.getvalue()

    return run


def test_the_command_prints_each_invariant_and_fails_when_one_is_broken(
    command: Callable[..., str],
) -> None:
    said = command("--partner")
    for check in (*checks.OURS, *checks.WITH_PARTNER):
        assert f"      0  {check.name:<7} {check.says}" in said
    assert said.endswith("0 breaches\n")

    sql("update orders_reveal set by = ''")
    with pytest.raises(CommandError, match="breaches"):
        command()
    assert "INV-25" in command.said  # type: ignore[attr-defined]  # see the fixture
    assert "names nobody" in command.said  # type: ignore[attr-defined]  # see the fixture


def test_the_command_fails_when_the_partner_does_not_answer(
    past: Bench, command: Callable[..., str]
) -> None:
    past.fault("503", endpoint="orders", next=None)
    with pytest.raises(CommandError, match="could not be read"):
        command("--partner")


def test_staff_hear_of_a_breach_by_night_until_it_is_gone(past: Bench) -> None:
    def cases() -> set[str]:
        rows = Case.objects.filter(kind=actions.BROKEN, closed_at=None)
        return set(rows.values_list("subject", flat=True))

    actions.nightly(client=past.client, now=past.clock())
    assert cases() == set()
    sql("update orders_reveal set by = ''")
    actions.nightly(client=past.client, now=past.clock())
    assert cases() == {"INV-25 (rows)"}
    sql("update orders_reveal set by = 'alice'")
    actions.nightly(client=past.client, now=past.clock())
    assert cases() == set()


def test_a_night_without_the_partners_books_is_told_too(shop: Bench) -> None:
    shop.fault("503", endpoint="orders", next=None)
    actions.nightly(client=shop.client, now=shop.clock())
    assert Case.objects.filter(kind=actions.UNCHECKED, closed_at=None).count() == 1
    shop.faults_end()
    actions.nightly(client=shop.client, now=shop.clock())
    assert Case.objects.filter(kind=actions.UNCHECKED, closed_at=None).count() == 0


def test_a_check_keeps_a_few_examples_of_however_many(shop: Bench) -> None:
    many = Check(invariant=0, says="", query="SELECT n::text FROM generate_series(1, 100000) n")
    result = many.run(Moment(now=shop.clock.now))
    assert (result.count, len(result.examples)) == (100_000, 5)

"""From the ledger to margins: every entry is in the figures once, to the last digit."""

import threading
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils.timezone import now

from storefront.catalog.models import ExchangeRate
from storefront.finance.actions import book
from storefront.finance.actions.booking import LATE
from storefront.finance.models import Booking, DailyMargin, OrderMargin, Share
from storefront.finance.queries import margin as queries
from storefront.finance.queries.margin import Figures, Scope
from storefront.ledger.actions import record
from storefront.ledger.models import Entry, Kind
from storefront.orders.models import Order
from tests.factories import NOON, OrderFactory, OrderLineFactory, PurchaseFactory, SkuFactory
from tests.fulfillment.bench import Bench, Wish

ALWAYS = Scope(since=date(2000, 1, 1), until=date(2100, 1, 1))
DAY = timedelta(days=1)
D = Decimal


def entry(order: Order, kind: Kind, amount: str, *, currency: str = "USD", **more: Any) -> None:
    record(
        kind=kind,
        reference=more.get("reference", f"{kind}-{Entry.objects.count()}"),
        order_number=order.number,
        amount=D(amount),
        currency=currency,
        now=more.get("at", NOON),
    )


def two_lines() -> tuple[Order, Any, Any]:
    """An order of one card at $10.50 and two at $10.50 each of another product."""
    order = OrderFactory.create(paid=True, total_amount=D("31.50"))
    one = OrderLineFactory.create(order=order, position=1)
    two = OrderLineFactory.create(order=order, position=2, quantity=2)
    return order, one, two


def of(line: Any) -> Figures:
    scope = Scope(since=ALWAYS.since, until=ALWAYS.until, product=line.sku.product_id)
    return queries.totals(scope)


def assert_whole() -> None:
    """Every entry is its shares, and both sums are of the same shares."""
    parts: dict[int, Decimal] = defaultdict(Decimal)
    for share in Share.objects.all():
        parts[share.entry_id] += share.amount
    assert parts == dict(Entry.objects.values_list("pk", "amount"))
    kinds = {"sold": "sale", "cost": "cost", "fees": "fee", "refunded": "refund"}
    for name, kind in kinds.items():
        right = Entry.objects.filter(kind=kind).aggregate(total=Sum("amount"))["total"] or 0
        for rows in (DailyMargin, OrderMargin):
            assert (rows.objects.aggregate(total=Sum(name))["total"] or 0) == right, (name, rows)


def test_a_sale_through_the_real_shop_comes_out_as_its_margin(bench: Bench) -> None:
    bench.paid(Wish(quantity=2))
    bench.tick()
    book(now=bench.clock())
    assert queries.totals(ALWAYS) == Figures(
        D("21.00"), D(0), D("19.40"), D("19.40"), D(0), D("1.60")
    )
    assert_whole()
    assert book(now=bench.clock()) == 0, "once"
    assert_whole()


def test_what_did_not_come_is_given_back_and_its_cost_is_what_came(bench: Bench) -> None:
    bench.plan(status="partially_completed", delivered=1)
    order = bench.paid(Wish(quantity=3))
    bench.work(timedelta(hours=1))
    book(now=bench.clock())
    assert_whole()
    figures = queries.order(order.number)
    assert (figures.sold - figures.refunded, figures.cost) == (D("10.50"), D("9.70"))
    assert figures.cost == figures.expected


@pytest.mark.django_db
def test_lines_share_a_sale_and_its_fee_by_what_they_cost_the_customer() -> None:
    order, one, two = two_lines()
    entry(order, Kind.SALE, "31.50")
    entry(order, Kind.FEE, "1.0000")
    book(now=now())
    assert (of(one).sold, of(two).sold) == (D("10.50"), D("21.00"))
    assert of(one).fees + of(two).fees == 1
    assert of(one).fees in {D("0.3333"), D("0.3334")}
    assert_whole()


@pytest.mark.django_db
def test_a_sale_of_what_came_and_a_refund_of_what_did_not_fall_on_their_lines() -> None:
    order, one, two = two_lines()
    done = {"finished_at": NOON, "due_at": None}
    PurchaseFactory.create(line=one, status="completed", delivered=1, **done)
    PurchaseFactory.create(line=two, status="failed", delivered=0, **done)
    entry(order, Kind.SALE, "10.50")
    book(now=now())
    assert [of(one).sold, of(two).sold] == [D("10.50"), 0]

    other, three, four = two_lines()
    PurchaseFactory.create(line=three, status="completed", delivered=1, **done)
    PurchaseFactory.create(line=four, status="partial", delivered=1, **done)
    entry(other, Kind.SALE, "31.50")
    entry(other, Kind.REFUND, "10.50")
    book(now=now())
    assert [of(line).sold for line in (three, four)] == [D("10.50"), D("21.00")]
    assert [of(line).refunded for line in (three, four)] == [0, D("10.50")]
    assert_whole()


@pytest.mark.django_db
def test_a_cost_is_its_purchases_and_stands_beside_what_was_expected() -> None:
    order, one, two = two_lines()
    for line, status, delivered in ((one, "completed", 1), (two, "partial", 1)):
        purchase = PurchaseFactory.create(
            line=line, status=status, delivered=delivered, finished_at=NOON, due_at=None
        )
        entry(order, Kind.COST, "9.80", reference=purchase.external_id)
    book(now=now())
    assert [(of(line).cost, of(line).expected) for line in (one, two)] == [
        (D("9.80"), D("9.70")), (D("9.80"), D("9.70")),
    ]  # fmt: skip
    assert queries.order(order.number).margin == D("-19.60")


@pytest.mark.django_db
def test_a_refund_counts_on_its_own_day_and_the_order_stays_whole() -> None:
    order, *_ = two_lines()
    entry(order, Kind.SALE, "31.50")
    entry(order, Kind.REFUND, "31.50", at=NOON + 40 * DAY)
    book(now=now())
    days = {row["key"]: row["the_margin"] for row in queries.by_day(ALWAYS)}
    assert days == {NOON.date(): D("31.50"), (NOON + 40 * DAY).date(): D("-31.50")}
    month = Scope(since=NOON.date(), until=NOON.date())
    (line,) = map(queries.line, queries.by_order(month))
    assert [line.key, line.figures.margin] == [order.number, 0]


@pytest.mark.django_db
def test_a_day_is_utcs() -> None:
    order, *_ = two_lines()
    entry(order, Kind.SALE, "1", at=datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC))
    entry(order, Kind.SALE, "2", at=datetime(2026, 11, 24, 0, 0, 0, tzinfo=UTC))
    book(now=now())
    days = {row["key"].day: row["the_sold"] for row in queries.by_day(ALWAYS)}
    assert days == {23: 1, 24: 2}


@pytest.mark.django_db
def test_an_entry_that_no_order_explains_counts_without_a_product() -> None:
    entry(Order(number="GONE"), Kind.SALE, "7")
    entry(Order(number="GONE"), Kind.COST, "3", reference="unknown")
    book(now=now())
    (row,) = queries.by_product(ALWAYS)
    assert (row["key"], row["the_margin"]) == (queries.NO_PRODUCT, 4)
    assert_whole()


@pytest.mark.django_db
def test_another_currency_counts_by_the_rate_of_its_day_or_waits_for_one() -> None:
    order, *_ = two_lines()
    entry(order, Kind.SALE, "100", currency="EUR")
    assert book(now=now(), is_whole=True) == 0
    assert Booking.objects.get().unrated == 1
    for day, rate in ((NOON.date() - DAY, "1.10"), (NOON.date() + DAY, "9")):
        ExchangeRate.objects.create(base="EUR", quote="USD", rate=D(rate), on=day, source="test")
    book(now=now(), is_whole=True)
    assert Booking.objects.get().unrated == 0
    assert queries.totals(ALWAYS).sold == 110


@pytest.mark.django_db
def test_what_comes_late_below_others_is_found_and_what_was_looked_at_is_passed_by() -> None:
    order, *_ = two_lines()
    at = now()
    entry(order, Kind.SALE, "1", at=at - LATE - DAY)
    entry(order, Kind.SALE, "2", at=at)
    book(now=at)
    old, young = Entry.objects.order_by("pk").values_list("pk", flat=True)
    assert Booking.objects.get().floor == old
    late = Entry(
        pk=old - 1, kind="sale", reference="late", order_number=order.number, amount=4,
        currency="USD", at=at,
    )  # fmt: skip
    late.save(force_insert=True)
    book(now=at)
    assert queries.totals(ALWAYS).sold == 3, "below the floor: found at night"
    book(now=at, is_whole=True)
    assert queries.totals(ALWAYS).sold == 7
    assert young > old


@pytest.mark.django_db
def test_a_long_ledger_is_booked_batch_by_batch_each_above_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storefront.finance.actions.booking.BATCH", 3)
    order, *_ = two_lines()
    for number in range(8):
        entry(order, Kind.SALE, str(number + 1))
    floors = []
    while book(now=now()):
        floors.append(Booking.objects.get().floor)
    keys = sorted(Entry.objects.values_list("pk", flat=True))
    assert floors == [keys[2], keys[5], keys[7]]
    assert_whole()


def test_two_who_book_at_once_book_once(bench: Bench) -> None:
    for _ in range(5):
        bench.paid(Wish(quantity=2))
    bench.tick()

    def run() -> None:
        try:
            book(now=now())
        finally:
            connection.close()

    both = [threading.Thread(target=run) for _ in range(3)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert_whole()
    assert queries.totals(ALWAYS).margin == 8


@pytest.mark.django_db
def test_any_amounts_are_shared_to_the_last_digit() -> None:
    skus = [SkuFactory.create() for _ in range(7)]
    for number in range(20):
        order = OrderFactory.create(paid=True, total_amount=D(100))
        for position, sku in enumerate(skus[: 1 + number % 7], start=1):
            price = D(number * 7 + position) / 100 + D("0.01")
            OrderLineFactory.create(order=order, sku=sku, position=position, unit_amount=price)
        for kind in Kind.values:
            entry(order, Kind(kind), f"{number}.0{number % 10}07")
    book(now=now())
    assert_whole()
    assert Share.objects.filter(amount__lt=0).count() == 0

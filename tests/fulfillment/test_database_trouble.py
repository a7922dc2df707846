"""The database stumbles: transactions that must be done again, rows by the hundred thousand."""

import time
import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from psycopg import errors

from storefront.fulfillment import waits
from storefront.fulfillment.actions import applying, sweeping
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from tests.factories import NOON, OrderLineFactory, PurchaseFactory
from tests.fulfillment.bench import Bench

MANY = 100_000


@pytest.mark.parametrize("trouble", [errors.DeadlockDetected, errors.SerializationFailure])
@pytest.mark.fault("F48")
def test_f48_a_deadlock_ends_the_step_and_the_next_one_finds_what_was_bought(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    real, left = applying._store, [3]

    def store(*args: Any) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise OperationalError("it was the other's turn") from trouble()
        real(*args)

    monkeypatch.setattr(applying, "_store", store)
    order = bench.paid()
    bench.work(waits.AFTER_FAILURE * 5)

    (purchase,) = bench.legs(order)
    assert (purchase.status, purchase.posts, purchase.failures) == (Status.COMPLETED, 1, 0)
    assert len(bench.sold(purchase)) == 1
    assert len(bench.codes(order)) == 1


@pytest.mark.fault("F48")
def test_f48_real_transactions_that_wait_for_each_other_lose_nothing(bench: Bench) -> None:
    """PostgreSQL says so itself: a row changed under a serialized transaction."""
    purchase = bench.purchase()
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation = 'repeatable read'")
    try:
        bench.work(waits.AFTER_FAILURE * 5)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET default_transaction_isolation")
    assert bench.again(purchase).status == Status.COMPLETED


@pytest.mark.slow
@pytest.mark.fault("F53")
def test_f53_a_hundred_thousand_due_rows_are_swept_in_batches_and_little_memory(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(sweeping, "enqueue", lambda _task, **named: sent.append(*named.values()))
    one = PurchaseFactory.create(line=OrderLineFactory.create(order__paid=True), chunk=1)
    names = [field.column or "" for field in Purchase._meta.fields]
    own = {"id": "gen_random_uuid()", "line_id": "v.line", "chunk": "n %% 25000 + 2",
           "external_id": "'GD-' || n", "due_at": "%(noon)s + n * interval '1 second'"}  # fmt: skip
    lines = [OrderLineFactory.create(order__paid=True).pk for _ in range(4)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO fulfillment_purchase ({', '.join(names)})"  # noqa: S608  our own names
            f" SELECT {', '.join(own.get(name, f'p.{name}') for name in names)}"
            " FROM fulfillment_purchase p, generate_series(0, %(many)s - 1) n,"
            " LATERAL (SELECT (%(lines)s::uuid[])[n / 25000 + 1] AS line) v WHERE p.id = %(one)s",
            {"noon": NOON, "many": MANY, "lines": lines, "one": one.pk},
        )
        cursor.execute("ANALYZE fulfillment_purchase")
    Purchase.objects.filter(pk=one.pk).update(due_at=None)
    later = NOON + 2 * MANY * timedelta(seconds=1)
    tracemalloc.start()
    begun = time.monotonic()
    swept = [sweeping.sweep(now=later) for _ in range(5)]
    took = time.monotonic() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert swept == [sweeping.BATCH] * 5
    oldest = Purchase.objects.exclude(due_at=None).order_by("due_at").values_list("pk", flat=True)
    assert sent == [str(pk) for pk in oldest[: 5 * sweeping.BATCH]]
    assert took < 5
    assert peak < 20 * 1024 * 1024

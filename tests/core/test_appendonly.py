"""What happened stays as it was written: Python refuses to change it, and PostgreSQL does."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from storefront.core.appendonly import AppendOnly, NeverChanges
from storefront.ledger.actions import record
from storefront.ledger.models import Entry, Kind
from tests.factories import NOON

pytestmark = pytest.mark.django_db

RECORDS = [model for model in apps.get_models() if issubclass(model, AppendOnly)]


@pytest.fixture
def entry() -> Entry:
    record(
        kind=Kind.SALE,
        reference="sale-1",
        order_number="K7QF-3M9D-XA4T",
        amount=Decimal(10),
        currency="USD",
        now=NOON,
    )
    return Entry.objects.get()


def save(entry: Entry) -> None:
    entry.amount = Decimal(99)
    entry.save()


def update_many() -> None:
    entry = Entry.objects.get()
    entry.amount = Decimal(99)
    Entry.objects.bulk_update([entry], ["amount"])


@pytest.mark.parametrize(
    "change",
    [
        save,
        lambda entry: entry.delete(),
        lambda entry: Entry.objects.filter(pk=entry.pk).delete(),
        lambda entry: Entry.objects.filter(pk=entry.pk).update(at=NOON + timedelta(days=1)),
    ],
)
def test_a_record_is_not_changed_through_its_model(
    entry: Entry, change: Callable[[Entry], object]
) -> None:
    with pytest.raises(NeverChanges):
        change(entry)

    assert Entry.objects.get().amount == 10


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.bulk_update(
            [Entry(pk=Entry.objects.get().pk, amount=99)], ["amount"]
        ),
        lambda: models.QuerySet(Entry).update(amount=99),
        lambda: models.QuerySet(Entry).delete(),
        lambda: Entry._base_manager.all()._raw_delete("default"),
    ],
)
def test_ways_around_the_model_end_at_the_database(
    entry: Entry, change: Callable[[], object]
) -> None:
    with pytest.raises((DatabaseError, NeverChanges)), transaction.atomic():
        change()

    assert Entry.objects.get().amount == 10


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {} WHERE {} = {}"])
def test_a_console_is_refused(entry: Entry, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("ledger_entry", "amount", "amount"))

    assert Entry.objects.count() == 1


def test_the_shop_keeps_records() -> None:
    assert len(RECORDS) >= 6


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_every_table_of_records_is_guarded_by_the_database_itself(
    model: type[AppendOnly],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
            [model._meta.db_table, "never_changes"],
        )
        assert cursor.fetchall() == [("O",)]


def test_the_same_effect_is_recorded_once(entry: Entry) -> None:
    for amount in (Decimal(10), Decimal(11)):
        record(
            kind=Kind.SALE,
            reference=entry.reference,
            order_number=entry.order_number,
            amount=amount,
            currency="USD",
            now=NOON,
        )

    assert Entry.objects.get().amount == 10

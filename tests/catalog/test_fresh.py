"""A fresh price is written beside others like it, and never beside a change of the rules."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from storefront.catalog import fresh, repricing
from storefront.catalog.models import Sku
from tests.catalog.conftest import Partner
from tests.catalog.goods import APPLE

# What a sync locks must be free again after it.
pytestmark = pytest.mark.django_db(transaction=True)
TEN = UUID(APPLE.skus[0].id)


@pytest.fixture
def other(partner: Partner) -> Iterator[psycopg.Connection]:
    """Another process, at the same database."""
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"] or None, user=settings["USER"],
        password=settings["PASSWORD"], dbname=settings["NAME"],
    ) as made:  # fmt: skip
        yield made


def look(partner: Partner) -> fresh.Known:
    """Ask for Apple's ten dollars, and write what comes."""
    answer = partner.client.product(APPLE.id)
    told = fresh.Told(products={UUID(APPLE.id): answer})
    return fresh.take_over(told=told, skus=[TEN], now=partner.now)


def ten() -> tuple[Decimal | None, Decimal | None]:
    sku = Sku.objects.get(pk=TEN)
    return sku.cost, sku.price


def test_nothing_is_written_while_somebody_changes_what_prices_follow_from(
    partner: Partner, other: psycopg.Connection
) -> None:
    partner.sync()
    partner.change(str(TEN), price=Decimal("9.50"))
    other.execute("SET lock_timeout = '5s'")
    other.execute("SELECT pg_advisory_xact_lock(%s)", [repricing.LOCK])
    assert look(partner).confirmed == set()
    assert ten() == (Decimal("9.00"), Decimal("9.90"))
    other.rollback()
    assert look(partner).confirmed == {TEN}
    assert ten() == (Decimal("9.50"), Decimal("10.45"))


def test_two_customers_at_once_do_not_wait_for_each_other(
    partner: Partner, other: psycopg.Connection
) -> None:
    partner.sync()
    partner.change(str(TEN), price=Decimal("9.50"))
    other.execute("SET lock_timeout = '5s'")
    other.execute("SELECT pg_advisory_xact_lock_shared(%s)", [repricing.LOCK])
    assert look(partner).confirmed == {TEN}
    assert ten() == (Decimal("9.50"), Decimal("10.45"))

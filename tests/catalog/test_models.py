"""What the database itself refuses, whoever writes."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from storefront.catalog.models import CatalogState, ExchangeRate, Product, Sku, SyncRun
from tests.catalog.conftest import NOON
from tests.catalog.shelves import stock_product, stock_sku

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "columns",
    [
        {"price": Decimal(0)},
        {"price": Decimal(-1)},
        {"price": None},
        {"price_currency": ""},
        {"cost": Decimal(0)},
        {"cost": Decimal("-0.01")},
        {"cost_currency": ""},
        {"cost": None},
        {"price": None, "rate": Decimal(1)},
        {"stock": -1},
        {"max_per_order": 0},
        {"max_per_order": -1},
        {"face_value": Decimal(0)},
        {"face_currency": ""},
        {"rate": Decimal(0)},
        {"minimum": Decimal(5), "maximum": Decimal(4)},
        {"priced_at": None},
        {"offered": {"cost": "1"}},
    ],
)
def test_a_sku_that_makes_no_sense_is_refused(columns: dict[str, Any]) -> None:
    card = stock_sku(stock_product("Apple", now=NOON), now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sku.objects.filter(pk=card.pk).update(**columns)
    card.refresh_from_db()
    assert card.price == Decimal("9.90")


@pytest.mark.parametrize(
    "columns",
    [
        {"from_price": Decimal(5)},
        {"from_currency": "USD"},
        {"face_min": Decimal(5)},
        {"face_currency": "USD"},
        {"face_max": Decimal(5), "face_currency": "USD"},
        {"face_min": Decimal(5), "face_max": Decimal(4), "face_currency": "USD"},
        {"hold_reason": "kind"},
        {"offered": {"type": "esim"}},
    ],
)
def test_a_product_that_makes_no_sense_is_refused(columns: dict[str, Any]) -> None:
    product = stock_product("Apple", now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(**columns)


def test_two_products_never_share_an_address() -> None:
    stock_product("Apple", now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        stock_product("Apple", now=NOON)


def test_there_is_one_catalog() -> None:
    CatalogState.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogState.objects.create(id=2)


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "published"},
        {"finished_at": NOON},
        {"status": "failed", "finished_at": NOON},
        {"status": "published", "finished_at": NOON, "error": "but"},
    ],
)
def test_a_finished_run_has_a_time_and_an_unpublished_one_a_reason(
    columns: dict[str, Any],
) -> None:
    run = SyncRun.objects.create(kind="full", started_at=NOON, by="tests")
    with pytest.raises(IntegrityError), transaction.atomic():
        SyncRun.objects.filter(pk=run.pk).update(**columns)


@pytest.mark.parametrize("columns", [{"rate": Decimal(0)}, {"rate": Decimal(-1)}, {"quote": "EUR"}])
def test_a_rate_joins_two_currencies_and_is_positive(columns: dict[str, Any]) -> None:
    rate = {"base": "EUR", "quote": "USD", "rate": Decimal("1.1"), "on": NOON.date()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRate.objects.create(source="tests", **rate | columns)

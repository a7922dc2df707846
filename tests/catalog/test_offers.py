"""The gate: what may be bought, at what, and the reason for everything that may not."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import override

from storefront.catalog.models import CatalogState, Product, Sku
from storefront.catalog.queries import NotBuyable, Reason, buyable_sku
from storefront.catalog.queries.offers import FRESH_FOR, LARGEST_QUANTITY
from tests.catalog.conftest import NOON, Partner
from tests.catalog.goods import custom_sku, product
from tests.catalog.shelves import settle, stock_product, stock_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Sku:
    sku = stock_sku(stock_product("Apple", now=NOON), now=NOON)
    settle(now=NOON)
    return sku


def reason(sku_id: Any, quantity: int = 1, now: datetime = NOON) -> Reason:
    with pytest.raises(NotBuyable) as refused:
        buyable_sku(sku_id, quantity, now)
    assert str(refused.value)
    return refused.value.reason


def change(row: Product | Sku, **columns: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**columns)


def test_an_offer_says_all_that_is_promised(card: Sku) -> None:
    offer = buyable_sku(card.pk, 3, NOON)
    assert (offer.sku, offer.product) == (card, card.product)
    assert (offer.unit_price, offer.currency) == (Decimal("9.90"), "USD")
    assert (offer.unit_cost, offer.cost_currency) == (Decimal(9), "USD")
    assert (offer.face_value, offer.face_currency) == (Decimal(10), "USD")
    assert offer.max_per_order == 5
    assert buyable_sku(str(card.pk), 1, NOON) == offer


@pytest.mark.parametrize("sku_id", ["", "1", "'; DROP TABLE", "\x00", "g" * 36, str(UUID(int=7))])
def test_a_sku_nobody_knows_is_not_for_sale(card: Sku, sku_id: str) -> None:
    assert reason(sku_id) == Reason.UNKNOWN


@pytest.mark.parametrize("quantity", [0, -1, LARGEST_QUANTITY + 1, 2**31, 10**12])
def test_f102_a_quantity_is_between_one_and_our_limit(card: Sku, quantity: int) -> None:
    assert reason(card.pk, quantity) == Reason.QUANTITY


def test_a_hidden_sku_and_a_hidden_product_are_not_for_sale(card: Sku) -> None:
    change(card, is_hidden=True)
    assert reason(card.pk) == Reason.UNKNOWN
    change(card, is_hidden=False)
    change(card.product, is_hidden=True)
    assert reason(card.pk) == Reason.UNKNOWN


def test_f100_an_unknown_type_is_not_for_sale(card: Sku) -> None:
    change(card.product, type="subscription")
    assert reason(card.pk) == Reason.UNKNOWN


@pytest.mark.parametrize("hold", ["no_price", "no_rate", "currency", "jump", "kind"])
def test_a_held_sku_is_not_for_sale(card: Sku, hold: str) -> None:
    change(card, hold_reason=hold)
    assert reason(card.pk) == Reason.HELD


def test_a_product_held_for_its_type_is_not_for_sale(card: Sku) -> None:
    change(card.product, hold_reason="kind", offered={"type": "esim"})
    assert reason(card.pk) == Reason.HELD


def test_a_price_in_another_currency_than_the_shops_is_not_asked(card: Sku) -> None:
    change(card, price_currency="EUR")
    assert reason(card.pk) == Reason.HELD


@pytest.mark.parametrize(
    "columns",
    [{"type": "recharge_fixed"}, {"type": "recharge"}, {"recipient": "asked"},
     {"recipient": "unreadable"}],
)  # fmt: skip
def test_what_needs_a_recipient_is_not_sold_yet(card: Sku, columns: dict[str, str]) -> None:
    change(card.product, **columns)
    assert reason(card.pk) == Reason.NOT_YET


def test_a_custom_amount_is_not_sold_yet(card: Sku) -> None:
    change(card, denomination_type="custom")
    assert reason(card.pk) == Reason.NOT_YET


def test_f97_stock_decides_how_many(card: Sku) -> None:
    change(card, stock=2)
    assert buyable_sku(card.pk, 2, NOON).sku.stock == 2
    assert reason(card.pk, 3) == Reason.TOO_FEW
    with pytest.raises(NotBuyable, match="Only 2 left"):
        buyable_sku(card.pk, 3, NOON)
    change(card, stock=0)
    assert reason(card.pk) == Reason.SOLD_OUT


def test_more_than_one_partner_order_takes_is_fine(card: Sku) -> None:
    assert buyable_sku(card.pk, 10, NOON).max_per_order == 5
    change(card, max_per_order=None)
    assert buyable_sku(card.pk, 2, NOON).max_per_order == 1


def test_f101_a_price_nobody_confirmed_for_six_hours_is_not_sold_at(card: Sku) -> None:
    assert buyable_sku(card.pk, 1, NOON + FRESH_FOR).sku == card
    late = NOON + FRESH_FOR + timedelta(seconds=1)
    assert reason(card.pk, now=late) == Reason.STALE
    CatalogState.objects.update(priced_at=NOON + timedelta(hours=1))
    # An unchanged price is as fresh as the last sync that saw it.
    assert buyable_sku(card.pk, 1, late).sku == card


def test_a_price_confirmed_alone_is_fresh_without_a_sync(card: Sku) -> None:
    CatalogState.objects.all().delete()
    assert buyable_sku(card.pk, 1, NOON).sku == card
    change(card, priced_at=NOON - timedelta(days=1))
    assert reason(card.pk) == Reason.STALE


def test_reasons_are_told_in_the_readers_language(card: Sku) -> None:
    with override("ru"), pytest.raises(NotBuyable) as refused:
        buyable_sku(card.pk, 0, NOON)
    assert str(LARGEST_QUANTITY) in str(refused.value)


def test_the_shelf_and_the_gate_agree_about_the_whole_demo_catalog(partner: Partner) -> None:
    partner.sells_the_demo()
    partner.sync()
    open_to: set[Any] = set()
    for sku in Sku.objects.select_related("product"):
        try:
            buyable_sku(sku.pk, 1, partner.now)
        except NotBuyable:
            continue
        open_to.add(sku.product_id)
    assert open_to == set(Product.objects.filter(is_available=True).values_list("pk", flat=True))
    assert 100 < len(open_to) < Product.objects.count()


def test_a_custom_amount_from_the_partner_is_shown_and_not_sold(partner: Partner) -> None:
    careem = product(
        "Careem", custom_sku("Careem"), type="voucher_open_range", denomination_type="custom"
    )
    partner.sells(careem)
    partner.sync()
    assert Product.objects.get().is_visible
    assert reason(careem.skus[0].id, now=partner.now) == Reason.NOT_YET

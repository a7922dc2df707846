"""The gate: what may be bought, at what, and the reason for everything that may not."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import override

from storefront.catalog.models import AmountLimits, CatalogState, Product, Sku
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


@pytest.mark.fault("F102")
@pytest.mark.parametrize("quantity", [0, -1, LARGEST_QUANTITY + 1, 2**31, 10**12])
def test_f102_a_quantity_is_between_one_and_our_limit(card: Sku, quantity: int) -> None:
    assert reason(card.pk, quantity) == Reason.QUANTITY


def test_a_hidden_sku_and_a_hidden_product_are_not_for_sale(card: Sku) -> None:
    change(card, is_hidden=True)
    assert reason(card.pk) == Reason.UNKNOWN
    change(card, is_hidden=False)
    change(card.product, is_hidden=True)
    assert reason(card.pk) == Reason.UNKNOWN


@pytest.mark.fault("F100")
def test_f100_an_unknown_type_is_not_for_sale(card: Sku) -> None:
    change(card.product, type="subscription")
    assert reason(card.pk) == Reason.UNKNOWN


@pytest.mark.parametrize("hold", ["no_price", "currency", "jump", "kind"])
def test_a_held_sku_is_not_for_sale(card: Sku, hold: str) -> None:
    change(card, hold_reason=hold)
    assert reason(card.pk) == Reason.HELD


def test_a_product_held_for_its_type_is_not_for_sale(card: Sku) -> None:
    change(card.product, hold_reason="kind", offered={"type": "esim"})
    assert reason(card.pk) == Reason.HELD


def test_a_price_in_another_currency_than_the_shops_is_not_asked(card: Sku) -> None:
    change(card, price_currency="EUR")
    assert reason(card.pk) == Reason.UNPRICED


def test_without_a_price_it_is_not_for_sale_and_says_why(card: Sku) -> None:
    change(card, price=None, price_currency="")
    assert reason(card.pk) == Reason.UNPRICED


@pytest.mark.parametrize(
    "columns",
    [{"type": "recharge_fixed"}, {"type": "recharge"}, {"recipient": "unreadable"}],
)
def test_what_nobody_knows_how_to_address_is_not_sold(card: Sku, columns: dict[str, str]) -> None:
    change(card.product, **columns)
    assert reason(card.pk) == Reason.HELD


@pytest.fixture
def careem(card: Sku) -> Sku:
    """Any amount from 10 to 500 dirhams."""
    return stock_sku(
        card.product, now=NOON, denomination_type="custom", cost=None, cost_currency="",
        face_value=None, face_currency="AED", price=Decimal("2.94"), rate=Decimal("0.272"),
        markup_percent=Decimal(-2), minimum=Decimal(10), maximum=Decimal(500),
    )  # fmt: skip


def refused_amount(sku: Sku, amount: Any) -> NotBuyable:
    with pytest.raises(NotBuyable) as refused:
        buyable_sku(sku.pk, 1, NOON, amount)
    return refused.value


def test_the_offer_of_an_amount_follows_from_it(careem: Sku) -> None:
    offer = buyable_sku(careem.pk, 2, NOON, Decimal(100))
    assert offer.amount == offer.face_value == Decimal(100)
    assert offer.face_currency == "AED"
    assert (offer.unit_cost, offer.cost_currency) == (Decimal("26.66"), "USD")
    assert (offer.unit_price, offer.currency) == (Decimal("29.33"), "USD")
    smallest = buyable_sku(careem.pk, 1, NOON, Decimal(10))
    assert smallest.unit_price == careem.price


def test_an_amount_is_of_no_account_where_the_value_is_fixed(card: Sku) -> None:
    assert buyable_sku(card.pk, 1, NOON, Decimal(5)) == buyable_sku(card.pk, 1, NOON)


@pytest.mark.parametrize(
    ("amount", "why", "words"),
    [
        (None, Reason.AMOUNT_MISSING, "Give an amount"),
        (Decimal("NaN"), Reason.AMOUNT_MISSING, "Give an amount"),
        (Decimal("Infinity"), Reason.AMOUNT_MISSING, "Give an amount"),
        (Decimal("9.99"), Reason.AMOUNT_TOO_SMALL, "The smallest amount is AED"),
        (Decimal(0), Reason.AMOUNT_TOO_SMALL, "AED"),
        (Decimal(-100), Reason.AMOUNT_TOO_SMALL, "AED"),
        (Decimal("500.01"), Reason.AMOUNT_TOO_LARGE, "The largest amount is AED"),
        (Decimal("1e999999"), Reason.AMOUNT_TOO_LARGE, "AED"),
        (Decimal("10.001"), Reason.AMOUNT_OFF_STEP, "in steps of AED"),
        (Decimal("100." + "0" * 200 + "1"), Reason.AMOUNT_OFF_STEP, "in steps of AED"),
    ],
)
def test_an_amount_that_cannot_be_is_refused_in_words(
    careem: Sku, amount: Decimal | None, why: Reason, words: str
) -> None:
    refused = refused_amount(careem, amount)
    assert refused.reason == why
    assert words in str(refused)


def test_steps_go_from_the_smallest_amount(careem: Sku) -> None:
    change(careem, step=Decimal(25))
    assert buyable_sku(careem.pk, 1, NOON, Decimal("35.00")).amount == 35
    assert refused_amount(careem, Decimal(50)).reason == Reason.AMOUNT_OFF_STEP


def test_staff_bounds_go_before_the_partners(careem: Sku) -> None:
    AmountLimits.objects.create(sku=careem, minimum=Decimal(50), step=Decimal(10))
    assert refused_amount(careem, Decimal(40)).reason == Reason.AMOUNT_TOO_SMALL
    assert refused_amount(careem, Decimal(55)).reason == Reason.AMOUNT_OFF_STEP
    assert refused_amount(careem, Decimal(510)).reason == Reason.AMOUNT_TOO_LARGE
    assert buyable_sku(careem.pk, 1, NOON, Decimal(60)).face_value == 60


@pytest.mark.parametrize(
    "columns",
    [{"maximum": None}, {"minimum": None}, {"markup_fixed": Decimal(-50)}],
)
def test_an_amount_without_bounds_or_cost_is_not_for_sale(
    careem: Sku, columns: dict[str, Decimal | None]
) -> None:
    change(careem, **columns)
    assert refused_amount(careem, Decimal(100)).reason == Reason.UNPRICED


def test_an_amount_for_nobody_knows_whom_is_not_sold(careem: Sku) -> None:
    change(careem.product, type="recharge")
    assert refused_amount(careem, Decimal(100)).reason == Reason.HELD


@pytest.mark.fault("F97")
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


@pytest.mark.fault("F101")
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
            buyable_sku(sku.pk, 1, partner.now, sku.minimum)
        except NotBuyable:
            continue
        open_to.add(sku.product_id)
    assert open_to == set(Product.objects.filter(is_available=True).values_list("pk", flat=True))
    assert 100 < len(open_to) < Product.objects.count()


def test_an_amount_from_the_partner_costs_what_the_partner_takes(partner: Partner) -> None:
    careem = product(
        "Careem", custom_sku("Careem"), type="voucher_open_range", denomination_type="custom"
    )
    partner.sells(careem)
    partner.sync()
    offer = buyable_sku(careem.skus[0].id, 1, partner.now, Decimal("33.33"))
    assert offer.unit_cost == partner.sandbox.world.shelf.unit_cost(
        careem.skus[0], Decimal("33.33")
    )
    assert reason(careem.skus[0].id, now=partner.now) == Reason.AMOUNT_MISSING

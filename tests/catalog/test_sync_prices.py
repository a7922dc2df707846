"""What a price must be before anything is sold at it, and how staff accept a strange one."""

from decimal import Decimal
from typing import Any

import pytest

from partner_api.sandbox.catalog import Text
from storefront.cases.models import Case
from storefront.catalog import actions
from storefront.catalog.models import CatalogState, ExchangeRate, Product, Sku
from storefront.catalog.queries import NotBuyable, Offer, Reason, buyable_sku
from tests.catalog.conftest import NOON, Partner
from tests.catalog.goods import APPLE, FIVE, custom_sku, product

TEN, TWENTY_FIVE = (card.id for card in APPLE.skus)


def ten() -> Sku:
    return Sku.objects.get(pk=TEN)


def offer(partner: Partner, sku: str = TEN) -> Offer:
    return buyable_sku(sku, 1, partner.now)


@pytest.mark.fault("F95")
@pytest.mark.parametrize("kind", ["zero", "negative", "null", "string", "missing"])
def test_f95_a_price_that_is_none_is_not_sold_at(partner: Partner, kind: str) -> None:
    partner.sync()
    partner.trouble("price", "pricelist", kind=kind, sku=TEN)
    partner.sync()
    card = ten()
    assert (card.hold_reason, card.cost, card.price) == ("no_price", Decimal(9), Decimal("9.9"))
    with pytest.raises(NotBuyable):
        offer(partner)
    assert offer(partner, TWENTY_FIVE).unit_price == Decimal("24.75")
    assert Product.objects.get(pk=APPLE.id).from_price == Decimal("24.75")


@pytest.mark.fault("F95")
@pytest.mark.parametrize("kind", ["zero", "negative", "null", "string", "missing"])
def test_f95_new_goods_without_a_price_have_none(partner: Partner, kind: str) -> None:
    partner.trouble("price", "pricelist", kind=kind, sku=TEN)
    partner.sync()
    card = ten()
    assert (card.hold_reason, card.cost, card.price) == ("no_price", None, None)


@pytest.mark.fault("F95")
def test_f95_a_price_comes_back_by_itself(partner: Partner) -> None:
    partner.sync()
    partner.trouble("price", "pricelist", kind="null", sku=TEN)
    partner.sync()
    partner.calm()
    partner.sync()
    assert ten().hold_reason == ""
    assert offer(partner).unit_price == Decimal("9.90")


@pytest.mark.fault("F95")
@pytest.mark.parametrize(
    ("price", "held"), [("12.60", ""), ("12.61", "jump"), ("5.40", ""), ("5.39", "jump")]
)
def test_f95_the_band_is_forty_percent_both_ways(partner: Partner, price: str, held: str) -> None:
    partner.sync()  # at 9.00
    partner.change(TEN, price=Decimal(price))
    partner.sync()
    assert ten().hold_reason == held


@pytest.mark.fault("F95")
@pytest.mark.parametrize("kind", ["x100", "div100"])
def test_f95_a_jump_waits_for_staff_with_old_and_new(partner: Partner, kind: str) -> None:
    partner.sync()
    partner.trouble("price", "pricelist", kind=kind, sku=TEN)
    run = partner.sync()
    card = ten()
    asked = Decimal("900" if kind == "x100" else "0.09")
    assert (card.hold_reason, card.cost, card.price) == ("jump", Decimal(9), Decimal("9.90"))
    assert card.offered is not None
    assert Decimal(card.offered["cost"]) == asked
    assert run.counts["held"] == 1
    assert Case.objects.filter(kind="catalog-prices", closed_at=None).count() == 1
    with pytest.raises(NotBuyable):
        offer(partner)


@pytest.mark.fault("F95")
def test_f95_a_jump_that_goes_away_is_forgotten(partner: Partner) -> None:
    partner.sync()
    partner.trouble("price", "pricelist", kind="x100", sku=TEN)
    partner.sync()
    partner.calm()
    partner.sync()
    assert (ten().hold_reason, ten().offered) == ("", None)
    assert not Case.objects.filter(kind="catalog-prices", closed_at=None).exists()


def test_staff_accept_a_jump_and_it_is_sold_at_the_new_price(partner: Partner) -> None:
    partner.sync()
    partner.change(TEN, price=Decimal(20))
    partner.sync()
    version = CatalogState.objects.get().version
    assert actions.accept_offers(skus=[ten().pk], by="carol", now=partner.now) == 1
    card = ten()
    assert (card.cost, card.price, card.offered) == (Decimal(20), Decimal(22), None)
    assert offer(partner).unit_price == Decimal(22)
    assert not Case.objects.filter(kind="catalog-prices", closed_at=None).exists()
    assert CatalogState.objects.get().version == version + 1
    assert partner.sync().counts["changed"] == 0


def test_accepting_changes_nothing_that_is_not_held_for_staff(partner: Partner) -> None:
    partner.sync()
    partner.trouble("price", "pricelist", kind="null", sku=TEN)
    partner.sync()
    chosen = list(Sku.objects.values_list("pk", flat=True))
    assert actions.accept_offers(skus=chosen, by="carol", now=partner.now) == 0
    assert ten().hold_reason == "no_price"


@pytest.mark.fault("F95")
def test_f95_another_currency_waits_for_staff_and_needs_a_rate(partner: Partner) -> None:
    partner.sync()
    partner.trouble("price", "pricelist", kind="currency", currency="EUR", sku=TEN)
    partner.sync()
    card = ten()
    assert (card.hold_reason, card.cost_currency) == ("currency", "USD")
    assert actions.accept_offers(skus=[card.pk], by="carol", now=partner.now) == 0
    rate = {"base": "EUR", "quote": "USD", "source": "the bank"}
    ExchangeRate.objects.create(rate=Decimal(3), on=NOON.date().replace(day=1), **rate)
    ExchangeRate.objects.create(rate=Decimal("1.15"), on=NOON.date(), **rate)
    assert actions.accept_offers(skus=[card.pk], by="carol", now=partner.now) == 1
    assert (ten().cost_currency, ten().price) == ("EUR", Decimal("11.39"))  # 9 x 1.15 x 1.1, up
    assert ten().price_currency == "USD"


@pytest.mark.parametrize("currency", ["", "ZZZ", "dollars"])
def test_a_price_in_no_currency_is_no_price(partner: Partner, currency: str) -> None:
    partner.trouble("price", "pricelist", kind="currency", currency=currency, sku=TEN)
    partner.sync()
    assert ten().hold_reason == "no_price"


def test_without_a_rate_there_is_a_cost_and_no_price(partner: Partner) -> None:
    partner.trouble("price", "pricelist", kind="currency", currency="EUR", sku=TEN)
    partner.sync()
    card = ten()
    assert (card.hold_reason, card.cost, card.price) == ("", Decimal(9), None)
    with pytest.raises(NotBuyable) as refused:
        offer(partner)
    assert refused.value.reason == Reason.UNPRICED
    ExchangeRate.objects.create(
        base="EUR", quote="USD", rate=Decimal("1.15"), on=NOON.date(), source="the bank"
    )
    partner.sync()
    assert (ten().hold_reason, ten().price) == ("", Decimal("11.39"))


def test_a_custom_rate_that_jumps_waits_for_staff(partner: Partner) -> None:
    careem = product(
        "Careem", custom_sku("Careem"), type="voucher_open_range", denomination_type="custom"
    )
    partner.sells(*FIVE, careem)
    partner.sync()
    amount = Sku.objects.get(pk=careem.skus[0].id)
    partner.change(careem.skus[0].id, rate=Decimal("0.5"))
    partner.sync()
    amount.refresh_from_db()
    assert (amount.hold_reason, amount.rate) == ("jump", Decimal("0.272"))
    assert actions.accept_offers(skus=[amount.pk], by="carol", now=partner.now) == 1
    amount.refresh_from_db()
    assert (amount.rate, amount.markup_percent, amount.face_currency) == (
        Decimal("0.5"), Decimal(-2), "AED",
    )  # fmt: skip
    assert partner.sync().counts["changed"] == 0


def test_a_markup_that_takes_everything_is_no_price(partner: Partner) -> None:
    gift = product(
        "Gift", custom_sku("Gift", markup_percent=Decimal(-100)), denomination_type="custom"
    )
    partner.sells(gift)
    partner.sync()
    assert Sku.objects.get().hold_reason == "no_price"


def test_a_fixed_sku_that_turns_custom_waits_for_staff(partner: Partner) -> None:
    partner.sync()
    custom = product(
        "Apple",
        custom_sku("Apple", id=TEN, name=Text("Apple", "Apple")),
        APPLE.skus[1],
        denomination_type="custom",
    )
    partner.sells(*FIVE[1:], custom)
    partner.sync()
    card = ten()
    assert (card.hold_reason, card.denomination_type, card.cost) == ("kind", "fixed", Decimal(9))
    apple = Product.objects.get(pk=APPLE.id)
    assert (apple.hold_reason, apple.denomination_type) == ("kind", "fixed")
    assert actions.accept_offers(skus=[card.pk], by="carol", now=partner.now) == 1
    card = ten()
    assert (card.denomination_type, card.cost, card.face_currency) == ("custom", None, "AED")
    assert card.rate == Decimal("0.272")


@pytest.mark.fault("F100")
def test_f100_a_changed_type_waits_for_staff_and_is_not_sold(partner: Partner) -> None:
    partner.sync()
    partner.trouble("unknown_type", "products")
    partner.sync()
    apple = Product.objects.get(pk=APPLE.id)
    assert (apple.type, apple.hold_reason, apple.is_available) == ("voucher", "kind", False)
    with pytest.raises(NotBuyable):
        offer(partner)
    assert actions.accept_types(products=[apple.pk], by="carol", now=partner.now) == 1
    apple.refresh_from_db()
    assert (apple.type, apple.is_visible) == ("subscription", False)


STOCKS = [("zero", 0, False), ("many", 9999, True), ("null", 0, False), ("negative", 0, False)]


@pytest.mark.fault("F97")
@pytest.mark.parametrize(("kind", "stock", "sold"), STOCKS)
def test_f97_stock_that_is_none_is_nothing(
    partner: Partner, kind: str, stock: int, sold: bool
) -> None:
    partner.trouble("stock", "pricelist", kind=kind)
    partner.sync()
    assert ten().stock == stock
    assert Product.objects.get(pk=APPLE.id).is_available is sold


@pytest.mark.fault("F97")
@pytest.mark.parametrize(("kind", "limit"), [("zero", None), ("null", None), ("many", 9999)])
def test_f97_no_limit_per_order_counts_as_one(partner: Partner, kind: str, limit: Any) -> None:
    partner.trouble("max_per_order", "pricelist", kind=kind)
    partner.sync()
    assert ten().max_per_order == limit
    assert offer(partner).max_per_order == (limit or 1)


def test_huge_and_tiny_amounts_are_survived(partner: Partner) -> None:
    partner.change(TEN, price=Decimal(10) ** 20)
    partner.change(TWENTY_FIVE, price=Decimal("0.00001"))
    assert partner.sync().error == ""
    held = Sku.objects.filter(product_id=APPLE.id).values_list("hold_reason", flat=True)
    assert list(held) == ["no_price", "no_price"]

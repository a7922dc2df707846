"""What is new is written once, with the price and all that follows from it."""

from decimal import Decimal

from django.conf import settings

from storefront.catalog.models import CatalogState, PriceRule, Product, Sku
from storefront.catalog.repricing import reprice
from storefront.catalog.sync import derived, shelf
from tests.catalog.conftest import Partner
from tests.catalog.goods import FIVE, GAMES, XBOX, product, sku
from tests.catalog.test_repricing import rule
from tests.catalog.test_sync import everything


def nothing_is_left_to_do(partner: Partner) -> bool:
    before = everything()
    assert reprice(now=partner.now) == 0
    assert derived.renew_products(currency=settings.STORE_CURRENCY) == 0
    shelf.renew_shelf()
    return everything() == before


def test_the_demo_catalog_is_priced_as_it_would_be_later(partner: Partner) -> None:
    rule(percent=Decimal(15), rounding="99")
    partner.sells_the_demo()
    partner.sync()
    assert Sku.objects.filter(price=None).count() < Sku.objects.count() / 10
    assert Product.objects.filter(is_available=True, from_price__isnull=False).exists()
    assert nothing_is_left_to_do(partner)


def test_goods_that_join_others_have_the_price_of_their_shelf_at_once(partner: Partner) -> None:
    partner.sync()
    PriceRule.objects.create(
        scope="category", category_id=GAMES.id, percent=Decimal(50), currency="USD"
    )
    roblox = product("Roblox", sku("Roblox", "10", "8.00"), category=GAMES)
    partner.sells(*FIVE, roblox)
    version = CatalogState.objects.get().version
    partner.sync()
    assert Sku.objects.get(pk=roblox.skus[0].id).price == Decimal("12.00")
    assert Product.objects.get(pk=roblox.id).from_price == Decimal("12.00")
    assert Sku.objects.get(pk=XBOX.skus[0].id).price == Decimal("13.50")  # the rule is new for it
    assert CatalogState.objects.get().version == version + 1
    assert nothing_is_left_to_do(partner)


def test_a_sku_that_joins_a_product_we_have_is_for_sale_there(partner: Partner) -> None:
    partner.sync()
    cheap = sku("Xbox", "5", "4.00")
    partner.sells(*FIVE[:3], product("Xbox", *XBOX.skus, cheap, category=GAMES), FIVE[4])
    partner.sync()
    assert Product.objects.get(pk=XBOX.id).from_price == Decimal("4.40")
    assert nothing_is_left_to_do(partner)

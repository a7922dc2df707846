"""The catalog: products, prices and categories fit together, in both languages, on all pages."""

import itertools

import pytest

from partner_api import NotFound
from tests.contract.partners import Partner

TYPES = {"voucher", "recharge_fixed", "recharge", "voucher_open_range", "esim", "other"}


def test_every_product_can_be_read(partner: Partner) -> None:
    pages = itertools.islice(partner.client.product_pages(include_skus=True), 5)
    assert [row for page in pages for row in page.unreadable] == []


def test_every_price_can_be_read(partner: Partner) -> None:
    pages = itertools.islice(partner.client.pricelist_pages(), 5)
    assert [row for page in pages for row in page.unreadable] == []


def test_types_and_denominations_are_known(partner: Partner) -> None:
    products = partner.products.values()
    assert {product.type for product in products} <= TYPES
    assert {product.denomination_type for product in products} <= {"fixed", "custom"}


def test_every_product_stands_in_a_category_that_exists(partner: Partner) -> None:
    known = {category.id for category in partner.client.categories()}
    assert {product.category_id for product in partner.products.values()} <= known


def test_categories_are_filtered_by_target(partner: Partner) -> None:
    for target in ("product", "sku"):
        for category in partner.client.categories(target=target):
            assert {attribute.target for attribute in category.attributes} <= {target}


def test_a_fixed_price_has_a_price_and_a_custom_one_a_rate(partner: Partner) -> None:
    for row in partner.prices.values():
        if row.denomination_type == "fixed":
            assert row.price is not None
        else:
            assert row.price is None
            assert row.rate is not None
            assert row.markup_percent is not None


def test_products_in_the_list_have_no_prices(partner: Partner) -> None:
    skus = [sku for product in partner.products.values() for sku in product.skus]
    assert skus
    assert {sku.price for sku in skus} == {None}


def test_products_come_without_skus_unless_asked(partner: Partner) -> None:
    product = next(partner.client.products(include_skus=False))
    assert product.skus == ()


def test_one_product_says_the_same_as_the_list_and_the_pricelist(partner: Partner) -> None:
    goods = partner.goods("voucher")
    product = partner.client.product(goods.product.id)
    assert (product.name, product.type) == (goods.product.name, goods.product.type)
    [sku] = [sku for sku in product.skus if sku.id == goods.price.sku_id]
    assert (sku.price, sku.currency) == (goods.price.price, goods.price.currency)
    assert sku.max_per_order == goods.price.max_per_order


def test_both_languages_name_the_same_products(partner: Partner) -> None:
    english = list(itertools.islice(partner.client.products(locale="en"), 20))
    russian = list(itertools.islice(partner.client.products(locale="ru"), 20))
    assert [product.id for product in english] == [product.id for product in russian]
    assert all(product.name for product in [*english, *russian])


@pytest.mark.parametrize("per_page", [1, 7])
def test_small_pages_hold_the_same_products_as_large_ones(partner: Partner, per_page: int) -> None:
    large = [row.id for row in itertools.islice(partner.client.products(), 15)]
    small = [row.id for row in itertools.islice(partner.client.products(per_page=per_page), 15)]
    assert small == large


def test_a_filter_by_type_holds(partner: Partner) -> None:
    found = itertools.islice(partner.client.products(type="esim"), 20)
    assert {product.type for product in found} <= {"esim"}


def test_a_filter_by_category_holds(partner: Partner) -> None:
    category = next(iter(partner.products.values())).category_id
    found = itertools.islice(partner.client.products(category_id=category), 20)
    assert {product.category_id for product in found} == {category}


def test_an_unknown_product_is_not_found(partner: Partner) -> None:
    with pytest.raises(NotFound):
        partner.client.product("00000000-0000-4000-8000-000000000000")

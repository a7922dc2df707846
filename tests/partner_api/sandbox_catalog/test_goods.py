"""Every good can be priced, ordered and found, whether written by hand or generated."""

from decimal import Decimal

import pytest

from partner_api.sandbox.catalog import Catalog, Product, Sku, build_catalog
from partner_api.sandbox.catalog.countries import COUNTRIES
from partner_api.sandbox.catalog.currencies import CURRENCIES

CUSTOM_TYPES = {"recharge", "voucher_open_range"}


def _pairs(catalog: Catalog) -> list[tuple[Product, Sku]]:
    return [(product, sku) for product in catalog.products for sku in product.skus]


def test_ids_are_unique_over_products_and_skus(catalog: Catalog) -> None:
    pairs = _pairs(catalog)
    ids = [product.id for product in catalog.products] + [sku.id for _, sku in pairs]
    assert len(set(ids)) == len(ids)


def test_every_good_is_found_by_its_id(catalog: Catalog) -> None:
    for product, sku in _pairs(catalog):
        assert catalog.product(product.id) is product
        assert catalog.sku(sku.id) == (product, sku)


def test_an_unknown_id_is_not_found(demo: Catalog) -> None:
    with pytest.raises(KeyError):
        demo.product("00000000-0000-0000-0000-000000000000")
    with pytest.raises(KeyError):
        demo.sku(demo.products[0].id)


def test_names_tell_products_apart(catalog: Catalog) -> None:
    for locale in ("en", "ru"):
        names = [product.name.pick(locale) for product in catalog.products]
        assert len(set(names)) == len(names)


def test_names_tell_the_skus_of_a_product_apart(catalog: Catalog) -> None:
    for product in catalog.products:
        for locale in ("en", "ru"):
            assert len({sku.name.pick(locale) for sku in product.skus}) == len(product.skus)


def test_only_the_two_custom_types_have_a_free_amount(catalog: Catalog) -> None:
    for product in catalog.products:
        expected = "custom" if product.type in CUSTOM_TYPES else "fixed"
        assert product.denomination_type == expected


def test_a_fixed_sku_has_a_price_in_dollars_and_whole_cents(catalog: Catalog) -> None:
    for product, sku in _pairs(catalog):
        if product.denomination_type == "fixed":
            assert sku.currency == "USD"
            assert sku.price is not None
            assert sku.price > 0
            assert sku.price.as_tuple().exponent == -2
            assert sku.rate is None


def test_a_custom_sku_has_no_price_but_a_rate_markups_and_bounds(catalog: Catalog) -> None:
    for product, sku in _pairs(catalog):
        if product.denomination_type == "custom":
            assert sku.price is None
            assert sku.rate == CURRENCIES[sku.currency].rate
            assert sku.markup_percent is not None
            assert sku.markup_fixed is not None
            assert sku.markup_fixed >= 0
            assert sku.minimum is not None
            assert sku.maximum is not None
            assert 0 < sku.minimum < sku.maximum
            assert Decimal(str(sku.attributes["min"])) == sku.minimum
            assert Decimal(str(sku.attributes["max"])) == sku.maximum


def test_markups_go_both_ways(catalog: Catalog) -> None:
    markups = {sku.markup_percent for _, sku in _pairs(catalog) if sku.markup_percent is not None}
    assert min(markups) < 0 < max(markups)


def test_custom_goods_are_priced_in_many_face_currencies(demo: Catalog) -> None:
    custom = {s.currency for p, s in _pairs(demo) if p.denomination_type == "custom"}
    assert len(custom) >= 15
    assert "AED" in custom


def _shares_of_face_value(catalog: Catalog) -> list[Decimal]:
    shares = []
    for _, sku in _pairs(catalog):
        if sku.price is not None and "denomination" in sku.attributes:
            currency = CURRENCIES[str(sku.attributes["denomination_currency"])]
            value = Decimal(str(sku.attributes["denomination"])) * currency.rate
            shares.append(sku.price / value)
    return shares


def test_most_goods_cost_less_than_their_face_value_and_none_is_given_away(
    catalog: Catalog,
) -> None:
    shares = _shares_of_face_value(catalog)
    assert len(shares) > 300
    assert sum(share < 1 for share in shares) / len(shares) > 0.85
    assert min(shares) > Decimal("0.9")
    assert max(shares) < Decimal("1.05")


def test_some_goods_cost_more_than_their_face_value(demo: Catalog) -> None:
    assert any(share > 1 for share in _shares_of_face_value(demo))


def test_a_face_value_is_in_the_money_of_the_country(catalog: Catalog) -> None:
    for product, sku in _pairs(catalog):
        if "denomination_currency" in sku.attributes:
            country = COUNTRIES[str(product.attributes["country"])]
            assert sku.attributes["denomination_currency"] == country.currency.code


def test_every_sku_can_be_ordered_at_least_once_at_a_time(catalog: Catalog) -> None:
    for _, sku in _pairs(catalog):
        assert sku.max_per_order >= 1
        assert sku.stock >= 0


def test_every_product_stands_on_a_shelf_that_exists(catalog: Catalog) -> None:
    shelves = {category.id for category in catalog.categories}
    assert {product.category_id for product in catalog.products} <= shelves
    assert {c.parent_id for c in catalog.categories} - {None} <= shelves


def test_all_networks_and_currencies_belong_together() -> None:
    assert {country.currency.code for country in COUNTRIES.values()} == set(CURRENCIES)
    assert all(country.networks for country in COUNTRIES.values())


def test_a_catalog_can_be_empty_but_not_negative() -> None:
    assert build_catalog(0).products == ()
    with pytest.raises(ValueError, match="-1"):
        build_catalog(-1)

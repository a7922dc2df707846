"""An eSIM says how much, how long and on which networks."""

from decimal import Decimal

from partner_api.sandbox.catalog import Catalog, Product, Sku
from partner_api.sandbox.catalog.countries import COUNTRIES


def _esims(catalog: Catalog) -> list[tuple[Product, Sku]]:
    return [(p, sku) for p in catalog.products if p.type == "esim" for sku in p.skus]


def test_only_esims_carry_data(catalog: Catalog) -> None:
    for product in catalog.products:
        for sku in product.skus:
            assert bool(sku.days) is bool(sku.coverage) is (product.type == "esim")


def test_data_and_days_are_told_by_the_attributes_too(catalog: Catalog) -> None:
    for _, sku in _esims(catalog):
        assert sku.attributes["validity_days"] == str(sku.days)
        if sku.data_gb is None:
            assert sku.attributes["unlimited"] is True
            assert "data_gb" not in sku.attributes
        else:
            assert sku.attributes["data_gb"] == str(sku.data_gb)
            assert "unlimited" not in sku.attributes


def test_networks_top_up_and_the_first_day_are_told_by_the_attributes_too(
    catalog: Catalog,
) -> None:
    for product, sku in _esims(catalog):
        assert product.attributes["validity_starts"] == "first_connection"
        assert sku.attributes["renewable"] is sku.renewable
        networks = {row["network_name"] for row in sku.coverage}
        if "coverage" in product.attributes:
            told = product.attributes["coverage"]
            assert isinstance(told, dict)
            assert list(told) == product.attributes["countries"]
            assert {name for names in told.values() for name in names} == networks
        else:
            assert set(product.attributes["networks"]) == networks  # type: ignore[call-overload]  # a list, as sent


def test_both_measured_and_unlimited_plans_are_sold(demo: Catalog) -> None:
    sizes = {sku.data_gb for _, sku in _esims(demo)}
    assert {None, Decimal(1), Decimal(3), Decimal(5), Decimal(10), Decimal(20)} <= sizes
    assert {sku.days for _, sku in _esims(demo)} >= {7, 15, 30}


def test_some_plans_can_be_renewed_and_some_cannot(demo: Catalog) -> None:
    assert {sku.renewable for _, sku in _esims(demo)} == {True, False}


def test_coverage_names_real_networks_of_exactly_the_countries_of_the_plan(
    catalog: Catalog,
) -> None:
    for product, sku in _esims(catalog):
        assert [*dict.fromkeys(row["country_code"] for row in sku.coverage)] == (
            product.attributes["countries"]
        )
        for row in sku.coverage:
            country = COUNTRIES[row["country_code"]]
            assert row["country_name"] == country.en
            assert row["network_name"] in country.networks


def test_local_regional_and_global_plans_are_sold(demo: Catalog) -> None:
    sizes = {}
    for product, sku in _esims(demo):
        sizes[product.attributes.get("region", "local")] = len(
            {row["country_code"] for row in sku.coverage}
        )
    assert sizes.pop("local") == 1
    assert sizes.pop("global") > 70
    assert set(sizes) >= {"europe", "asia", "balkans", "gulf", "latin-america", "africa"}
    assert all(1 < number < 40 for number in sizes.values())


def test_more_data_of_one_plan_never_costs_less(catalog: Catalog) -> None:
    for product in catalog.products:
        if product.type == "esim":
            measured = [sku.price for sku in product.skus if sku.data_gb is not None]
            assert measured == sorted(measured, key=lambda price: price or 0)

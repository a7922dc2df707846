"""A catalog of any size: quick to build, the same every time, and as real as the demo."""

import time
from collections import Counter
from itertools import islice

import pytest

from partner_api.sandbox.catalog import Catalog, build_catalog
from partner_api.sandbox.catalog.generator import generated


@pytest.mark.parametrize("size", [1, 24, 150, 500])
def test_a_catalog_has_exactly_the_asked_size(size: int) -> None:
    assert len(build_catalog(size).products) == size


def test_a_smaller_catalog_is_the_beginning_of_the_demo(demo: Catalog) -> None:
    assert build_catalog(40).products == demo.products[:40]


def test_a_larger_catalog_begins_with_the_demo(demo: Catalog, large: Catalog) -> None:
    assert large.products[: len(demo.products)] == demo.products


def test_a_catalog_does_not_change_when_it_grows(large: Catalog) -> None:
    assert build_catalog(600).products == large.products[:600]


def test_the_same_seed_gives_the_same_goods_and_another_one_others() -> None:
    first, again, other = (build_catalog(400, seed=seed) for seed in (7, 7, 8))
    assert first.products == again.products
    assert first.products != other.products


def test_a_good_is_the_same_whatever_the_seed(large: Catalog) -> None:
    other = build_catalog(3000, seed=99)
    common = {p.id for p in large.products} & {p.id for p in other.products}
    assert len(common) > 500
    assert all(large.product(number) == other.product(number) for number in common)


def test_an_id_is_the_same_in_every_run(demo: Catalog) -> None:
    apple = demo.products[0]
    assert apple.name.en == "Apple gift card | United States"
    assert apple.id == "c1e5e5b9-fc68-52db-bb06-bfe061e2c53f"
    assert apple.skus[0].id == "0e956ee4-8176-5a2d-8828-6688f8f32c82"


def test_generated_goods_are_of_all_types_and_from_every_country(large: Catalog) -> None:
    goods = large.products[300:]
    assert min(Counter(product.type for product in goods).values()) > 50
    countries = Counter(p.attributes["country"] for p in goods if "country" in p.attributes)
    assert len(countries) > 80
    assert max(countries.values()) / len(goods) < 0.05


def test_goods_of_a_further_batch_have_their_own_ids_and_names() -> None:
    goods = list(islice(generated(1), 8000))
    second = [product for product in goods if product.name.en.endswith("| batch 2")]
    assert second[0].name.en == f"{goods[0].name.en} | batch 2"
    assert second[0].name.ru == f"{goods[0].name.ru} | партия 2"
    assert second == goods[-len(second) :], "a round begins when the one before has ended"
    assert len({product.id for product in goods}) == len(goods)
    skus = [sku.id for product in goods for sku in product.skus]
    assert len(set(skus)) == len(skus)


def _seconds_to_build(products: int) -> float:
    begun = time.process_time()
    catalog = build_catalog(products)
    spent = time.process_time() - begun
    assert len(catalog.products) == products
    assert sum(len(product.skus) for product in catalog.products) > 7 * products
    return spent


def test_ten_times_the_products_take_about_ten_times_as_long() -> None:
    # Beside itself, not beside a clock: how long a second is depends on who else uses the machine.
    floor = min(_seconds_to_build(1_000) for _ in range(3))
    assert _seconds_to_build(10_000) < 25 * floor

"""A sync takes the partner's catalog over, in both languages, and touches only what changed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils.translation import override

from partner_api.sandbox.catalog import Text
from storefront.catalog.models import CatalogState, Category, Product, Sku, SyncRun
from tests.catalog.conftest import Partner
from tests.catalog.goods import AIRALO, APPLE, FIVE, STEAM, custom_sku, product, sku

TABLES = ("catalog_category", "catalog_product", "catalog_sku")


def everything() -> dict[str, list[Any]]:
    """Every row of the shelves with its place in the table: a rewritten row has another."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT ctid, * FROM {table} ORDER BY id")  # noqa: S608  from the list above
            found[table] = cursor.fetchall()
        return found


def test_the_whole_demo_catalog_arrives_by_pages(partner: Partner) -> None:
    partner.sells_the_demo()
    run = partner.sync()
    catalog = partner.sandbox.world.catalog
    assert run.status == SyncRun.Status.PUBLISHED
    assert run.counts["pages"] > 5
    assert run.counts["unreadable"] == 0
    assert Product.objects.count() == len(catalog.products)
    assert Sku.objects.count() == sum(len(item.skus) for item in catalog.products)
    assert not Sku.objects.exclude(hold_reason="").exists()


def test_both_languages_are_kept(partner: Partner) -> None:
    partner.sync()
    apple = Product.objects.get(pk=APPLE.id)
    assert (apple.name_en, apple.name_ru) == ("Apple", "Apple по-русски")
    assert (apple.description_en, apple.description_ru) == (
        "<p>About Apple.</p>",
        "<p>Про Apple.</p>",
    )
    card = Sku.objects.get(pk=APPLE.skus[0].id)
    assert (card.name_en, card.name_ru) == ("$10 Apple", "Apple, 10 $")
    with override("ru"):
        assert apple.name == "Apple по-русски"
        assert Category.objects.get(pk=2).name == "Игры"


def test_face_cost_and_price_are_three_things(partner: Partner) -> None:
    partner.sync()
    card = Sku.objects.get(pk=APPLE.skus[1].id)
    assert (card.face_value, card.face_currency) == (Decimal(25), "USD")
    assert (card.cost, card.cost_currency) == (Decimal("22.50"), "USD")
    assert (card.price, card.price_currency) == (Decimal("24.75"), "USD")
    assert (card.stock, card.max_per_order, card.priced_at) == (100, 5, partner.now)


def test_a_custom_amount_has_its_formula_and_the_price_of_the_smallest(partner: Partner) -> None:
    open_range = product(
        "Careem", custom_sku("Careem"), type="voucher_open_range", denomination_type="custom"
    )
    partner.sells(*FIVE, open_range)
    partner.sync()
    amount = Sku.objects.get(pk=open_range.skus[0].id)
    assert (amount.cost, amount.price, amount.face_value) == (None, Decimal("2.94"), None)
    assert (amount.face_currency, amount.rate) == ("AED", Decimal("0.272"))
    assert (amount.markup_percent, amount.markup_fixed) == (Decimal(-2), Decimal(0))
    assert (amount.minimum, amount.maximum) == (Decimal(10), Decimal(500))
    assert amount.hold_reason == ""


def test_products_know_what_follows_from_their_skus(partner: Partner) -> None:
    partner.sync()
    apple = Product.objects.get(pk=APPLE.id)
    assert apple.is_available
    assert (apple.from_price, apple.from_currency) == (Decimal("9.90"), "USD")
    assert (apple.face_min, apple.face_max, apple.face_currency) == (Decimal(10), 25, "USD")
    assert (apple.country, apple.brand, apple.category_id) == ("US", "Apple", 1)


def test_the_shelf_lists_what_is_on_it_and_above(partner: Partner) -> None:
    partner.sells(STEAM, AIRALO)
    partner.sync()
    state = CatalogState.objects.get()
    assert state.priced_at == partner.now
    assert state.shelf["types"] == ["esim", "voucher"]
    assert state.shelf["countries"] == ["AE", "US"]
    assert [row["id"] for row in state.shelf["categories"]] == [1, 2, 3]
    assert set(state.shelf["home"]) == {STEAM.id, AIRALO.id}


def test_an_unchanged_catalog_is_confirmed_without_touching_a_row(partner: Partner) -> None:
    partner.sync()
    before, version = everything(), CatalogState.objects.get().version
    run = partner.sync()
    assert run.status == SyncRun.Status.PUBLISHED
    assert (run.counts["added"], run.counts["changed"], run.counts["hidden"]) == (0, 0, 0)
    assert everything() == before
    state = CatalogState.objects.get()
    assert (state.version, state.priced_at) == (version, partner.now)


def test_a_changed_price_changes_one_row_and_its_product(partner: Partner) -> None:
    partner.sync()
    began = partner.now
    partner.change(APPLE.skus[0].id, price=Decimal("9.50"))
    run = partner.sync()
    assert (run.counts["changed"], run.counts["added"]) == (1, 0)
    assert Sku.objects.get(pk=APPLE.skus[0].id).price == Decimal("10.45")
    assert Product.objects.get(pk=APPLE.id).from_price == Decimal("10.45")
    assert Sku.objects.get(pk=APPLE.skus[1].id).priced_at == began
    assert CatalogState.objects.get().version == 2


@pytest.mark.fault("F94")
def test_f94_what_vanished_is_hidden_after_two_complete_runs_and_returns_as_the_same_row(
    partner: Partner,
) -> None:
    partner.sync()
    partner.sells(*FIVE[:4])
    partner.sync()
    assert not Product.objects.get(pk=AIRALO.id).is_hidden
    run = partner.sync()
    airalo = Product.objects.get(pk=AIRALO.id)
    assert airalo.is_hidden
    assert run.counts["hidden"] == 2  # the product and its SKU
    assert Sku.objects.get(pk=AIRALO.skus[0].id).is_hidden
    assert partner.sync().counts["hidden"] == 0
    partner.sells(*FIVE)
    partner.sync()
    back = Product.objects.get(pk=AIRALO.id)
    assert (back.is_hidden, back.missing_runs, back.slug) == (False, 0, airalo.slug)
    assert back.first_seen_at == airalo.first_seen_at
    assert back.is_available


def test_a_run_that_failed_does_not_count_towards_vanishing(partner: Partner) -> None:
    partner.sync()
    partner.sells(*FIVE[:4])
    partner.sync()
    partner.trouble("500_before", "pricelist")
    assert partner.sync().status == SyncRun.Status.FAILED
    assert not Product.objects.get(pk=AIRALO.id).is_hidden


def test_addresses_survive_a_new_name(partner: Partner) -> None:
    partner.sync()
    partner.sells(*FIVE[1:], replace(APPLE, name=Text("iTunes", "iTunes")))
    partner.sync()
    apple = Product.objects.get(pk=APPLE.id)
    assert (apple.name_en, apple.slug) == ("iTunes", "apple")


@pytest.mark.fault("F100")
def test_f100_equal_names_get_addresses_of_their_own(partner: Partner) -> None:
    partner.trouble("same_names", "products")
    partner.sync()
    slugs = sorted(Product.objects.values_list("slug", flat=True))
    assert len(set(slugs)) == 5
    assert [slug for slug in slugs if slug == "gift-card"] == ["gift-card"]
    assert all(slug.startswith("gift-card") for slug in slugs)
    again = partner.sync()
    assert again.counts["changed"] == 0


def test_a_name_that_looks_like_a_made_address_cannot_take_one(partner: Partner) -> None:
    twins = [replace(product(f"Twin {n}"), name=Text("Card", "")) for n in range(2)]
    partner.sells(*twins)
    partner.sync()
    taken = Product.objects.exclude(slug="card").get().slug
    third = product("Third", name=Text(taken.replace("-", " "), ""))
    partner.sells(*twins, third)
    assert partner.sync().status == SyncRun.Status.PUBLISHED
    assert Product.objects.get(pk=third.id).slug.startswith("item-")


@pytest.mark.fault("F100")
def test_f100_a_missing_language_falls_back_and_never_erases(partner: Partner) -> None:
    partner.sync()
    partner.trouble("missing_locale", "products", value="")
    partner.sync()
    assert Product.objects.get(pk=APPLE.id).name_ru == "Apple по-русски"
    new = product("Zalando", name=Text("Zalando", ""))
    partner.sells(*FIVE, new)
    partner.sync()
    with override("ru"):
        assert Product.objects.get(pk=new.id).name == "Zalando"


def test_a_category_known_only_from_products_is_kept(partner: Partner) -> None:
    partner.trouble("empty_page", "categories")
    run = partner.sync()
    assert run.status == SyncRun.Status.PUBLISHED
    assert Category.objects.get(pk=2).name_ru == "Игры"
    assert Product.objects.get(pk=STEAM.id).category_id == 2


def test_categories_in_a_circle_do_no_harm(partner: Partner) -> None:
    rows = [{"id": 1, "name": "Hen", "parent_id": 2}, {"id": 2, "name": "Egg", "parent_id": 1}]
    partner.trouble("overlay", "categories", values={"data": rows})
    assert partner.sync().status == SyncRun.Status.PUBLISHED
    assert [row["id"] for row in CatalogState.objects.get().shelf["categories"]] == [1, 2, 3]


def test_a_product_moves_its_sku_to_another_product(partner: Partner) -> None:
    partner.sync()
    moved = replace(APPLE, skus=(*APPLE.skus, STEAM.skus[0]))
    partner.sells(*FIVE[2:], moved, replace(STEAM, skus=STEAM.skus[1:]))
    assert partner.sync().status == SyncRun.Status.PUBLISHED
    assert str(Sku.objects.get(pk=STEAM.skus[0].id).product_id) == APPLE.id


def test_extra_keys_and_nulls_are_survived(partner: Partner) -> None:
    partner.trouble("extra_keys", "*")
    assert partner.sync().status == SyncRun.Status.PUBLISHED
    assert Product.objects.count() == 5


@pytest.mark.parametrize("code", ["XX", "usa", "EU", "", "U\u0130"])
def test_a_country_that_is_none_is_left_empty(partner: Partner, code: str) -> None:
    odd = product("Odd", sku("Odd", "5", "4"), attributes={"country": code, "brand": "Odd"})
    partner.sells(odd)
    partner.sync()
    assert Product.objects.get(pk=odd.id).country == ""

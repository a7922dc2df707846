"""Between two full syncs: prices and stock of what we have, under the same guards."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from storefront.cases.models import Case
from storefront.catalog.models import CatalogState, PriceRule, Product, Sku, SyncRun
from storefront.catalog.queries import NotBuyable, buyable_sku
from storefront.catalog.queries.offers import Reason
from storefront.schedule import beat_schedule
from tests.catalog.conftest import Partner
from tests.catalog.goods import APPLE, FIVE, product
from tests.catalog.test_sync import everything

TEN = APPLE.skus[0].id
LIGHT = SyncRun.Kind.LIGHT


def test_a_new_cost_and_stock_arrive_and_nothing_else_is_asked_for(partner: Partner) -> None:
    partner.sync()
    partner.change(TEN, price=Decimal("9.50"), stock=3)
    asked: list[str] = []
    partner.adapter.before = lambda request: asked.append(str(request.url))
    run = partner.sync(kind=LIGHT)
    assert (run.status, run.counts["changed"], run.counts["added"]) == ("published", 1, 0)
    assert all("/pricelist" in url for url in asked)
    card = Sku.objects.get(pk=TEN)
    assert (card.cost, card.price, card.stock) == (Decimal("9.50"), Decimal("10.45"), 3)
    assert Product.objects.get(pk=APPLE.id).from_price == Decimal("10.45")
    assert CatalogState.objects.get().priced_at == partner.now


def test_an_unchanged_pricelist_touches_no_row_and_confirms_all_prices(partner: Partner) -> None:
    partner.sync()
    before = everything()
    partner.sync(kind=LIGHT)
    assert everything() == before
    assert CatalogState.objects.get().priced_at == partner.now


def test_what_it_does_not_list_is_not_sold_but_stays_on_the_shelf(partner: Partner) -> None:
    partner.sync()
    partner.change(TEN, hidden=True)
    for _ in range(3):
        assert partner.sync(kind=LIGHT).status == SyncRun.Status.PUBLISHED
    card = Sku.objects.get(pk=TEN)
    assert (card.is_hidden, card.missing_runs, card.hold_reason) == (False, 0, "no_price")
    with pytest.raises(NotBuyable) as refused:
        buyable_sku(TEN, 1, partner.now)
    assert refused.value.reason == Reason.HELD
    partner.change(TEN, hidden=False)
    partner.sync(kind=LIGHT)
    assert buyable_sku(TEN, 1, partner.now).unit_cost == 9


def test_new_goods_wait_for_the_full_sync(partner: Partner) -> None:
    partner.sells(*FIVE[:4])
    partner.sync()
    partner.sells(*FIVE)
    partner.sync(kind=LIGHT)
    assert Product.objects.count() == 4


def test_a_jump_is_held_by_it_as_well(partner: Partner) -> None:
    partner.sync()
    partner.change(TEN, price=Decimal(90))
    run = partner.sync(kind=LIGHT)
    assert Sku.objects.get(pk=TEN).hold_reason == "jump"
    assert run.details["held"] == [
        {
            "name": "Apple: $10 Apple", "reason": "Its cost jumped beyond the band",
            "old": "fixed, 9 USD",
            "new": "cost 90.0000, cost currency USD, denomination type fixed",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("500_before", "failed", "status 500"),
        ("cursor_repeats", "failed", "cursor repeats"),
        ("empty_page", "failed", "no prices at all"),
        ("half_page", "held", "we have"),
    ],
)
def test_a_broken_or_shrunken_pricelist_publishes_nothing(
    partner: Partner, fault: str, status: str, words: str
) -> None:
    partner.sells_the_demo()
    partner.sync()
    before, confirmed = everything(), CatalogState.objects.get().priced_at
    partner.trouble(fault, "pricelist")
    run = partner.sync(kind=LIGHT)
    assert run.status == status
    assert words in run.error
    assert everything() == before
    assert CatalogState.objects.get().priced_at == confirmed
    case = Case.objects.get(kind="catalog-sync", closed_at=None)
    assert case.summary.startswith(f"The prices sync was {status}")


def test_its_success_does_not_hide_that_full_syncs_fail(partner: Partner) -> None:
    partner.sync()
    partner.trouble("503", "products")
    assert partner.sync().status == SyncRun.Status.FAILED
    assert partner.sync(kind=LIGHT).status == SyncRun.Status.PUBLISHED
    assert Case.objects.get(kind="catalog-sync", closed_at=None).subject == "catalog"


def test_a_price_the_list_leaves_out_is_asked_for_at_the_products_page(partner: Partner) -> None:
    partner.sync()
    rows = [
        {"sku_id": sku.id, "denomination_type": "fixed", "price": 9, "currency": "USD", "stock": 1}
        for item in FIVE
        for sku in item.skus
        if sku.id != TEN
    ]
    partner.trouble("overlay", "pricelist", values={"data": rows})
    for kind in SyncRun.Kind:
        run = partner.sync(kind=kind)
        assert (run.status, run.counts["details"]) == ("published", 1)
        card = Sku.objects.get(pk=TEN)
        assert (card.hold_reason, card.cost, card.stock) == ("", Decimal(9), 100)


def test_a_products_page_that_fails_costs_only_what_it_would_have_told(partner: Partner) -> None:
    partner.sync()
    rows = [{"sku_id": sku.id, "denomination_type": "fixed", "price": 9, "currency": "USD"}
            for item in FIVE for sku in item.skus if sku.id != TEN]  # fmt: skip
    partner.trouble("overlay", "pricelist", values={"data": rows})
    partner.trouble("500_before", "product")
    run = partner.sync()
    assert (run.status, run.counts["details"]) == ("published", 0)
    assert Sku.objects.get(pk=TEN).hold_reason == "no_price"


def test_beat_asks_for_both_kinds() -> None:
    entries = [e for e in beat_schedule(1).values() if e["task"] == "catalog.sync"]
    assert [entry["kwargs"] for entry in entries] == [{}, {"kind": "light"}]


def test_one_repeated_row_in_hundreds_is_dropped(partner: Partner) -> None:
    many = [product(f"Card {number}") for number in range(101)]
    partner.sells(*many, replace(many[0], skus=()))
    run = partner.sync()
    assert (run.status, run.counts["products"]) == ("published", 101)
    assert Sku.objects.filter(product_id=many[0].id).count() == 2


def test_progress_is_kept_while_it_runs_and_told(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.catalog.sync.runs.REPORT_SECONDS", 0)
    told: list[str] = []
    kept = []

    def tell(words: str) -> None:
        told.append(words)
        kept.append(SyncRun.objects.get(status="running").progress)

    run = partner.sync(tell=tell)
    assert told == ["products: page 1", "products in Russian: page 1 of about 1",
                    "prices: page 1 of about 1", "publishing"]  # fmt: skip
    assert kept == told
    assert run.progress == ""
    assert set(run.details["added"][:3]) == {"Gift cards", "Games", "Travel"}


def test_names_of_what_vanished_are_kept_with_the_run(partner: Partner) -> None:
    partner.sync()
    partner.sells(*FIVE[:4])
    assert partner.sync().details["hidden"] == ["Airalo", "$5 Airalo"]


def test_an_unchanged_run_prices_again_what_staffs_terms_or_a_newer_shop_say_otherwise(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.sync()
    Sku.objects.filter(pk=TEN).update(price=Decimal(1))  # past all actions
    partner.sync(kind=LIGHT)
    assert Sku.objects.get(pk=TEN).price == Decimal(1)
    PriceRule.objects.create(scope="shop", percent=20, currency="USD", changed_by="carol")
    partner.sync(kind=LIGHT)
    assert Sku.objects.get(pk=TEN).price == Decimal("10.80")

    Product.objects.filter(pk=APPLE.id).update(is_available=False)
    partner.sync(kind=LIGHT)
    assert not Product.objects.get(pk=APPLE.id).is_available
    monkeypatch.setattr("storefront.catalog.sync.derived.STATEMENTS", "newer")
    partner.sync(kind=LIGHT)
    assert Product.objects.get(pk=APPLE.id).is_available


def test_prices_are_made_anew_every_day_whatever_happened_to_them(partner: Partner) -> None:
    partner.sync()
    Sku.objects.filter(pk=TEN).update(price=Decimal(1))
    partner.now += timedelta(days=1)
    partner.sync(kind=LIGHT)
    assert Sku.objects.get(pk=TEN).price == Decimal("9.90")

"""What is incomplete, endless, contradictory or shrunken is not published; nothing changes."""

import gc
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from psycopg.pq import TransactionStatus

from storefront.cases.models import Case
from storefront.catalog import actions
from storefront.catalog.models import CatalogState, Product, Sku, SyncRun
from storefront.catalog.sync import runs, staging
from tests.catalog.conftest import NOON, Partner
from tests.catalog.goods import AIRALO, APPLE, FIVE, STEAM
from tests.catalog.test_sync import everything

REFUSALS: dict[str, tuple[str, str, dict[str, object], str]] = {
    "f91_page_3_of_5_fails": ("500_before", "pricelist", {"page": 3}, "status 500"),
    "f91_page_2_of_2_is_cut": ("truncated", "products", {"page": 2}, "products"),
    "f91_a_page_is_html": ("html200", "categories", {}, "categories"),
    "f92_a_cursor_repeats": ("cursor_repeats", "pricelist", {}, "cursor repeats"),
    "f92_cursors_go_in_a_circle": ("cursor_loops", "pricelist", {}, "cursor repeats"),
    "f92_a_cursor_is_malformed": ("cursor_malformed", "products", {}, "cursor repeats"),
    "the_token_is_refused": ("401", "*", {}, "401"),
}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param("f91_page_3_of_5_fails", marks=pytest.mark.fault("F91")),
        pytest.param("f91_page_2_of_2_is_cut", marks=pytest.mark.fault("F91")),
        pytest.param("f91_a_page_is_html", marks=pytest.mark.fault("F91")),
        pytest.param("f92_a_cursor_repeats", marks=pytest.mark.fault("F92")),
        pytest.param("f92_cursors_go_in_a_circle", marks=pytest.mark.fault("F92")),
        pytest.param("f92_a_cursor_is_malformed", marks=pytest.mark.fault("F92")),
        "the_token_is_refused",
    ],
)
def test_a_broken_answer_publishes_nothing(partner: Partner, case: str) -> None:
    partner.sells_the_demo()
    partner.sync()
    before = everything()
    version, confirmed = CatalogState.objects.values_list("version", "priced_at").get()
    fault, endpoint, parameters, words = REFUSALS[case]
    partner.change(first_of_demo(partner), price=1)
    partner.trouble(fault, endpoint, **parameters)
    run = partner.sync()
    assert run.status == SyncRun.Status.FAILED
    assert words in run.error
    assert everything() == before
    assert CatalogState.objects.values_list("version", "priced_at").get() == (version, confirmed)
    assert Case.objects.get(kind="catalog-sync", closed_at=None).summary.startswith(
        "The catalog sync was failed"
    )


def first_of_demo(partner: Partner) -> str:
    return partner.sandbox.world.catalog.products[0].skus[0].id


def test_the_case_closes_with_the_next_published_run(partner: Partner) -> None:
    partner.trouble("503", "products")
    partner.sync()
    assert Case.objects.filter(kind="catalog-sync", closed_at=None).count() == 1
    partner.calm()
    partner.sync()
    assert not Case.objects.filter(kind="catalog-sync", closed_at=None).exists()


@pytest.mark.fault("F92")
def test_f92_a_list_that_never_ends_is_left(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.sync()
    monkeypatch.setattr(staging, "PAGE_LIMIT", 7)
    partner.trouble("cursor_endless", "pricelist")
    run = partner.sync()
    assert (run.status, run.error) == ("failed", "prices: more than 7 pages")


@pytest.mark.fault("F91")
@pytest.mark.parametrize("endpoint", ["products", "pricelist"])
def test_f91_an_empty_list_publishes_nothing(partner: Partner, endpoint: str) -> None:
    partner.sync()
    before = everything()
    partner.trouble("empty_page", endpoint)
    run = partner.sync()
    assert run.status == SyncRun.Status.FAILED
    assert "at all" in run.error
    assert everything() == before


def test_an_empty_catalog_is_not_published_even_the_first_time(partner: Partner) -> None:
    partner.sells()
    assert partner.sync().status == SyncRun.Status.FAILED
    assert not CatalogState.objects.exists()


def _a_product_twice(partner: Partner) -> None:
    partner.sells(*FIVE, replace(APPLE, skus=()))


def _a_sku_in_two_products(partner: Partner) -> None:
    partner.sells(*FIVE[:4], replace(AIRALO, skus=(*AIRALO.skus, APPLE.skus[0])))


@pytest.mark.parametrize("repeat", [_a_product_twice, _a_sku_in_two_products])
def test_repeated_ids_publish_nothing(partner: Partner, repeat: Callable[[Partner], None]) -> None:
    partner.sync()
    before = everything()
    repeat(partner)
    run = partner.sync()
    assert run.status == SyncRun.Status.FAILED
    assert "more than once" in run.error
    assert everything() == before


@pytest.mark.fault("F93")
@pytest.mark.parametrize(("fault", "endpoint"), [("half_page", "*"), ("shrink", "*")])
def test_f93_a_catalog_that_shrank_is_held(partner: Partner, fault: str, endpoint: str) -> None:
    partner.sells_the_demo()
    partner.sync()
    before = everything()
    partner.trouble(fault, endpoint)
    run = partner.sync()
    assert run.status == SyncRun.Status.HELD
    assert "we have" in run.error
    assert everything() == before
    assert Case.objects.filter(kind="catalog-sync", closed_at=None).count() == 1


def test_staff_may_force_a_smaller_catalog_with_a_reason(partner: Partner) -> None:
    partner.sync()
    partner.sells(APPLE, STEAM)
    assert partner.sync().status == SyncRun.Status.HELD
    run = partner.sync(force="The partner closed its games shop")
    assert (run.status, run.forced) == ("published", "The partner closed its games shop")
    assert Product.objects.get(pk=AIRALO.id).missing_runs == 1


def test_losing_a_fifth_is_still_ordinary(partner: Partner) -> None:
    partner.sync()
    partner.sells(*FIVE[:4])  # four of five products, eight of nine SKUs
    assert partner.sync().status == SyncRun.Status.PUBLISHED


def test_one_sync_at_a_time(partner: Partner) -> None:
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"] or None, user=settings["USER"],
        password=settings["PASSWORD"], dbname=settings["NAME"],
    ) as other:  # fmt: skip
        other.execute("SELECT pg_advisory_lock(%s)", [runs.SYNC_LOCK])
        with pytest.raises(actions.AlreadyRunning):
            partner.sync()
        assert not SyncRun.objects.exists()
        other.execute("SELECT pg_advisory_unlock(%s)", [runs.SYNC_LOCK])
    assert partner.sync().status == SyncRun.Status.PUBLISHED


def test_a_run_whose_process_was_killed_is_closed_by_the_next(partner: Partner) -> None:
    killed = SyncRun.objects.create(kind="full", started_at=NOON, by="beat")
    partner.sync()
    killed.refresh_from_db()
    assert (killed.status, killed.error) == ("failed", "the process was ended")


@pytest.mark.parametrize("fault", [None, "401"])
def test_what_was_in_memory_is_set_aside_for_as_long_as_a_sync_runs(
    partner: Partner, fault: str | None
) -> None:
    seen = []
    partner.adapter.before = lambda _: seen.append(gc.get_freeze_count())
    if fault:
        partner.trouble(fault, "products")
    partner.sync()
    assert min(seen) > 10_000
    assert gc.get_freeze_count() == 0


def test_an_error_of_our_own_fails_the_run_and_is_not_hidden(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(**_: object) -> None:
        raise ZeroDivisionError

    partner.sync()
    before = everything()
    monkeypatch.setattr("storefront.catalog.sync.derived.renew_products", stumble)
    partner.change(APPLE.skus[0].id, price=8)
    with pytest.raises(ZeroDivisionError):
        partner.sync()
    assert SyncRun.objects.latest().error == "ZeroDivisionError"
    assert everything() == before


def test_what_cannot_be_read_is_counted_and_the_rest_is_published(partner: Partner) -> None:
    rows = [{"id": 1, "name": "Cards"}, {"id": "one", "name": "?"}, None]
    partner.trouble("overlay", "categories", values={"data": rows})
    run = partner.sync()
    assert run.status == SyncRun.Status.PUBLISHED
    assert run.counts["unreadable"] == 4  # two rows in two languages


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_partner_is_asked(partner: Partner) -> None:
    seen = []
    connection.ensure_connection()
    ours = connection.connection  # the partner is asked in a thread, which has none of its own

    def look(_: object) -> None:
        assert connection.connection is None or connection.connection is ours
        seen.append(ours.info.transaction_status)

    partner.adapter.before = look
    assert partner.sync().status == SyncRun.Status.PUBLISHED
    assert len(seen) == 5
    # A COPY of the page before may be under way.
    assert set(seen) <= {TransactionStatus.IDLE, TransactionStatus.ACTIVE}
    assert Sku.objects.filter(pk=UUID(APPLE.skus[0].id)).exists()


@pytest.mark.django_db(transaction=True)
def test_the_lock_and_the_staging_tables_are_gone_afterwards(partner: Partner) -> None:
    partner.sync()
    with connection.cursor() as cursor:
        # The other processes' tests share this server, each with a database of its own.
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'staged_%'")
        assert cursor.fetchone() == (0,)

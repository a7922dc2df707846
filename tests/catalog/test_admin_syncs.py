"""The sync page: how things stand in words, each run's story, and the buttons."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from storefront.catalog.models import CatalogState, Product, Sku, SyncRun
from tests.catalog.conftest import Partner
from tests.catalog.goods import APPLE, FIVE, STEAM
from tests.catalog.test_admin import staff

RUNS = "admin:catalog_syncrun_changelist"
START = "admin:catalog_syncrun_start"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the page puts into the queue."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "storefront.catalog.admin_syncs.enqueue",
        lambda task, **arguments: asked.append({"task": task, **arguments}),
    )
    return asked


def page(client: Client) -> str:
    return client.get(reverse(RUNS)).content.decode()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (5, "Prices were last confirmed 5"),
        (40, "which is longer ago than it should be"),
        (400, "Nothing is sold until a sync succeeds"),
    ],
)
def test_the_age_of_prices_is_said_in_words(
    client: Client, partner: Partner, minutes: int, words: str
) -> None:
    partner.sync()
    CatalogState.objects.update(priced_at=timezone.now() - timedelta(minutes=minutes))
    staff(client)
    assert words in page(client)


def test_before_the_first_sync_it_says_so(client: Client, db: None) -> None:
    staff(client)
    assert "No sync has been published yet" in page(client)


def test_the_partners_last_error_stands_there_until_a_sync_of_that_kind_succeeds(
    client: Client, partner: Partner
) -> None:
    staff(client)
    partner.sync()
    partner.trouble("503", "products")
    partner.sync()
    partner.sync(kind=SyncRun.Kind.LIGHT)
    assert "failed, because" in page(client)
    assert "status 503" in page(client)
    partner.calm()
    partner.sync()
    assert "failed, because" not in page(client)


def test_a_run_under_way_shows_how_far_it_is(client: Client, db: None) -> None:
    SyncRun.objects.create(
        kind="full", started_at=timezone.now(), by="beat", progress="products: page 7"
    )
    staff(client)
    assert "products: page 7" in page(client)


def test_a_run_tells_what_changed_and_what_is_held(client: Client, partner: Partner) -> None:
    partner.sync()
    partner.sells(*FIVE[:4])
    partner.change(APPLE.skus[0].id, price=90)
    run = partner.sync()
    staff(client)
    shown = client.get(reverse("admin:catalog_syncrun_change", args=[run.pk])).content.decode()
    assert "<b>No longer listed:</b> Airalo, $5 Airalo" in shown
    assert "<b>Apple: $10 Apple</b>: Its cost jumped beyond the band" in shown
    assert "Accepted: fixed, 9 USD. Now: cost 90.0000" in shown


@pytest.mark.parametrize("kind", ["full", "light"])
def test_a_colleague_starts_a_sync(
    client: Client, db: None, asked: list[dict[str, Any]], kind: str
) -> None:
    user = staff(client)
    client.post(reverse(START), {"kind": kind})
    assert asked == [{"task": "catalog.sync", "by": str(user), "kind": kind, "force": ""}]


def test_a_held_run_is_forced_with_a_reason_only(
    client: Client, partner: Partner, asked: list[dict[str, Any]]
) -> None:
    staff(client)
    partner.sync()
    partner.sells(APPLE, STEAM)
    assert partner.sync().status == SyncRun.Status.HELD
    assert "Sync and publish all the same" in page(client)
    client.post(reverse(START), {"kind": "full", "force": "1", "reason": "  "})
    assert asked == []
    client.post(reverse(START), {"kind": "full", "force": "1", "reason": "They closed"})
    assert asked[0]["force"] == "They closed"


def test_a_reader_starts_nothing(client: Client, db: None, asked: list[dict[str, Any]]) -> None:
    staff(client, "view_syncrun")
    assert "Sync everything now" not in page(client)
    assert client.post(reverse(START), {"kind": "full"}).status_code == 403
    assert client.get(reverse(START)).status_code == 405
    assert asked == []


ACCEPT = "admin:catalog_syncrun_accept"


@pytest.fixture
def jumped(partner: Partner) -> str:
    """The id of a SKU whose cost went from 9 to 90."""
    partner.sync()
    partner.change(APPLE.skus[0].id, price=90)
    partner.sync()
    return APPLE.skus[0].id


@pytest.mark.fault("F95")
def test_what_is_held_stands_on_the_page_and_one_click_accepts_it(
    client: Client, jumped: str
) -> None:
    staff(client)
    shown = page(client)
    assert "Accepted: fixed, 9 USD. Now: cost 90.0000" in " ".join(shown.split())
    answer = client.post(reverse(ACCEPT), {"kind": "sku", "id": jumped}, follow=True)
    assert "Accepted. It is sold as the partner offers it now." in answer.content.decode()
    assert (Sku.objects.get(pk=jumped).cost, Sku.objects.get(pk=jumped).hold_reason) == (90, "")
    assert "Not sold until somebody accepts it" not in page(client)


def test_a_changed_type_is_accepted_there_as_well(client: Client, partner: Partner) -> None:
    partner.sync()
    partner.trouble("unknown_type", "products")
    partner.sync()
    staff(client)
    client.post(reverse(ACCEPT), {"kind": "product", "id": APPLE.id})
    assert Product.objects.get(pk=APPLE.id).type == "subscription"


@pytest.mark.parametrize("kind", ["sku", "product", "", "order"])
def test_a_reader_accepts_nothing(client: Client, jumped: str, kind: str) -> None:
    staff(client, "view_syncrun")
    assert ">Accept<" not in "".join(page(client).split())
    assert client.post(reverse(ACCEPT), {"kind": kind, "id": jumped}).status_code == 403
    assert client.get(reverse(ACCEPT)).status_code == 405
    assert Sku.objects.get(pk=jumped).hold_reason == "jump"


def test_an_id_that_is_none_is_refused(client: Client, db: None) -> None:
    staff(client)
    assert client.post(reverse(ACCEPT), {"kind": "sku", "id": "../1"}).status_code == 403

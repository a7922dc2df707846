"""What staff see of the webhooks: what came, what it led to, why others were turned away; and what
they may do about it.
"""

from typing import Any

import pytest
from django.test import Client

from storefront.accounts.models import User
from storefront.webhooks import refusals
from storefront.webhooks.models import PartnerEvent, Refusal
from tests.webhooks.conftest import FORGED_PIN, Letter, Shop, about, is_stored, post

INBOX, TURNED_AWAY = "/admin/webhooks/partnerevent/", "/admin/webhooks/refusal/"


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process may have counted refusals of other tests and not written them yet."""
    monkeypatch.setattr(refusals, "_memory", refusals._Memory())


@pytest.fixture
def olga() -> Client:
    """Staff, of all rights."""
    olga = Client()
    olga.force_login(User.objects.create_superuser("olga@shop.example"))
    return olga


def test_an_event_tells_what_it_led_to(shop: Shop, olga: Client) -> None:
    purchase = shop.buy()
    post(Letter(data=about(shop.sold(purchase))))
    shop.work()

    page = olga.get(INBOX).content.decode()
    assert f"/admin/fulfillment/purchase/{purchase.pk}/change/" in page
    assert f"{purchase.external_id} was asked about" in page


def test_many_events_ask_no_more_than_few(
    shop: Shop, olga: Client, django_assert_max_num_queries: Any
) -> None:
    purchase = shop.buy()
    for _ in range(12):
        post(Letter(data=about(shop.sold(purchase))))
    with django_assert_max_num_queries(10):
        page = olga.get(INBOX).content.decode()
    assert page.count(f"/admin/fulfillment/purchase/{purchase.pk}/change/") == 12


def test_an_event_is_followed_again_and_only_asks(shop: Shop, olga: Client) -> None:
    purchase = shop.buy()
    post(Letter(data=about(shop.sold(purchase), status="completed", pin=FORGED_PIN)))
    shop.work()
    event, asked = PartnerEvent.objects.get(), shop.asked(purchase)

    olga.post(INBOX, {"action": "replay", "_selected_action": str(event.pk)})
    event.refresh_from_db()
    assert (event.status, event.note) == ("received", "replayed by olga@shop.example")
    shop.work()

    event.refresh_from_db()
    assert (event.status, shop.asked(purchase)) == ("applied", asked + 1)
    assert shop.order(purchase).status == "processing"


def test_who_may_only_read_follows_nothing(shop: Shop) -> None:
    mallory = User.objects.create_user("mallory@shop.example", is_staff=True)
    client = Client()
    client.force_login(mallory)
    purchase = shop.buy()
    post(Letter(data=about(shop.sold(purchase))))
    shop.work()
    event = PartnerEvent.objects.get()

    client.post(INBOX, {"action": "replay", "_selected_action": str(event.pk)})

    event.refresh_from_db()
    assert event.status == "applied"


@pytest.mark.fault("F74")
def test_refusals_are_counted_by_reason_and_nothing_of_them_is_kept(
    shop: Shop, olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "EVERY_SECONDS", 0.0)
    data = {"order": {"external_id": FORGED_PIN}}
    for _ in range(3):
        assert post(Letter(data=data, headers={"X-Signature": "0" * 64})).status_code == 401

    row = Refusal.objects.get(reason="the signature does not match")
    assert (row.status, row.count) == (401, 3)
    assert "the signature does not match" in olga.get(TURNED_AWAY).content.decode()
    assert not is_stored(FORGED_PIN)


def test_a_flood_of_refusals_is_a_statement_a_second(shop: Shop) -> None:
    letter = Letter(headers={"X-Signature": "0" * 64})
    for _ in range(20):
        assert post(letter).status_code == 401
    assert Refusal.objects.get().count < 20
    refusals._memory.written_at = float("-inf")
    post(letter)
    assert Refusal.objects.get().count == 21

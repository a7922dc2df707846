"""The page that says how each part of the shop is, and what to do where something is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.contrib.auth.models import Group
from django.test import Client
from django.utils.timezone import now
from django.utils.translation import override

from storefront.accounts.models import User
from storefront.catalog.models import CatalogState, SyncRun
from storefront.finance.models import BalanceReading
from storefront.partner.models import Circuit
from storefront.staff.system import BAD, GOOD, LOOK, State, parts
from storefront.webhooks.models import PartnerEvent
from tests.factories import OrderLineFactory, PurchaseFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/system/"


def states() -> dict[str, State]:
    return {part.name: part.state for part in parts(now=now())}


def words(name: str) -> str:
    (part,) = [part for part in parts(now=now()) if part.name == name]
    assert bool(part.todo) == (part.state is not GOOD), "what to do stands where there is something"
    return f"{part.words} {part.todo}"


def told(**figures: Any) -> None:
    values = {
        "currency": "USD", "balance": 90, "available": 100, "reserved": 0, "overdraft_limit": 10,
        "claimed": 0, "under_way": 0, "clock_skew": 0,
    }  # fmt: skip
    BalanceReading.objects.create(at=now(), **(values | figures))


@pytest.fixture
def healthy() -> None:
    """A shop that has been at work for a while."""
    CatalogState.objects.create(id=1, priced_at=now() - timedelta(minutes=4))
    told()
    PartnerEvent.objects.create(
        idempotency_key="00000000-0000-0000-0000-000000000001", body_hash=b"x", event="order",
        status="applied", received_at=now(),
    )  # fmt: skip


def test_a_healthy_shop_is_good_but_for_being_a_demonstration(healthy: None) -> None:
    assert {name for name, state in states().items() if state is not GOOD} == {"Mode"}


def test_what_is_wrong_is_named_with_what_to_do(
    healthy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = OrderLineFactory.create(order__paid=True)
    PurchaseFactory.create(line=line, due_at=now() - timedelta(minutes=9))
    assert states()["Workers"] is BAD
    with override("ru"):
        assert "purchases for 9 minutes" in words("Workers")

    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:9/0")
    assert "queued anew from the rows" in words("Queue")

    Circuit.objects.create(
        pk="place", failures=3, reason="credentials", open_until=now() + timedelta(minutes=1)
    )
    assert "credentials" in words("Buying")
    assert states()["Catalog"] is GOOD

    for hours, state in ((1, LOOK), (7, BAD)):
        CatalogState.objects.update(priced_at=now() - timedelta(hours=hours))
        assert states()["Prices"] is state
    SyncRun.objects.create(
        kind="full", status="failed", started_at=now(), finished_at=now(), by="beat",
        error="the partner did not answer",
    )  # fmt: skip
    assert "the partner did not answer" in words("Prices")

    for skew, state in ((-29, GOOD), (45, LOOK), (-200, BAD)):
        told(clock_skew=skew)
        assert states()["Clock"] is state
    assert "200 seconds behind ours" in words("Clock")


@pytest.mark.parametrize("role", ["Support", "Fulfilment", "Finance", "Owner", "Catalog"])
def test_the_roles_read_it(role: str, healthy: None) -> None:
    user = User.objects.create_user(f"{role}@shop.example".lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.content.decode().count('data-testid="system-part"') == len(states())
    assert PAGE in client.get("/admin/").content.decode()


def test_nobody_else_does(db: None) -> None:
    assert Client().get(PAGE).status_code == 302
    client = Client()
    client.force_login(User.objects.create_user("nobody@shop.example", is_staff=True))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code in {403, 405}

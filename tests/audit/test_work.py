"""The probe of work: green while due work is done, red while nobody does it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from storefront.fulfillment.models import Purchase
from tests.factories import OrderLineFactory, PurchaseFactory

PROBE = "/health/work"


@pytest.fixture
def purchase(transactional_db: None) -> Purchase:
    """A paid order's, just due."""
    line = OrderLineFactory.create(order__paid=True)
    return PurchaseFactory.create(line=line, due_at=now())


@pytest.mark.fault("F44")
def test_f44_work_that_is_due_for_long_turns_the_probe_red_whatever_processes_look_like(
    purchase: Purchase,
) -> None:
    assert Client().get(PROBE).status_code == 200
    Purchase.objects.update(due_at=now() - timedelta(minutes=6))

    answer = Client().get(PROBE)

    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert answer.json()["due_for_seconds"]["purchases"] >= 360
    Purchase.objects.update(lease_until=now() + timedelta(seconds=60))
    assert Client().get(PROBE).status_code == 200, "somebody is at it"
    Purchase.objects.update(due_at=now() + timedelta(hours=1), lease_until=None)
    assert Client().get(PROBE).json() == {"status": "ok", "due_for_seconds": {}}


@pytest.mark.django_db
def test_the_probe_has_one_address_and_changes_nothing() -> None:
    assert Client().post(PROBE).status_code == 405
    assert Client().get(f"/ru{PROBE}").status_code == 404

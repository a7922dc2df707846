"""The probes: alive is about the process, ready about its database."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from celery import current_app
from django.test import Client
from django.utils.timezone import now

from storefront.catalog.models import CatalogState
from storefront.finance.models import BalanceReading
from tests.house.tree import ROOT

# Nobody listens there: what a shop is like whose database is down.
WITHOUT_DATABASE = "postgresql://shop@127.0.0.1:9/shop"
ASK = """
import json, django
django.setup()
from django.test import Client
answers = [Client(SERVER_NAME="127.0.0.1").get(f"/health/{probe}") for probe in ("live", "ready")]
print(json.dumps([[a.status_code, a.json(), a["Cache-Control"]] for a in answers]))
"""


def test_a_process_is_alive_without_asking_any_other() -> None:
    """A test without its mark may not touch the database at all."""
    assert Client().get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_shop_whose_database_answers_is_ready_and_tells_how_old_things_are() -> None:
    answer = Client().get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok", "database": "ok", "broker": "ok", "due_for_seconds": {},
        "webhook_age_seconds": None, "sync_age_seconds": None, "balance_age_seconds": None,
        "clock_skew_seconds": None,
    }  # fmt: skip
    CatalogState.objects.create(id=1, priced_at=now() - timedelta(hours=2))
    BalanceReading.objects.create(at=now(), error="no answer")
    told = Client().get("/health/ready").json()
    assert 7200 <= told["sync_age_seconds"] < 7260
    assert told["balance_age_seconds"] is None, "a question without an answer is none"


@pytest.mark.django_db
def test_a_shop_without_its_broker_is_ready_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:9/0")
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["broker"]) == (200, "unreachable")


def test_a_shop_without_its_database_is_alive_and_not_ready() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": WITHOUT_DATABASE},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    live, ready = json.loads(done.stdout)
    assert live[:2] == [200, {"status": "ok"}]
    assert ready[:2] == [503, {"status": "failing", "database": "unreachable"}]
    assert all("no-store" in answer[2] for answer in (live, ready))
    assert WITHOUT_DATABASE not in done.stdout


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_probes_have_one_address_and_change_nothing(path: str) -> None:
    assert Client().post(path).status_code == 405
    assert Client().get(f"/ru{path}").status_code == 404


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "127.0.0.1", "nonsense..example"])
def test_probes_ask_a_machine_by_any_name_and_nobody_else_does(host: str) -> None:
    assert Client().get("/health/live", headers={"host": host}).status_code == 200
    assert Client().get("/robots.txt", headers={"host": "10.1.2.3:8000"}).status_code == 400

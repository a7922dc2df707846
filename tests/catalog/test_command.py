"""`sync_catalog` and the task: one line and exit 0, or exit 1 and the reason; both do the same."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from celery import current_app
from django.core.management import CommandError, call_command

from partner_api.sandbox.server import running
from storefront.catalog import actions
from storefront.catalog.models import CatalogState, Product, SyncRun
from storefront.catalog.tasks import sync
from tests.catalog.conftest import Partner
from tests.catalog.goods import APPLE, STEAM

ROOT = Path(__file__).resolve().parents[2]


def test_one_line_says_what_was_published(partner: Partner) -> None:
    said = StringIO()
    call_command("sync_catalog", stdout=said)
    assert said.getvalue().startswith(
        "catalog published: 5 products, 9 SKUs, 9 prices; 17 rows added, 0 changed, 0 missing,"
    )
    assert said.getvalue().count("\n") == 1
    assert SyncRun.objects.get().by == "command"


@pytest.mark.parametrize("fault", ["500_before", "empty_page"])
def test_a_failure_is_an_error_with_its_reason(partner: Partner, fault: str) -> None:
    partner.trouble(fault, "products")
    said = StringIO()
    with pytest.raises(CommandError, match=r"failed, nothing was published: .*products"):
        call_command("sync_catalog", stdout=said)
    assert said.getvalue() == ""


def test_a_shrunken_catalog_is_published_with_a_reason(partner: Partner) -> None:
    partner.sync()
    partner.sells(APPLE, STEAM)
    with pytest.raises(CommandError, match="held, nothing was published: the partner lists 2"):
        call_command("sync_catalog")
    call_command("sync_catalog", force="closed for good", stdout=StringIO())
    assert SyncRun.objects.latest().forced == "closed for good"


def test_a_second_sync_beside_the_first_is_an_error(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_: object) -> None:
        raise actions.AlreadyRunning("another sync of the catalog is running")

    monkeypatch.setattr(actions, "sync", busy)
    with pytest.raises(CommandError, match="another sync"):
        call_command("sync_catalog")
    sync()  # a tick of beat is not an error


def test_the_task_syncs_under_its_name_and_ignores_what_it_does_not_know(partner: Partner) -> None:
    task = current_app.tasks["catalog.sync"]
    task(by="olga@shop.example", novelty=1)
    assert SyncRun.objects.get().by == "olga@shop.example"
    assert Product.objects.count() == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [None, "401"])
def test_the_real_command_over_a_real_socket(fault: str | None) -> None:
    from django.db import connection  # noqa: PLC0415  its name is the test database's only now

    with running(products=20) as partner:
        if fault:
            partner.control.fault({"fault": fault, "endpoint": "*", "next": None})
        done = subprocess.run(
            [sys.executable, "manage.py", "sync_catalog"], cwd=ROOT, capture_output=True, text=True,
            env=environment(partner.url, partner.sandbox.token, connection.settings_dict["NAME"]),
            check=False, timeout=60,
        )  # fmt: skip
    if fault:
        assert (done.returncode, done.stdout) == (1, "")
        assert "nothing was published" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\n") == 1
        assert Product.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_of_two_syncs_at_once_the_second_says_so_and_nothing_is_published_twice(
    partner: Partner,
) -> None:
    from django.db import connection  # noqa: PLC0415  as above

    second: list[subprocess.CompletedProcess[str]] = []

    def start_another(_: object) -> None:
        if not second:
            second.append(
                subprocess.run(
                    [sys.executable, "manage.py", "sync_catalog"], cwd=ROOT, capture_output=True,
                    text=True, check=False, timeout=60,
                    env=environment(other.url, other.sandbox.token, database),
                )
            )  # fmt: skip

    database = connection.settings_dict["NAME"]
    with running(products=20) as other:
        partner.adapter.before = start_another
        run = partner.sync()
    assert (second[0].returncode, second[0].stdout) == (1, "")
    assert "another sync of the catalog is running" in second[0].stderr
    assert list(SyncRun.objects.all()) == [run]
    assert run.counts["added"] == 17
    assert Product.objects.count() == 5
    assert CatalogState.objects.get().version == 1


def environment(url: str, token: str, database: str) -> dict[str, str]:
    import os  # noqa: PLC0415  as above

    at = os.environ["DATABASE_URL"].rpartition("/")[0]
    own = {"PARTNER_API_URL": url, "PARTNER_API_TOKEN": token, "DATABASE_URL": f"{at}/{database}"}
    return os.environ | own


def test_a_light_sync_is_one_line_too_and_progress_goes_to_standard_error(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.sync()
    monkeypatch.setattr("storefront.catalog.sync.runs.REPORT_SECONDS", 0)
    said, told = StringIO(), StringIO()
    call_command("sync_catalog", light=True, stdout=said, stderr=told)
    assert said.getvalue().startswith("prices published: 9 prices; 0 rows added, 0 changed,")
    assert said.getvalue().count("\n") == 1
    assert told.getvalue() == "prices: page 1 of about 1\npublishing\n"
    assert SyncRun.objects.latest().kind == "light"

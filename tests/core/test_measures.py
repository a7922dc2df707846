"""How long things took is added up over processes, and lost for no trouble of the database."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from storefront.core import measures
from storefront.core.models import Measure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_before() -> None:
    measures._heaps.clear()


def test_what_two_processes_saw_is_added_up() -> None:
    for seconds in (0.001, 0.02, 3.0):
        measures.observe("request", "shop:home 2xx", seconds)
    measures.flush()
    measures.observe("request", "shop:home 2xx", 60.0)
    measures.flush()
    row = Measure.objects.get()
    assert (row.count, row.microseconds) == (4, 63_021_000)
    assert row.buckets == [1, 1, 0, 0, 0, 0, 0, 0, 1, 1]


def test_observing_asks_the_database_nothing_and_flushing_nothing_when_nothing_was(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0):
        measures.flush()
        measures.observe("request", "shop:home 2xx", 0.001)


def test_trouble_of_the_database_keeps_what_was_observed(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_cursor() -> None:
        raise OperationalError("gone")

    measures.observe("partner", "orders 2xx", 0.001)
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", no_cursor)
        measures.flush()
    measures.observe("partner", "orders 2xx", 0.001)
    measures.flush()
    assert Measure.objects.get().count == 2


def test_a_view_is_counted_by_its_name_and_never_by_what_a_stranger_wrote(client: Client) -> None:
    client.get("/products/?q=secret")
    client.get("/nothing/at/all/")
    client.post("/webhooks/partner/")
    measures.flush()
    labels = set(Measure.objects.values_list("label", flat=True))
    assert labels == {"catalog:list 2xx", "nothing 4xx", "webhooks:partner 4xx"}

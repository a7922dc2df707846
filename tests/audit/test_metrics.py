"""The figures Prometheus reads: true, cheap, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from storefront.core import measures
from storefront.finance.models import BalanceReading
from storefront.fulfillment.states import Status
from tests.factories import OrderLineFactory, PurchaseFactory

pytestmark = pytest.mark.django_db


def figures(client: Client | None = None) -> dict[str, float]:
    """By name and label, as Prometheus would keep them."""
    answer = (client or Client()).get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_work_that_waits_and_what_is_in_doubt_is_counted() -> None:
    assert 'kiosk_purchases_open{state="in_doubt"}' not in figures()
    line = OrderLineFactory.create(order__paid=True, order__created_at=now())
    PurchaseFactory.create(line=line, status=Status.IN_DOUBT, due_at=now() - timedelta(minutes=7))

    seen = figures()

    assert seen['kiosk_purchases_open{state="in_doubt"}'] == 1
    assert seen['kiosk_work_overdue_seconds{work="purchases"}'] >= 420
    assert sum(v for k, v in seen.items() if k.startswith("kiosk_orders_last_hour")) == 1


def test_the_float_the_clocks_and_how_long_answers_take_are_figures() -> None:
    BalanceReading.objects.create(
        at=now() - timedelta(minutes=5), currency="USD", balance=90, available=100, reserved=0,
        overdraft_limit=10, claimed=0, under_way=0, clock_skew=-4,
    )  # fmt: skip
    for seconds in (0.004, 0.004, 2.0):
        measures.observe("partner", "create_order 2xx", seconds)
    measures.observe("partner", "create_order Unreachable", 1.0)
    measures.flush()
    seen = figures()
    assert seen["kiosk_float_available"] == 100
    assert seen["kiosk_clock_skew_seconds"] == -4
    assert 300 <= seen['kiosk_age_seconds{what="balance"}'] < 330
    assert seen["kiosk_broker_up"] == 1
    of = 'endpoint="create_order",outcome="2xx"'
    assert seen[f"kiosk_partner_seconds_count{{{of}}}"] == 3
    assert seen[f'kiosk_partner_seconds_bucket{{{of.replace(",", ",le=")}}}'.replace(
        ",le=outcome", ",le=\"0.005\",outcome")] == 2  # fmt: skip
    assert seen['kiosk_partner_seconds_count{endpoint="create_order",outcome="Unreachable"}'] == 1


def test_a_scrape_is_a_few_statements_whatever_there_is() -> None:
    line = OrderLineFactory.create(order__paid=True)
    PurchaseFactory.create(line=line)
    with CaptureQueriesContext(connection) as statements:
        figures()
    assert len(statements) <= 26


@pytest.mark.parametrize(
    "stranger",
    [
        Client(REMOTE_ADDR="2.2.2.2"),
        Client(REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "127.0.0.1"}),
        Client(REMOTE_ADDR="10.0.0.2", headers={"x-forwarded-for": ""}),
    ],
    ids=["from the street", "through a proxy", "through a proxy that hides whom"],
)
def test_what_a_shop_sells_is_nobody_elses_business(stranger: Client) -> None:
    assert stranger.get("/metrics").status_code == 404
    assert Client().get("/ru/metrics").status_code == 404
    assert Client().post("/metrics").status_code == 405


def test_a_scraper_may_ask_by_the_machines_address() -> None:
    figures(Client(headers={"host": "10.1.2.3:8000"}, REMOTE_ADDR="10.0.0.9"))

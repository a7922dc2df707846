"""The broker or the database is away: what customers and the partner are told meanwhile."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.chaos import judge
from tests.chaos.customer import Customer
from tests.chaos.letters import body_about, deliver
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.stack

# The whole way from the product's page to the order's is eight requests.
PATIENCE = 4.0
MOMENT = 1.5


@contextmanager
def within(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    took = time.monotonic() - begun
    assert took < seconds, f"{took:.2f} s"


@pytest.mark.parametrize("trouble", ["cut", "silence"])
@pytest.mark.fault("F42", "F43", "F86")
def test_the_broker_is_away_and_customers_notice_nothing(shop: Stack, trouble: str) -> None:
    # Beat and worker stay away until it is back: what they do then is not what is asked here.
    shop.kill("beat")
    shop.kill("worker")
    getattr(shop.wires["broker"], trouble)()
    with within(PATIENCE):
        customer = Customer(shop).buy()
    assert customer.status() == "paid"
    with within(MOMENT):
        assert deliver(shop, body_about(customer.external_id())).status_code == 200
    assert shop.rows(
        "select status from webhooks_partnerevent where external_id = %s", customer.external_id()
    ) == [("received",)]

    shop.wires["broker"].mend()
    shop.start("worker")
    shop.start("beat")
    judge.everything_settles(shop)
    judge.bought_once(shop, [customer])


@pytest.mark.parametrize("away", [1, pytest.param(20, marks=pytest.mark.slow)])
@pytest.mark.fault("F42")
def test_the_broker_comes_back_and_running_workers_go_on(shop: Stack, away: int) -> None:
    shop.wires["broker"].cut()
    customer = Customer(shop).buy()
    time.sleep(away)
    shop.wires["broker"].mend()
    judge.everything_settles(shop, 60)
    judge.bought_once(shop, [customer])


@pytest.mark.fault("F85")
def test_the_database_is_away_and_the_partner_is_asked_to_come_again(shop: Stack) -> None:
    document = body_about("ORD-WHILE-AWAY")
    assert deliver(shop, body_about("ORD-BEFORE")).status_code == 200, "connections are open"

    shop.wires["database"].cut()
    with within(MOMENT):
        assert deliver(shop, document).status_code == 503
    assert not shop.answers("/health/ready")
    assert shop.answers("/health/live")

    shop.wires["database"].mend()
    wait_for(lambda: deliver(shop, document).status_code == 200)
    assert shop.rows(
        "select count(*) from webhooks_partnerevent where external_id = 'ORD-WHILE-AWAY'"
    ) == [(1,)]


@pytest.mark.fault("F47")
def test_the_database_is_away_while_an_order_is_bought(shop: Stack) -> None:
    """The answer comes and cannot be written: it is asked for again, not bought again."""
    shop.control("faults", {"endpoint": "create_order", "fault": "late", "seconds": 1})
    customer = Customer(shop).buy()
    external_id = customer.external_id()
    wait_for(lambda: judge.asked(shop, external_id))
    shop.wires["database"].cut()
    wait_for(lambda: not judge.asked(shop, external_id))
    time.sleep(0.5)
    shop.wires["database"].mend()

    judge.everything_settles(shop)
    judge.bought_once(shop, [customer])
    assert len(judge.posts_of(shop, external_id)) == 1

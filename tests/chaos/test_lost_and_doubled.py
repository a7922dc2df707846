"""The queue may lose all and do all twice, and webhooks may never come: orders complete."""

import time

import pytest
from celery import current_app

from tests.chaos import judge
from tests.chaos.customer import Customer
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.stack


def send(shop: Stack, task: str, **arguments: str) -> None:
    """Put a job into the shop's queue."""
    with current_app.connection_for_write(url=shop.redis_url) as broker:
        current_app.send_task(task, kwargs=arguments, connection=broker)


def status_of(customer: Customer) -> str:
    return str(customer.purchases()[0][0])


@pytest.mark.fault("F42")
def test_redis_is_wiped_right_after_a_payment(shop: Stack) -> None:
    shop.freeze("worker")
    customer = Customer(shop).buy()
    # A frozen worker may have asked for a job before; what it got is lost with it.
    shop.wipe_broker()
    shop.kill("worker")
    with shop.broker() as broker:
        assert not broker.llen("buy"), "the job is gone"
    assert status_of(customer) == "ready"

    shop.start("worker")
    judge.everything_settles(shop)
    judge.bought_once(shop, [customer])


@pytest.mark.fault("F42")
def test_redis_is_wiped_while_everything_runs(shop: Stack) -> None:
    """Workers and beat keep their connections and notice nothing."""
    customers = []
    for _ in range(3):
        shop.wipe_broker()
        customers.append(Customer(shop).buy())
        shop.wipe_broker()
    judge.everything_settles(shop)
    judge.bought_once(shop, customers)


@pytest.mark.fault("F39")
def test_the_worker_is_down_while_customers_pay(shop: Stack) -> None:
    shop.kill("worker")
    customers = [Customer(shop).buy() for _ in range(3)]
    assert {customer.status() for customer in customers} == {"paid"}

    shop.start("worker")
    judge.everything_settles(shop)
    judge.bought_once(shop, customers)


@pytest.mark.fault("F41", "F45")
def test_two_workers_two_beats_and_every_job_many_times(shop: Stack) -> None:
    shop.start("worker-2")
    shop.start("beat-2")
    shop.control("faults", {"endpoint": "create_order", "fault": "late", "seconds": 1, "next": 3})
    customers = [Customer(shop).buy(quantity=2) for _ in range(3)]
    for customer in customers:
        for *_, purchase_id in customer.purchases():
            for _ in range(10):
                send(shop, "fulfillment.advance", purchase_id=str(purchase_id))
    for _ in range(10):
        send(shop, "fulfillment.sweep")

    judge.everything_settles(shop)
    judge.bought_once(shop, customers)
    for customer in customers:
        for _, external_id, *_ in customer.purchases():
            assert len(judge.posts_of(shop, external_id)) == 1
    mails = shop.rows(
        "select reference, count(*) from mail_message where kind = 'order_ready' group by 1"
    )
    assert {count for _, count in mails} == {1}


@pytest.mark.parametrize("end", ["completed", "cancelled"])
@pytest.mark.fault("F84", "F25")
def test_no_webhook_ever_comes(shop: Stack, end: str) -> None:
    """Of a cancelled order none is ever sent: only asking finds out."""
    shop.control("webhooks", {"mode": "drop"})
    shop.control("plan", {"status": "processing"})
    customer = Customer(shop).buy()
    external_id = customer.external_id()
    wait_for(lambda: status_of(customer) == "placed")
    # Long enough to be asked for several times, and answered the same.
    wait_for(lambda: _polls(shop, external_id) >= 4)
    assert customer.status() == "processing"

    shop.control(f"orders/{external_id}", {"status": end})

    judge.everything_settles(shop)
    assert {hook["state"] for hook in _webhooks(shop, external_id)} <= {"dropped"}
    if end == "completed":
        judge.bought_once(shop, [customer])
    else:
        assert customer.status() == "failed"
        ((payment,),) = shop.rows(
            "select p.status from payments_payment p join orders_order o on o.id = p.order_id"
            " where o.number = %s",
            customer.number,
        )
        assert payment == "voided", "nobody pays for what was cancelled"


def test_a_webhook_is_faster_than_asking(shop: Stack) -> None:
    """Doubled ones too; the proof that they are heard at all."""
    shop.control("webhooks", {"mode": "double"})
    shop.control("plan", {"status": "processing"})
    customer = Customer(shop).buy()
    external_id = customer.external_id()
    wait_for(lambda: status_of(customer) == "placed")
    shop.control(f"orders/{external_id}", {"status": "completed"})

    judge.everything_settles(shop)
    judge.bought_once(shop, [customer])
    wait_for(lambda: [hook["state"] for hook in _webhooks(shop, external_id)] == ["delivered"])
    stored = shop.rows(
        "select status from webhooks_partnerevent where external_id = %s", external_id
    )
    assert stored == [("applied",)]


@pytest.mark.fault("F39")
def test_sigterm_in_the_middle_of_a_purchase_loses_nothing(shop: Stack) -> None:
    shop.control("faults", {"endpoint": "create_order", "fault": "late", "seconds": 3})
    customer = Customer(shop).buy()
    external_id = customer.external_id()
    wait_for(lambda: judge.asked(shop, external_id))
    begun = time.monotonic()
    shop.terminate("worker")

    # It was asked politely, so it heard the answer before it left.
    assert time.monotonic() - begun > 1
    ((status, _, _, delivered, posts, _),) = customer.purchases()
    assert (status, delivered, posts) == ("completed", 1, 1)

    shop.start("worker")
    judge.everything_settles(shop)
    judge.bought_once(shop, [customer])


def test_sigterm_to_the_whole_group_in_the_middle_of_a_purchase_loses_nothing(shop: Stack) -> None:
    """As a terminal or a service manager does it: the children hear it too, and do not wait."""
    shop.control("faults", {"endpoint": "create_order", "fault": "late", "seconds": 3})
    customer = Customer(shop).buy()
    external_id = customer.external_id()
    wait_for(lambda: judge.asked(shop, external_id))
    shop.terminate("worker", group=True)

    shop.start("worker")
    judge.everything_settles(shop)
    judge.bought_once(shop, [customer])
    assert len(judge.posts_of(shop, external_id)) == 1


def _polls(shop: Stack, external_id: str) -> int:
    ((polls,),) = shop.rows(
        "select polls from fulfillment_purchase where external_id = %s", external_id
    )
    return int(polls)


def _webhooks(shop: Stack, external_id: str) -> list[dict[str, str]]:
    return [
        hook for hook in shop.control("ledger")["webhooks"] if hook["external_id"] == external_id
    ]

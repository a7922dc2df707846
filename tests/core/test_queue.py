"""Queueing work never costs the customer more than a moment, whatever the broker does."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu import Queue, pools

from storefront.core import queue
from storefront.core.queue import enqueue
from tests.wire import Wire

MOMENT = 1.0


@pytest.fixture
def wire(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """The way to the broker; what is in its queues belongs to nobody."""
    parts = urlsplit(settings.CELERY_BROKER_URL)
    with Wire((parts.hostname or "", parts.port or 6379)) as wire:
        url = parts._replace(netloc=f"127.0.0.1:{wire.port}").geturl()
        monkeypatch.setattr(current_app.conf, "broker_write_url", url)
        monkeypatch.setattr(queue, "_memory", queue._Memory())
        queue._broker.cache_clear()
        waiting()
        yield wire
        queue._broker.cache_clear()
        pools.reset()


def waiting() -> int:
    """How many jobs were in the queue, which is now empty."""
    with current_app.connection_for_read() as broker:
        return int(Queue("default")(broker.default_channel).purge() or 0)


def seconds_of(count: int = 1) -> float:
    """How long queueing takes."""
    begun = time.monotonic()
    for _ in range(count):
        enqueue("webhooks.sweep")
    return time.monotonic() - begun


def test_a_job_is_queued_when_the_transaction_commits(wire: Wire) -> None:
    with transaction.atomic():
        enqueue("webhooks.sweep")
        assert waiting() == 0
    assert waiting() == 1


def test_a_job_of_a_transaction_rolled_back_is_not_queued(wire: Wire) -> None:
    with transaction.atomic():
        enqueue("webhooks.sweep")
        transaction.set_rollback(True)
    assert waiting() == 0


@pytest.mark.parametrize("trouble", ["cut", "silence"])
def test_a_dead_broker_costs_a_moment_once_and_then_nothing(wire: Wire, trouble: str) -> None:
    assert seconds_of() < MOMENT
    getattr(wire, trouble)()
    assert seconds_of() < MOMENT
    assert seconds_of(50) < 0.1


def test_it_is_asked_again_after_a_rest(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.cut()
    enqueue("webhooks.sweep")
    wire.mend()
    enqueue("webhooks.sweep")
    assert waiting() == 0, "still resting"

    rested = time.monotonic() + queue._REST_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: rested)
    enqueue("webhooks.sweep")
    assert waiting() == 1


def test_a_connection_that_died_while_idle_loses_no_job(wire: Wire) -> None:
    enqueue("webhooks.sweep")
    wire.cut()
    wire.mend()
    enqueue("webhooks.sweep")
    assert waiting() == 2


def test_many_failures_leave_room_in_the_pool(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_REST_SECONDS", 0.0)
    wire.cut()
    for _ in range(2 * (current_app.conf.broker_pool_limit or 0)):
        enqueue("webhooks.sweep")
    wire.mend()
    enqueue("webhooks.sweep")
    assert waiting() == 1


def test_what_is_asked_for_within_a_moment_is_two_jobs_at_most(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first at once; the second late enough to find whatever came meanwhile."""
    queue._memory.covered_until.clear()
    moments = iter([1000 + number / 1000 for number in range(90)])
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    for moment[0] in moments:
        queue.enqueue_soon("webhooks.sweep")
    assert waiting() == 2
    moment[0] = 1000.0 + 2 * queue.GATHER_SECONDS + 0.002
    queue.enqueue_soon("webhooks.sweep")
    assert waiting() == 1


def test_a_job_the_broker_did_not_take_covers_nothing(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_REST_SECONDS", 0.0)
    queue._memory.covered_until.clear()
    wire.cut()
    queue.enqueue_soon("webhooks.sweep")
    wire.mend()
    queue.enqueue_soon("webhooks.sweep")
    assert waiting() == 1

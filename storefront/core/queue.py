"""Queue work by a task's name, once the database has it. The queue may lose it; the rows may not.

Actions call `enqueue`, so tasks import actions and never the other way round. A broker that is down
costs a log line and a moment: each app's sweeper finds what is due in its rows.
"""

import time
from dataclasses import dataclass, field
from functools import cache

import structlog
from celery import current_app
from django.db import transaction
from kombu import Connection, pools
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# Somebody waits for the page behind this, or gave us ten seconds; the worker's own connections have
# more patience. An idle connection may have died unnoticed, so there is a second try.
_TRIES = 2
HASTE = {"socket_connect_timeout": 0.4, "socket_timeout": 0.4, "max_retries": 0}
# For so long a broker that failed is not asked again by this process, or each request would wait.
_REST_SECONDS = 5.0
# What asks for the same work within so long is one job.
GATHER_SECONDS = 0.1


@dataclass
class _Memory:
    """What this process remembers of the broker."""

    resting_until: float = 0.0
    # By task that was asked for soon: until when a job that was sent finds all that is due.
    covered_until: dict[str, float] = field(default_factory=dict)


_memory = _Memory()


def enqueue(task: str, **arguments: str | int) -> None:
    """Send the named task after the open transaction commits (at once when there is none)."""

    transaction.on_commit(lambda: _try_to_send(task, arguments), robust=True)


def enqueue_soon(task: str) -> None:
    """The same for a task that finds its work in rows: one job for all that ask within a moment.

    The first is sent at once. The next one waits GATHER_SECONDS in the queue, and whoever asks
    until then adds nothing: their rows are there before it begins.
    """

    def send() -> None:
        moment = time.monotonic()
        covered = _memory.covered_until.get(task, 0.0)
        if moment < covered:
            return
        wait = GATHER_SECONDS if moment < covered + GATHER_SECONDS else 0.0
        if _try_to_send(task, {}, countdown=wait):
            _memory.covered_until[task] = moment + wait

    transaction.on_commit(send, robust=True)


def _try_to_send(task: str, arguments: dict[str, str | int], countdown: float = 0.0) -> bool:
    """Whether the broker has it."""
    if time.monotonic() < _memory.resting_until:
        return False
    try:
        _send(task, arguments, countdown)
    except (OperationalError, OSError) as error:
        _memory.resting_until = time.monotonic() + _REST_SECONDS
        log.warning("broker unreachable, left to the sweeper", task=task, error=str(error))
        return False
    return True


def _send(task: str, arguments: dict[str, str | int], countdown: float) -> None:
    for left in reversed(range(_TRIES)):
        try:
            with pools.producers[_broker()].acquire(block=True) as producer:
                current_app.send_task(
                    task,
                    kwargs=arguments,
                    producer=producer,
                    retry=False,
                    countdown=countdown or None,
                )
        except (OperationalError, OSError):
            if not left:
                raise
        else:
            return


@cache
def _broker() -> Connection:
    """The name under which this process pools its hasty connections; itself it never connects."""
    return current_app.connection_for_write(transport_options=HASTE)

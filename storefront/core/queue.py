"""Queue work by a task's name, once the database has it. The queue may lose it; the rows may not.

Actions call `enqueue`, so tasks import actions and never the other way round. A broker that is down
costs a log line: each app's sweeper finds what is due in its rows.
"""

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue(task: str, **arguments: str | int) -> None:
    """Send the named task after the open transaction commits (at once when there is none)."""

    def send() -> None:
        try:
            current_app.send_task(task, kwargs=arguments, retry=False)
        except (OperationalError, OSError) as error:
            log.warning("broker unreachable, left to the sweeper", task=task, error=str(error))

    transaction.on_commit(send, robust=True)

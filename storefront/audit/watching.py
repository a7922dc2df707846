"""How the shop is, in figures: what probes, Prometheus and the system page read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from celery import current_app
from django.db import connection
from kombu.exceptions import OperationalError

from storefront.audit.queries import overdue
from storefront.core.queue import HASTE
from storefront.finance.queries import balance
from storefront.partner import circuits
from storefront.partner.circuits import Capability


@dataclass(frozen=True)
class Vitals:
    """Ages as of now; None where there has been nothing yet."""

    work: dict[str, timedelta]  # for how long the oldest has been due, by kind
    webhook: timedelta | None  # since the last genuine one
    sync: timedelta | None  # since the prices of the whole catalog were confirmed
    balance: timedelta | None  # since the partner last told it
    available: Decimal | None  # the float, as it told then, in its currency
    clock_skew: int | None  # seconds the partner's clock was ahead of ours then
    is_broker_there: bool
    # By capability of the partner's whose calls rest: for how much longer, and why.
    resting: dict[Capability, tuple[timedelta, str]]


def vitals(*, now: datetime) -> Vitals:
    """In a handful of statements by index. Raises django.db.Error without the database."""
    answer = balance.last_answer()
    return Vitals(
        work=overdue(now=now),
        webhook=_age("SELECT max(received_at) FROM webhooks_partnerevent", now),
        sync=_age("SELECT max(priced_at) FROM catalog_catalogstate", now),
        balance=now - answer.at if answer else None,
        available=answer.available if answer else None,
        clock_skew=answer.clock_skew if answer else None,
        is_broker_there=is_broker_there(),
        resting=_resting(now),
    )


def is_broker_there() -> bool:
    """Whether it answers within a moment."""
    try:
        with current_app.connection_for_write(transport_options=HASTE) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except (OperationalError, OSError):
        return False
    return True


def _resting(now: datetime) -> dict[Capability, tuple[timedelta, str]]:
    found = {}
    for capability in Capability:
        noted = circuits.noted(capability)
        wait = circuits.rest(noted, now=now)
        if noted is not None and wait is not None:
            found[capability] = (wait, str(noted.reason))
    return found


def _age(query: str, now: datetime) -> timedelta | None:
    with connection.cursor() as cursor:
        cursor.execute(query)
        ((at,),) = cursor.fetchall()
    return None if at is None else now - at

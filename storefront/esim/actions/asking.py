"""Asking the partner about an eSIM, and writing what it says; no transaction is open between."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q

from partner_api import EsimStatus, PartnerClient, PartnerError
from storefront.core.queue import enqueue
from storefront.core.sealed import CannotOpen, seal
from storefront.esim import queries, states, waits
from storefront.esim.actions import caring
from storefront.esim.models import Esim, Reading
from storefront.esim.parts import Parts
from storefront.partner import circuits

log = structlog.get_logger(__name__)

# Others write these lists: so much of them is kept.
_PACKAGES, _NETWORKS, _TEXT = 50, 400, 200
_MOST = Decimal(10) ** 9


def poll(*, now: datetime, most: int = waits.BUDGET) -> int:
    """Queue a question for what is due, never more than the budget; returns how many.

    Moving the due time on takes them out of the next minute's, whatever the queue does.
    """
    ids = queries.due(now=now, most=most)
    Esim.objects.filter(pk__in=ids).update(due_at=now + waits.LEASE)
    for esim_id in ids:
        enqueue("esim.ask", esim_id=str(esim_id))
    return len(ids)


def ask_soon(*, esim_id: UUID, now: datetime) -> None:
    """Something happened to it (a top-up): begin anew."""
    Esim.objects.filter(pk=esim_id).update(due_at=now, idle=0, asked_at=None)
    enqueue("esim.ask", esim_id=str(esim_id))


def ask(
    *,
    esim_id: UUID,
    client: PartnerClient,
    now: datetime,
    not_within: timedelta = timedelta(minutes=1),
) -> bool:
    """Ask once, unless it was asked within `not_within`; whether an answer came.

    Whoever moves `asked_at` asks: two tasks of one eSIM are one call.
    """
    rows = Esim.objects.filter(pk=esim_id, iccid_index__isnull=False)
    free = rows.filter(Q(asked_at=None) | Q(asked_at__lte=now - not_within))
    if not free.update(asked_at=now, due_at=now + waits.LEASE):
        return False
    try:
        esim = Esim.objects.get(pk=esim_id)
        number = esim.parts.number
        status = client.esim_status(number.reveal()) if number else None
    except (PartnerError, CannotOpen) as error:
        # Neither says the number: the first never quotes it, the second names the row.
        log.info("esim not asked", esim=str(esim_id), error=type(error).__name__)
        status, why = None, type(error).__name__
    else:
        why = "no number"
    if status is None:
        _note_failure(esim_id, why, now)
        return False
    take_over(esim_id=esim_id, status=status, now=now)
    return True


@transaction.atomic
def _note_failure(esim_id: UUID, why: str, now: datetime) -> None:
    failures = Esim.objects.get(pk=esim_id).failures
    due_at = waits.after_failure(failures, now=now)
    Esim.objects.filter(pk=esim_id).update(failures=F("failures") + 1, due_at=due_at)
    if not failures:
        Reading.objects.create(esim_id=esim_id, at=now, failure=why[:60])


def refresh(*, esim_id: UUID, client: PartnerClient, now: datetime) -> bool:
    """Its owner wants to know: ask unless that was just done; whether an answer came.

    While the partner rests, for whatever reason, nothing is asked.
    """
    if circuits.wait(circuits.Capability.READ, now=now) is not None:
        return False
    return ask(esim_id=esim_id, client=client, now=now, not_within=waits.FRESH)


@transaction.atomic
def take_over(*, esim_id: UUID, status: EsimStatus, now: datetime) -> None:
    """Write what the partner says. What installs it is completed, never replaced."""
    rows = Esim.objects.select_related("delivery__line__order")
    esim = rows.select_for_update(no_key=True, of=("self",)).get(pk=esim_id)
    before = (esim.status_text, esim.data_remaining, esim.packages)
    esim.status_text = status.status[:100]
    esim.state = states.read(status.status)
    esim.can_renew = status.can_renew
    esim.last_bundle = (status.last_bundle or "")[:_TEXT]
    balance = status.data_balance
    esim.data_total = _number(balance.total) if balance else None
    esim.data_remaining = _number(balance.remaining) if balance else None
    esim.data_unit = balance.unit[:10] if balance else ""
    esim.packages, esim.coverage = _packages(status), _coverage(status)
    ends = [package.expires_at for package in status.active_packages if package.expires_at]
    esim.ends_at = max(ends, default=None)
    has_news = before != (esim.status_text, esim.data_remaining, esim.packages)
    if has_news or esim.failures or esim.checked_at is None:
        Reading.objects.create(
            esim=esim,
            at=now,
            status_text=esim.status_text,
            data_remaining=esim.data_remaining,
            data_total=esim.data_total,
            data_unit=esim.data_unit,
        )
    esim.checked_at, esim.failures = now, 0
    esim.idle = 0 if has_news else min(esim.idle + 1, 100)
    esim.due_at = waits.next_question(
        esim.state, idle=esim.idle, age=now - esim.created_at, ends_at=esim.ends_at, now=now
    )
    _complete(esim, status)
    esim.save()
    caring.tell(esim=esim, now=now)


def _packages(status: EsimStatus) -> list[dict[str, str | None]]:
    return [
        {
            "name": package.name[:_TEXT],
            "total": _text(package.data_total),
            "remaining": _text(package.data_remaining),
            "unit": package.data_unit[:10],
            "activated_at": package.activated_at.isoformat() if package.activated_at else None,
            "expires_at": package.expires_at.isoformat() if package.expires_at else None,
            "status": package.status[:100],
        }
        for package in status.active_packages[:_PACKAGES]
    ]


def _coverage(status: EsimStatus) -> list[dict[str, str]]:
    return [
        {
            "code": place.country_code[:2].upper(),
            "country": place.country_name[:_TEXT],
            "network": place.network_name[:_TEXT],
        }
        for place in status.coverage[:_NETWORKS]
    ]


def _complete(esim: Esim, status: EsimStatus) -> None:
    told = Parts(lpa=status.lpa, smdp=status.smdp_address, activation=status.activation_code)
    parts = esim.parts
    whole = parts.completed(told)
    if whole != parts:
        esim.sealed = seal(whole.sealed_form(), context=esim.seal_context)


def _number(value: Decimal | None) -> Decimal | None:
    """A number the column keeps; none of what is no amount of data."""
    if value is None or not value.is_finite() or not 0 <= value < _MOST:
        return None
    return value.quantize(Decimal("0.001"))


def _text(value: Decimal | None) -> str | None:
    number = _number(value)
    return None if number is None else f"{number.normalize():f}"

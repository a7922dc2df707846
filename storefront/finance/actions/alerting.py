"""Telling people that the float crossed a line, once, and once more when it is back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from storefront.cases.actions import close_case, open_case
from storefront.core.money import money, shown
from storefront.finance.models.balance import Alerts, AlertsChange, BalanceReading, Crossing
from storefront.finance.queries import balance as queries
from storefront.mail.actions import queue

# The float is one thing: its cases have one subject.
SUBJECT = "float"
_TUNED = ("threshold", "tells_of_overdraft", "recipients", "locale")


def judge(*, reading: BalanceReading, now: datetime) -> None:
    """Open or close what this reading says of each line. Call it in the reading's transaction.

    Readings that arrive late, after newer ones, change nothing.
    """
    alerts, _ = Alerts.objects.select_for_update().get_or_create(pk=1)
    if BalanceReading.objects.filter(error="", at__gt=reading.at).exists():
        return
    lines = {
        Crossing.Kind.LOW: queries.is_low(reading, alerts),
        Crossing.Kind.OVERDRAFT: alerts.tells_of_overdraft and reading.is_overdrafted,
    }
    for kind, is_crossed in lines.items():
        crossing = Crossing.objects.filter(kind=kind, ended_at=None).first()
        if is_crossed and crossing is None:
            _begin(kind, reading, alerts, now)
        elif crossing is not None and not is_crossed:
            _end(crossing, reading, alerts, now)


@transaction.atomic
def save_alerts(
    *,
    threshold: Decimal | None,
    tells_of_overdraft: bool,
    recipients: list[str],
    locale: str,
    by: str,
    now: datetime,
) -> Alerts:
    """Change them, write down who did, and judge the last figures by them at once."""
    alerts, _ = Alerts.objects.select_for_update().get_or_create(pk=1)
    before = _told(alerts)
    alerts.threshold, alerts.tells_of_overdraft = threshold, tells_of_overdraft
    alerts.recipients, alerts.locale = "\n".join(recipients), locale
    if (after := _told(alerts)) != before:
        alerts.save()
        AlertsChange.objects.create(at=now, by=by[:120], before=before, after=after)
        if reading := queries.last_answer():
            judge(reading=reading, now=now)
    return alerts


def _begin(kind: str, reading: BalanceReading, alerts: Alerts, now: datetime) -> None:
    crossing = Crossing.objects.create(kind=kind, began_at=now)
    figures = _figures(reading, alerts, "en")
    summary = f"{figures['available']} can be spent, the balance is {figures['balance']}."
    if kind == Crossing.Kind.LOW:
        summary += f" Told of below {figures['threshold']}."
    open_case(kind=f"float-{kind}", subject=SUBJECT, summary=summary, now=now)
    _mail(f"float_{kind}", crossing, reading, alerts, now)


def _end(crossing: Crossing, reading: BalanceReading, alerts: Alerts, now: datetime) -> None:
    crossing.ended_at = now
    crossing.save(update_fields=["ended_at"])
    close_case(kind=f"float-{crossing.kind}", subject=SUBJECT, by="system", now=now)
    _mail(f"float_{crossing.kind}_over", crossing, reading, alerts, now)


def _mail(
    kind: str, crossing: Crossing, reading: BalanceReading, alerts: Alerts, now: datetime
) -> None:
    with override(alerts.locale):
        url = settings.SITE_URL + reverse("finance:dashboard")
    for number, address in enumerate(alerts.recipients.split()):
        queue(
            kind=kind,
            reference=f"float-{crossing.pk}-{number}",
            to=address,
            locale=alerts.locale,
            secrets={},
            context=_figures(reading, alerts, alerts.locale) | {"url": url},
            now=now,
        )


def _figures(reading: BalanceReading, alerts: Alerts, language: str) -> dict[str, str]:
    """In words, for people."""
    amounts = {
        "available": reading.available,
        "balance": reading.balance,
        "threshold": alerts.threshold,
    }
    return {
        name: "" if amount is None else shown(money(amount, reading.currency), language)
        for name, amount in amounts.items()
    }


def _told(alerts: Alerts) -> dict[str, Any]:
    values = {name: getattr(alerts, name) for name in _TUNED}
    # As the column keeps it, so that 5 and 5.0000 are no change.
    kept = None if alerts.threshold is None else f"{alerts.threshold:.4f}"
    return values | {"threshold": kept}

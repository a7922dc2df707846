"""Probes: can this process do its work, and does anybody? A worker may live, hold its connections
and do nothing.
"""

from datetime import timedelta

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from storefront.audit.queries import LONGEST, overdue
from storefront.audit.watching import vitals


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view takes its request
    """503 without the database. Whatever else is told is for whoever looks: a shop sells without
    its broker, and a load balancer that took every process away would help nobody.
    """
    try:
        found = vitals(now=now())
    except Error:
        return JsonResponse({"status": "failing", "database": "unreachable"}, status=503)
    answer = {
        "status": "ok",
        "database": "ok",
        "broker": "ok" if found.is_broker_there else "unreachable",
        "due_for_seconds": {name: _seconds(age) for name, age in found.work.items()},
        "webhook_age_seconds": _seconds(found.webhook),
        "sync_age_seconds": _seconds(found.sync),
        "balance_age_seconds": _seconds(found.balance),
        "clock_skew_seconds": found.clock_skew,
    }
    return JsonResponse(answer)


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


@require_safe
@never_cache
def work(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view takes its request
    """503 when something is due for longer than five minutes, or nobody can tell."""
    try:
        waits = {name: int(age.total_seconds()) for name, age in overdue(now=now()).items()}
    except Error:
        return JsonResponse({"status": "failing", "database": "unreachable"}, status=503)
    late = max(waits.values(), default=0) > LONGEST.total_seconds()
    answer = {"status": "failing" if late else "ok", "due_for_seconds": waits}
    return JsonResponse(answer, status=503 if late else 200)

"""A probe that is red when work waits: a worker may live, hold its connections and do nothing."""

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from storefront.audit.queries import LONGEST, overdue


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

"""The page of an error of ours: whether somebody may come back in a moment, or has to be told."""

import sys

from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error as broken

# The database is away, or can only be read: it will be back, and nothing was written.
_AWAY = (OperationalError, InternalError)
RETRY_SECONDS = 60


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where only the database is to blame. Called while the error is handled."""
    if not isinstance(sys.exc_info()[1], _AWAY):
        return broken(request)
    answer = broken(request, template_name="503.html")
    answer.status_code, answer["Retry-After"] = 503, str(RETRY_SECONDS)
    return answer

"""One id for every request, on what we log meanwhile and in the answer."""

from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def log_context(get_response: GetResponse) -> GetResponse:
    """Bind a fresh request id for the time of the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = get_response(request)
        response["X-Request-Id"] = request_id
        return response

    return middleware

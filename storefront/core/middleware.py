"""One id for every request, on what we log meanwhile and in the answer; probes by any name; and
webhooks past all that is for people.
"""

from collections.abc import Callable
from uuid import uuid4

import structlog
from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from storefront.core.csp import ADMIN, ADMIN_POLICY, PERMISSIONS
from storefront.core.measures import timed

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


def content_policy(get_response: GetResponse) -> GetResponse:
    """What browsers may do, on every answer, put together once: no page changes it."""
    policy, admins = build_policy(), build_policy(config=ADMIN_POLICY)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = PERMISSIONS
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if not (settings.DEBUG and response.status_code in {404, 500}):
            is_admins = request.path_info.startswith(ADMIN)
            response.headers.setdefault(HEADER, admins if is_admins else policy)
        return response

    return middleware


def measured(get_response: GetResponse) -> GetResponse:
    """Count how long each view takes, by its name and the kind of answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with timed("request") as label:
            response = get_response(request)
            found = request.resolver_match
            label += [found.view_name if found else "nothing", f"{response.status_code // 100}xx"]
        return response

    return middleware


def probes_by_any_name(get_response: GetResponse) -> GetResponse:
    """Probes ask a machine by its address; what they are told does not depend on the host.

    Without this a shop that answers to its own name alone, as it must, would look dead to them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(("/health/", "/metrics")):
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".")
        return get_response(request)

    return middleware


def webhooks_first(get_response: GetResponse) -> GetResponse:
    """A webhook has no session, language or account: what only looks for those is passed by.

    What is no webhook of ours, or comes by another name, takes the long way and is refused there.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/webhooks/"):
            return get_response(request)
        try:
            request.get_host()
            found = resolve(request.path_info)
        except (DisallowedHost, Resolver404):
            return get_response(request)
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        # Nobody looks at it; and where somebody does, it may do nothing.
        response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return response

    return middleware

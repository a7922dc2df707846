"""Error reports, Sentry's and Django's own: they say where it broke, never with what.

By default both show every frame's variables, and Sentry bodies of requests as well: a code that was
in memory while something else failed would leave the shop.
"""

from typing import Any

import sentry_sdk
from django.conf import settings
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter
from sentry_sdk.types import Event, Hint

from storefront.core.logs import masked

# Of a frame, what tells where it is. Of a request, what tells which page.
_FRAME = {"filename", "abs_path", "module", "function", "lineno", "in_app"}
_REQUEST = {"method", "url"}
# What else a report may hold: the rest may quote what was being worked on.
_EVENT = {
    "event_id", "timestamp", "platform", "level", "logger", "release", "environment", "server_name",
    "transaction", "exception", "request", "sdk", "tags", "type",
}  # fmt: skip


class NoVariables(SafeExceptionReporterFilter):
    """Django's reports without variables, forms and cookies; a developer's machine shows them."""

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> Any:
        """None of them."""
        if settings.DEBUG:
            return super().get_traceback_frame_variables(request, tb_frame)
        return []

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        """What somebody typed is theirs."""
        return super().get_post_parameters(request) if settings.DEBUG else {}

    def get_safe_request_meta(self, request: HttpRequest | None) -> Any:
        """Without cookies, and with links that open nothing."""
        meta = super().get_safe_request_meta(request)  # type: ignore[arg-type]  # the stubs know no None
        if settings.DEBUG:
            return meta
        return {
            name: masked(value) if isinstance(value, str) else value
            for name, value in meta.items()
            if name != "HTTP_COOKIE"
        }

    def get_safe_cookies(self, request: HttpRequest | None) -> Any:
        """A session's key opens what the session may see."""
        return super().get_safe_cookies(request) if settings.DEBUG else {}  # type: ignore[arg-type]  # the same


def stripped(event: Event, _hint: Hint | None = None) -> Event:
    """A report with nothing in it but names, lines, and what the errors say in one line."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in _EVENT}
    for error in kept.get("exception", {}).get("values", []):
        # From its second line on, a database's error quotes the row.
        error["value"] = masked(str(error.get("value") or "").partition("\n")[0])[:500]
        error.pop("mechanism", None)
        for frame in (error.get("stacktrace") or {}).get("frames", []):
            for name in set(frame) - _FRAME:
                del frame[name]
    if request := kept.get("request"):
        kept["request"] = {
            name: masked(str(value).partition("?")[0])
            for name, value in request.items()
            if name in _REQUEST
        }
    if transaction := kept.get("transaction"):
        kept["transaction"] = masked(transaction)
    return kept  # type: ignore[return-value]  # the keys of an event


def options() -> dict[str, Any]:
    """How reports are made: without variables, bodies, source and what came before."""
    return {
        "include_local_variables": False,
        "include_source_context": False,
        "max_request_body_size": "never",
        "max_breadcrumbs": 0,
        "traces_sample_rate": None,
        "before_send": stripped,
    }


def start_reports(dsn: str) -> None:
    """Have errors reported there, if anywhere."""
    if dsn:
        sentry_sdk.init(dsn=dsn, **options())

"""What the partner's response headers tell: how long to wait, what time it is, which request.

Headers come from outside: garbage reads as "did not say", never as an error.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

#: The longest wait believed, in seconds.
MAX_RETRY_AFTER = 15 * 60

_SECONDS = re.compile(r"[0-9]{1,18}\Z")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}\Z")
_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "x-trace-id", "cf-ray")


def retry_after(headers: Mapping[str, str], now: float) -> int | None:
    """Retry-After in whole seconds from now, from a number or a date; None when it says neither."""
    value = headers.get("retry-after", "").strip()
    if _SECONDS.match(value):
        return min(int(value), MAX_RETRY_AFTER)
    moment = _moment(value)
    return None if moment is None else min(max(0, round(moment - now)), MAX_RETRY_AFTER)


def clock_skew(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds the partner's Date header is ahead of our clock (negative: behind), to one second."""
    moment = _moment(headers.get("date", ""))
    return None if moment is None else moment - now


def request_id(headers: Mapping[str, str]) -> str | None:
    """The partner's id of this request, for asking them about it."""
    values = (headers.get(name, "").strip() for name in _REQUEST_ID_HEADERS)
    return next((value for value in values if _REQUEST_ID.match(value)), None)


def _moment(value: str) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

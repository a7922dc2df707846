"""Carries requests over HTTP: time-outs, a total deadline, size caps, and what may be repeated.

The one module that knows `requests`. It tells "never left this machine" from "may have arrived" and
repeats reading calls within the deadline. It NEVER repeats a POST, follows no redirect, and ignores
proxies, netrc and certificates named by the environment.
"""

import http.client
import random as _random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping

import requests
import urllib3.exceptions
from requests.adapters import BaseAdapter

from partner_api import headers
from partner_api.answer import Answer, Request
from partner_api.deadline import PatientAdapter
from partner_api.errors import NotSent, PartnerError, Temporary, UnknownOutcome

_CHUNK = 64 * 1024
_BACKOFF = 0.25
_REPEATABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
# Whatever reading hostile bytes may raise in requests, urllib3, http.client, ssl or zlib.
_TROUBLE = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
    LookupError,
)


class _TooLarge(Exception):  # noqa: N818  the failure is the name
    """The answer is larger than its cap."""


class RequestsTransport:
    """The transport over `requests`; safe to share between threads, not across a fork.

    connect_timeout, read_timeout, deadline: seconds to connect, to receive one whole answer, and
    for the call with all its repeats. max_bytes, max_catalog_bytes: caps after decompression, for
    ordinary and catalog answers. mount: other adapters by address prefix (a partner in the same
    process). tries: how often a GET is sent at most. sleep, clock and random are for tests.
    """

    def __init__(
        self,
        *,
        connect_timeout: float = 3.05,
        read_timeout: float = 12.0,
        deadline: float = 15.0,
        max_bytes: int = 1024 * 1024,
        max_catalog_bytes: int = 16 * 1024 * 1024,
        tries: int = 3,
        mount: Mapping[str, BaseAdapter] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._max_catalog_bytes = max_catalog_bytes
        self._tries = tries
        self._sleep = sleep
        self._clock = clock
        self._random = random
        self._session = requests.Session()
        for prefix in ("http://", "https://"):
            self._session.mount(prefix, PatientAdapter())
        for prefix, adapter in (mount or {}).items():
            self._session.mount(prefix, adapter)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send(self, request: Request) -> Answer:
        """See `Transport.send`. A GET is repeated after trouble, 408, 425, 429 and 5xx."""
        until = self._clock() + self._deadline
        for attempt in range(self._tries):
            outcome = self._once(request, until)
            pause = self._pause(request, outcome, attempt)
            if pause is None or self._clock() + pause >= until:
                break
            self._sleep(pause)
        if isinstance(outcome, PartnerError):
            raise outcome
        return outcome

    def _pause(
        self, request: Request, outcome: Answer | PartnerError, attempt: int
    ) -> float | None:
        """Seconds to wait before the next attempt; None when there must not be one."""
        if request.endpoint.method != "GET" or attempt + 1 >= self._tries:
            return None
        backoff: float = _BACKOFF * (2**attempt) * (0.5 + self._random())
        if isinstance(outcome, PartnerError):
            return None if outcome.reason == "certificate" else backoff
        if outcome.status not in _REPEATABLE:
            return None
        asked = headers.retry_after(outcome.headers, time.time())
        return backoff if asked is None else max(backoff, asked)

    def _once(self, request: Request, until: float) -> Answer | PartnerError:
        # The error is built after the except block: were it raised inside, its context would carry
        # the library's exception, whose text holds the address, and that may hold an ICCID.
        try:
            return self._exchange(request, until)
        except _TooLarge:
            kind, reason = _unclear(request), "too-large"
        except _TROUBLE as trouble:
            kind, reason = _diagnosis(request, trouble)
        return kind(reason.replace("-", " "), endpoint=request.endpoint.name, reason=reason)

    def _exchange(self, request: Request, until: float) -> Answer:
        left = max(0.001, until - self._clock())
        prepared = requests.Request(
            request.endpoint.method, request.url, headers=dict(request.headers), data=request.body
        ).prepare()
        # Not session.send: that one reads the body of a redirect whole, follows its address in
        # part and keeps cookies. The adapter alone does none of it.
        response = self._session.get_adapter(request.url).send(
            prepared,
            stream=True,
            timeout=(min(self._connect_timeout, left), min(self._read_timeout, left)),
            verify=True,
            proxies={},
        )
        try:
            body = self._body(response, request, until)
        finally:
            response.close()
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status_code, headers=names, body=body)

    def _body(self, response: requests.Response, request: Request, until: float) -> bytes:
        most = self._max_catalog_bytes if request.endpoint.catalog else self._max_bytes
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > most:
                raise _TooLarge
            if self._clock() > until:
                raise TimeoutError
        return bytes(body)


def _unclear(request: Request) -> type[PartnerError]:
    return Temporary if request.endpoint.method == "GET" else UnknownOutcome


def _diagnosis(request: Request, trouble: BaseException) -> tuple[type[PartnerError], str]:
    """Whether the request can have left, and one word why. When in doubt, it has left."""
    causes = list(_causes(trouble))

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if has(urllib3.exceptions.NameResolutionError):
        return NotSent, "dns"
    if has(ssl.SSLCertVerificationError):
        return NotSent, "certificate"
    if has(urllib3.exceptions.NewConnectionError):
        return NotSent, "refused"
    if has(urllib3.exceptions.ConnectTimeoutError, requests.ConnectTimeout):
        return NotSent, "connect-timeout"
    if has(TimeoutError, urllib3.exceptions.ReadTimeoutError, requests.ReadTimeout):
        return _unclear(request), "read-timeout"
    if has(urllib3.exceptions.DecodeError, requests.exceptions.ContentDecodingError):
        return _unclear(request), "garbled"
    return _unclear(request), "connection-lost"


def _causes(trouble: BaseException) -> Iterator[BaseException]:
    """The exception and what it wraps, over args, `reason` and `__cause__`.

    Never over `__context__`: that may be an older failure the caller is just handling, and one that
    says "refused" would turn an order in doubt into one that was never sent.
    """
    seen: list[BaseException] = []
    queue: list[object] = [trouble]
    while queue:
        cause = queue.pop()
        if isinstance(cause, BaseException) and not any(cause is known for known in seen):
            seen.append(cause)
            yield cause
            queue += [*cause.args, getattr(cause, "reason", None), cause.__cause__]

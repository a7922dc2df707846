"""One call from end to end: address, headers, signature, transport, envelope, error.

Knows how every call is made and none of what it means; the client gives it a reader for that.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from partner_api import headers, signing
from partner_api.answer import Answer, Request, Transport
from partner_api.endpoints import Endpoint, with_overrides
from partner_api.errors import MalformedAnswer, PartnerError, UnknownOutcome
from partner_api.problem import read_problem
from partner_api.reading.row import NotReadable
from partner_api.secret import Secret
from partner_api.strict_json import NotStrictJson, parse
from partner_api.verdict import made, verdict

T = TypeVar("T")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Caller:
    """Makes calls for one partner account. The token and the secret are never in its repr."""

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        secret: str,
        paths: Mapping[str, str] | None,
        transport: Transport,
        clock: Callable[[], float],
    ) -> None:
        if secret == token:
            raise ValueError("the signing secret must not be the API token")
        self._base_url = _checked_url(base_url)
        self._token = Secret(_checked_secret("token", token))
        self._secret = Secret(_checked_secret("secret", secret))
        self._endpoints = with_overrides(paths)
        self._transport = transport
        self._clock = clock
        self.clock_skew: float | None = None

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()

    def get(
        self,
        name: str,
        read: Callable[[dict[str, object]], T],
        *,
        query: Mapping[str, str | None] | None = None,
        parts: Mapping[str, str] | None = None,
        quick: Callable[[bytes], T | None] | None = None,
    ) -> T:
        """A reading call. `read` takes the whole document; MalformedAnswer when it can't.

        quick is asked before it, with the bytes; None leaves the answer to `read`.
        """
        endpoint = self._endpoints[name]
        request = Request(endpoint, self._url(endpoint, parts, query), self._headers())
        return self._call(request, read, MalformedAnswer, quick)

    def post(
        self,
        name: str,
        read: Callable[[dict[str, object]], T],
        *,
        message: Callable[[str], bytes],
        body: Mapping[str, object],
        parts: Mapping[str, str] | None = None,
    ) -> T:
        """A placing call, signed now, sent once. UnknownOutcome when `read` can't read the answer.

        message makes what is signed from the timestamp.
        """
        endpoint = self._endpoints[name]
        timestamp = str(int(self._clock()))
        signed = {
            "Content-Type": "application/json",
            "X-Timestamp": timestamp,
            "X-Signature": signing.sign(message(timestamp), self._secret.reveal()),
        }
        url = self._url(endpoint, parts, None)
        request = Request(endpoint, url, self._headers() | signed, _ENCODER.encode(body))
        return self._call(request, read, UnknownOutcome)

    def _call(
        self,
        request: Request,
        read: Callable[[dict[str, object]], T],
        unreadable: type[PartnerError],
        quick: Callable[[bytes], T | None] | None = None,
    ) -> T:
        answer = self._transport.send(request)
        now = self._clock()
        skew = headers.clock_skew(answer.headers, now)
        if skew is not None:
            self.clock_skew = skew
        if not 200 <= answer.status < 300:
            raise verdict(request.endpoint, answer, now)
        if quick is not None and (value := quick(answer.body)) is not None:
            return value
        try:
            return read(_opened(answer))
        except (NotStrictJson, NotReadable) as problem:
            said = str(problem)
        # Raised outside the except block: no parser's exception, with its values, hangs on it.
        error = made(unreadable, request.endpoint, answer, now, reason="unreadable-answer")
        error.excerpt = f"{said}; {read_problem(answer.body).excerpt}"
        raise error

    def _url(
        self,
        endpoint: Endpoint,
        parts: Mapping[str, str] | None,
        query: Mapping[str, str | None] | None,
    ) -> str:
        # The parts have passed their grammar: nothing in them needs or survives quoting.
        url = self._base_url + endpoint.path.format_map(parts or {})
        given = {name: value for name, value in (query or {}).items() if value is not None}
        return f"{url}?{urlencode(given)}" if given else url

    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Authorization": f"Bearer {self._token.reveal()}",
            "User-Agent": "kiosk-partner-api",
        }


def _opened(answer: Answer) -> dict[str, object]:
    """The envelope, whose `success` must be true and nothing else."""
    document = parse(answer.body)
    if not isinstance(document, dict):
        raise NotReadable("the answer is not an object")
    if document.get("success") is not True:
        raise NotReadable("success is not true")
    return document


def _checked_url(base_url: str) -> str:
    parts = urlsplit(base_url)
    plain = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    if not plain or parts.query or parts.fragment or not base_url.isprintable() or " " in base_url:
        raise ValueError(
            "base_url must be an http or https address without user, query or fragment"
        )
    return base_url.rstrip("/")


def _checked_secret(name: str, value: str) -> str:
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"{name} must be printable ASCII without spaces, and not empty")
    return value

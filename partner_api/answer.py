"""A request and its answer between the client and the transport: bytes and headers, no meaning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from partner_api.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Not shown by repr: the headers hold the token, the address may hold an ICCID."""

    endpoint: Endpoint
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer read to its end; header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Transport(Protocol):
    """Carries requests. Wrap it to log or to count; replace it to test."""

    def send(self, request: Request) -> Answer:
        """The answer, whatever its status.

        Without one: NotSent if the request never left, else UnknownOutcome for a POST and Temporary
        for a GET. A POST is sent at most once.
        """

    def close(self) -> None:
        """Give the connections back."""

"""Everything that can go wrong with a call, named by what the caller may do next.

    PartnerError
    ├── Temporary              nothing was changed: ask again later
    │   ├── NotSent            the request never left: repeat it, with the SAME external_id
    │   ├── MalformedAnswer    an answer we can't read: ask again later, tell staff if it stays so
    │   └── ThrottledRead      (also Throttled)
    ├── UnknownOutcome         an order MAY exist: look it up by external_id before anything else;
    │   │                      no new external_id, no refund, until it is known
    │   └── ThrottledWrite     (also Throttled)
    ├── Throttled              too many calls: wait `retry_after` seconds, then as the other parent
    ├── AlreadyExists          the external_id is taken: fetch that order, it is ours
    ├── Rejected               the partner will never take this request: this order has failed
    │   └── OutOfStock         the same, because the goods are gone
    ├── OutOfFunds             our balance is too low: hold, tell staff, repeat later
    ├── ConfigurationError     token, signature, clock or path is wrong: stop placing, tell staff
    └── NotFound               there is no such thing under this address

Reading calls raise Temporary, ConfigurationError or NotFound; placing calls raise everything but
NotFound. `Rejected` after an earlier attempt with an unknown outcome proves nothing about that one:
only the caller knows its attempts, so only the caller can treat it as unknown too.
ValueError is raised, before anything is sent, for arguments that no partner could accept.
"""

# ruff: noqa: N818  the failure is the name

from collections.abc import Mapping
from types import MappingProxyType


class PartnerError(Exception):
    """The root. Texts, excerpts included, hold no secret: they may be logged and shown to staff.

    endpoint: which call, by its name in the table of endpoints. status: of the HTTP answer, or None
    if there was none. reason: a short stable word such as "dns", "read-timeout", "redirect".
    request_id: the partner's, if it sent one. excerpt: the redacted beginning of the answer.
    retry_after: seconds the partner asks us to wait, at most fifteen minutes. clock_skew: seconds
    the partner's clock was ahead of ours, if it told its time.
    """

    def __init__(
        self,
        message: str,
        *,
        endpoint: str,
        reason: str,
        status: int | None = None,
        request_id: str | None = None,
        excerpt: str = "",
        retry_after: int | None = None,
        clock_skew: float | None = None,
    ) -> None:
        super().__init__(message)
        self.endpoint = endpoint
        self.reason = reason
        self.status = status
        self.request_id = request_id
        self.excerpt = excerpt
        self.retry_after = retry_after
        self.clock_skew = clock_skew

    def __str__(self) -> str:
        """One line for a log: the call, what happened, and what the partner said about it."""
        parts = [f"{self.endpoint}: {self.args[0]}"]
        if self.status is not None:
            parts.append(f"status {self.status}")
        if self.request_id:
            parts.append(f"request {self.request_id}")
        if self.excerpt:
            parts.append(f"answer {self.excerpt}")
        return ", ".join(parts)


class Temporary(PartnerError):
    """Nothing was changed and nothing is known: ask again later."""


class NotSent(Temporary):
    """The request never reached the partner (DNS, refused, connect timeout, a wrong certificate).

    Repeat it later with the same external_id. `reason` "certificate" is worth an alert: it is
    either an attack or a renewal that somebody forgot.
    """


class MalformedAnswer(Temporary):
    """The partner answered, but not with what the call promises; nothing of it may be believed."""


class UnknownOutcome(PartnerError):
    """The order may or may not exist. `reason` "redirect" is worth an alert: no API redirects.

    Look it up by external_id; never use a new external_id and never refund before it is known.
    """


class Throttled(PartnerError):
    """Too many calls. Wait `retry_after` seconds, or as long as you like if it is None."""


class ThrottledRead(Throttled, Temporary):
    """A reading call met the limit: ask again later."""


class ThrottledWrite(Throttled, UnknownOutcome):
    """A placing call met the limit, perhaps after it took effect: its outcome is unknown."""


class AlreadyExists(PartnerError):
    """The external_id is taken, by an earlier attempt of ours: fetch that order."""


class Rejected(PartnerError):
    """The partner refuses this request for good. `field_errors`: complaints by field, redacted."""

    field_errors: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class OutOfStock(Rejected):
    """The goods are gone."""


class OutOfFunds(PartnerError):
    """Our balance with the partner is too low. A hold, not a failure: top up, then repeat."""


class ConfigurationError(PartnerError):
    """Token, signature, clock or path is wrong, so every further call would fail alike.

    `clock_skew` far from zero (five minutes are tolerated) names the clock as the culprit.
    """


class NotFound(PartnerError):
    """There is nothing under this address. Says nothing about orders not yet visible."""

"""Stripe's webhooks: raw bytes and a header become an event, or nothing at all.

The signature is checked by the `stripe` package, over the bytes as they came; what the package lets
pass (a time in the future, headers of any shape) is refused here. Of the event only names are kept:
whoever follows it asks Stripe's API what is true.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stripe

MAX_BODY = 256 * 1024
_TOLERANCE_SECONDS = 300
_HEADER = re.compile(r"t=(?P<at>[0-9]{10})(,v[0-9]{1,2}=[0-9a-f]{64}){1,10}", re.ASCII)
_NAME = re.compile(r"[a-zA-Z0-9_]{1,200}", re.ASCII)
_TYPE = re.compile(r"[a-z0-9_.]{1,100}", re.ASCII)


class Forged(Exception):  # noqa: N818  the failure is the name
    """Not a genuine, fresh, well-formed event: 400, and nothing happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, and to which of Stripe's objects."""

    id: str
    type: str
    # The page or the money it is about; whichever it is not about is empty.
    session: str = ""
    money: str = ""
    # The object's own state, where staff are told of it. Never decides anything.
    status: str = ""


def read_event(body: bytes, header: str, *, secret: str, now: datetime) -> Event:
    """The event in a delivery. Raises Forged."""
    found = _HEADER.fullmatch(header)
    if found is None or len(body) > MAX_BODY:
        raise Forged("a header or a size that Stripe does not send")
    if abs(now.timestamp() - int(found["at"])) > _TOLERANCE_SECONDS:
        raise Forged("sent too long ago, or in the future")
    try:
        genuine = stripe.Webhook.construct_event(body, header, secret, tolerance=_TOLERANCE_SECONDS)
        return _event(genuine.to_dict())
    except (stripe.SignatureVerificationError, ValueError, RecursionError) as error:
        raise Forged(type(error).__name__) from None
    except (KeyError, TypeError, AttributeError) as error:
        raise Forged("not an event") from error


def _event(told: dict[str, Any]) -> Event:
    subject = told["data"]["object"]
    is_session = subject.get("object") == "checkout.session"
    return Event(
        id=_must_match(_NAME, told["id"]),
        type=_must_match(_TYPE, told["type"]),
        session=_name(subject.get("id")) if is_session else "",
        money="" if is_session else _name(subject.get("payment_intent")),
        status=_name(subject.get("status"))[:40],
    )


def _name(value: object) -> str:
    """A name as Stripe gives them, or none: of events we have no use for, anything may be said."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""


def _must_match(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("a name that Stripe does not give")
    return value

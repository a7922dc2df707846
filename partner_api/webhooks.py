"""From the raw bytes and headers of a webhook to a verified hint.

The signature covers timestamp, event and key, NOT the data: whoever captured one delivery can write
any status and any code into it for five minutes. So an event keeps nothing but where to look; what
is true must be fetched from the API. Knows no web framework and stores nothing.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

import msgspec

from partner_api import signing
from partner_api.strict_json import NotStrictJson, parse

#: Larger bodies are refused before they are read (bytes).
MAX_BODY = 64 * 1024
MAX_DEPTH = 32

#: The events we act on. Others, if signed, are genuine but mean nothing to us.
KNOWN_EVENTS = frozenset({"order.status_changed"})

# Dotted words without digits or hyphens: a SKU's id can't pose as an event, so a signature that we
# made for an order can't pose as the partner's.
_EVENT = re.compile(r"[a-z_]{1,32}(?:\.[a-z_]{1,32}){1,3}\Z")
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_HINT = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class WebhookRefused(Exception):  # noqa: N818  the failure is the name
    """Not a genuine, fresh webhook. `status` is the HTTP status to answer: 400, 401 or 413.

    `reason` is for our own log; to the sender, all refusals of one status should look the same.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


class WebhookEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A verified hint: look at this order. No data of the body are kept, codes least of all.

    event and idempotency_key are signed; order_id and external_id are NOT, and only say what to
    fetch. The key is not bound to the body: deduplicate by key and body_sha256 together.
    """

    event: str
    idempotency_key: str
    timestamp: int
    body_sha256: str
    order_id: str | None
    external_id: str | None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to do; if not, store it and answer 200 all the same."""
        return self.event in KNOWN_EVENTS


def read_webhook(
    body: bytes, headers: Mapping[str, str], *, secrets: Sequence[str], now: float
) -> WebhookEvent:
    """Verify and read one delivery, or raise WebhookRefused; nothing else is ever raised.

    headers: as received, names in any case. secrets: all that are active. now: Unix seconds.
    """
    if len(body) > MAX_BODY:
        raise WebhookRefused(413, "the body is too large")
    timestamp, signature = _header(headers, "x-timestamp"), _header(headers, "x-signature")
    sent_at = signing.read_timestamp(timestamp)
    if sent_at is None or not signing.is_signature(signature):
        raise WebhookRefused(401, "a header is missing or misshapen")
    if not signing.is_fresh(sent_at, now):
        raise WebhookRefused(401, "the timestamp is outside the window")
    document = _document(body)
    event, key = document.get("event"), document.get("idempotency_key")
    if not isinstance(event, str) or not _EVENT.match(event):
        raise WebhookRefused(400, "the event is misshapen")
    if not isinstance(key, str) or not _KEY.match(key):
        raise WebhookRefused(400, "the idempotency key is no canonical UUID")
    message = signing.webhook_message(timestamp, event, key)
    if not signing.verify(message, signature, secrets):
        raise WebhookRefused(401, "the signature does not match")
    return WebhookEvent(
        event=event,
        idempotency_key=key,
        timestamp=sent_at,
        body_sha256=hashlib.sha256(body).hexdigest(),
        order_id=_hint(document, "id"),
        external_id=_hint(document, "external_id"),
    )


def _header(headers: Mapping[str, str], name: str) -> str:
    """The one value of a header; "" when it is missing or given twice."""
    values = [value for key, value in headers.items() if key.lower() == name]
    return values[0] if len(values) == 1 else ""


def _document(body: bytes) -> dict[str, object]:
    try:
        document = parse(body, max_bytes=MAX_BODY, max_depth=MAX_DEPTH)
    except NotStrictJson as problem:
        reason = str(problem)
    else:
        if isinstance(document, dict):
            return document
        reason = "the body is not an object"
    raise WebhookRefused(400, reason)


def _hint(document: dict[str, object], key: str) -> str | None:
    data = document.get("data")
    order = data.get("order") if isinstance(data, dict) else None
    value = order.get(key) if isinstance(order, dict) else None
    return value if isinstance(value, str) and _HINT.match(value) else None

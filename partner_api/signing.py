"""What the partner signs and how: three messages, one HMAC, the grammar of the two headers.

Pure functions, shared by the client, the webhook reader and the sandbox. Nothing here reads a
clock, opens a socket or knows what an order is.

The partner joins the parts of a message WITHOUT separators, so two different requests can have the
same message: (timestamp, 19-digit ICCID, "1-abc") signs like (timestamp, 20-digit ICCID, "-abc"),
and an order signature is also a valid webhook signature for event=<sku>. A signature therefore
proves nothing until every part has passed its own strict grammar; callers check grammar first.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

#: How far X-Timestamp may be from the reader's clock: seconds, into the past and the future alike.
TOLERANCE = 300

# [0-9] because \d and int() accept other alphabets' digits; \Z because $ accepts a newline.
_TIMESTAMP = re.compile(r"[0-9]{10}\Z")
_SIGNATURE = re.compile(r"[0-9a-f]{64}\Z")


def order_message(timestamp: str, sku_id: str, external_id: str) -> bytes:
    """What an order's X-Signature covers. Quantity, fields and amount are NOT covered."""
    return _joined(timestamp, sku_id, external_id)


def topup_message(timestamp: str, iccid: str, external_id: str) -> bytes:
    """What X-Signature covers when an eSIM is topped up: the ICCID stands where the SKU did."""
    return _joined(timestamp, iccid, external_id)


def webhook_message(timestamp: str, event: str, idempotency_key: str) -> bytes:
    """What X-Signature covers on a webhook. Its data are NOT covered: they are only a hint."""
    return _joined(timestamp, event, idempotency_key)


def sign(message: bytes, secret: str) -> str:
    """HMAC-SHA256 of the message as 64 lowercase hex digits. ValueError on an empty secret."""
    if not secret:
        raise ValueError("the signing secret is empty")
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def verify(message: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets made this signature; several are active during a rotation.

    Compares bytes (text with an accent would raise) and tries every secret, so that the time taken
    does not tell which one matched. Empty secrets never match. Never raises.
    """
    given = signature.encode("utf-8", "surrogatepass")
    verdicts = [
        hmac.compare_digest(sign(message, secret).encode(), given) for secret in secrets if secret
    ]
    return any(verdicts)


def is_signature(header: str) -> bool:
    """Whether the text is 64 lowercase hex digits and nothing else."""
    return _SIGNATURE.match(header) is not None


def read_timestamp(header: str) -> int | None:
    """X-Timestamp as Unix seconds, or None unless it is exactly ten ASCII digits."""
    return int(header) if _TIMESTAMP.match(header) else None


def is_fresh(timestamp: int, now: float, tolerance: int = TOLERANCE) -> bool:
    """Whether the timestamp lies within the tolerance of now, both ways, ends included."""
    return abs(now - timestamp) <= tolerance


def _joined(*parts: str) -> bytes:
    return "".join(parts).encode("utf-8", "surrogatepass")

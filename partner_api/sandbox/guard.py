"""Who may call: the Bearer token, and the signature of requests that spend money.

As strict as the reference: the timestamp is the header's, within five minutes both ways, and the
signature is lower-case hex. The message's parts come from the request and are not trusted before.
"""

import hmac
from collections.abc import Callable

from partner_api import signing
from partner_api.sandbox.clock import Clock
from partner_api.sandbox.wire import Refused, Request

Message = Callable[[str, str, str], bytes]


def authenticate(request: Request, token: str) -> None:
    """Let the token's owner pass. Refused with 401."""
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
        raise Refused(401, "Unauthenticated.")


def verify_signature(
    request: Request, *, message: Message, subject: str, external_id: str, secret: str, clock: Clock
) -> None:
    """Let a rightly signed, fresh request pass; `subject` is the SKU or the ICCID. Else 401."""
    stamp = request.headers.get("x-timestamp")
    signature = request.headers.get("x-signature")
    if not stamp or not signature:
        raise Refused(401, "The X-Timestamp and X-Signature headers are required.")
    timestamp = signing.read_timestamp(stamp)
    if timestamp is None or not signing.is_fresh(timestamp, clock.unix() + request.delay):
        raise Refused(401, "The request timestamp is invalid or expired.")
    expected = message(stamp, subject, external_id)
    if not signing.is_signature(signature) or not signing.verify(expected, signature, [secret]):
        raise Refused(401, "Invalid signature.")

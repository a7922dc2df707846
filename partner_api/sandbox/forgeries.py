"""One webhook delivery, and what an attacker could make of it.

The signature covers timestamp, event and idempotency key, without separators and without the data.
So whoever captures one delivery, or only an order request, can send most of these; a receiver must
refuse the ones with a bad signature, time or grammar, and must not believe the data of the others.
The last two are odd but genuine: nothing is wrong with them, and nothing may come of them.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from partner_api import signing
from partner_api.sandbox.wire import Json

#: Seen in every forged delivery: a receiver that shows it has been fooled.
FORGED_PIN = "FORGED-PIN-0000-0000"


@dataclass(slots=True)
class Delivery:
    """One webhook: pending, delivered, failed (three tries), dropped, or without a URL."""

    order_id: str
    external_id: str
    body: Json
    state: str = "pending"
    forged: str | None = None
    #: Seconds added to the header's timestamp.
    skew: float = 0.0
    #: What the signature becomes: "other" secret, "upper" case, "none" at all.
    signature: str | None = None
    tries: list[Json] = field(default_factory=list)

    def headers(self, secret: str, now: float) -> dict[str, str]:
        """Return the headers of one try."""
        timestamp = str(int(now + self.skew))
        message = signing.webhook_message(
            timestamp, str(self.body["event"]), str(self.body["idempotency_key"])
        )
        signature = signing.sign(
            message, secret + "-other" if self.signature == "other" else secret
        )
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "partner-sandbox-webhooks",
            "X-Timestamp": timestamp,
            "X-Signature": signature.upper() if self.signature == "upper" else signature,
        }
        if self.signature == "none":
            del headers["X-Signature"]
        return headers

    def view(self) -> Json:
        """Return the delivery for the control API."""
        return {
            "order_id": self.order_id,
            "external_id": self.external_id,
            "idempotency_key": self.body["idempotency_key"],
            "status": self.body["data"]["order"]["status"],
            "state": self.state,
            "forged": self.forged,
            "tries": list(self.tries),
            "body": self.body,
        }


def _data(delivery: Delivery) -> None:
    """Another status and another PIN under a right signature."""
    order: dict[str, Any] = delivery.body["data"]["order"]
    order["status"] = "completed"
    for item in order["items"]:
        item["status"] = "completed"
        item["delivery_data"] = [
            {"pin": FORGED_PIN, "serial_number": "FORGED", "expiration_date": None}
        ]


def _signature(delivery: Delivery) -> None:
    """Signed with another secret."""
    delivery.signature = "other"


def _upper_case(delivery: Delivery) -> None:
    """The right signature in capitals."""
    delivery.signature = "upper"


def _unsigned(delivery: Delivery) -> None:
    """No signature header."""
    delivery.signature = "none"


def _stale(delivery: Delivery) -> None:
    """Rightly signed, but ten minutes ago."""
    delivery.skew = -600.0


def _future(delivery: Delivery) -> None:
    """Rightly signed, but for ten minutes from now."""
    delivery.skew = 600.0


def _boundary(delivery: Delivery) -> None:
    """The last letter of the event moved to the front of the key: the signature still fits."""
    event, key = str(delivery.body["event"]), str(delivery.body["idempotency_key"])
    delivery.body["event"], delivery.body["idempotency_key"] = event[:-1], event[-1] + key


def _order_signature(delivery: Delivery) -> None:
    """The signature of our own order request, sent back as a webhook: event is the SKU."""
    order = delivery.body["data"]["order"]
    delivery.body["event"] = order["items"][0]["sku_id"]
    delivery.body["idempotency_key"] = delivery.external_id


def _other_event(delivery: Delivery) -> None:
    """A genuine event of a kind the reference does not know."""
    delivery.body["event"] = "order.archived"


def _stranger(delivery: Delivery) -> None:
    """About an order that nobody here has placed."""
    order = delivery.body["data"]["order"]
    order["id"], order["external_id"] = str(uuid.uuid4()), "STRANGER-1"


def _named(kind: str, alter: Callable[[Delivery], None]) -> Callable[[Delivery], None]:
    def forge(delivery: Delivery) -> None:
        delivery.forged = kind
        alter(delivery)

    return forge


#: Every forgery by name.
FORGERIES: dict[str, Callable[[Delivery], None]] = {
    kind: _named(kind, alter)
    for kind, alter in {
        "data": _data,
        "signature": _signature,
        "upper_case": _upper_case,
        "unsigned": _unsigned,
        "stale": _stale,
        "future": _future,
        "boundary": _boundary,
        "order_signature": _order_signature,
        "other_event": _other_event,
        "stranger": _stranger,
    }.items()
}

"""Webhooks at a steady rate, every tenth forged: how long each answer took, from when it was due.

Whoever is late sends the next one late too, and that counts: waiting is what a sender would see.
"""

import http.client
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

from partner_api import signing

SENDERS = 32
PATH = "/webhooks/partner/"
# What webhooks for the bare view are signed with.
FLOOR_SECRET = b"bench"
EVENT = "order.status_changed"


@dataclass(frozen=True)
class Flood:
    """What came of it: seconds by answer, and how many genuine ones were sent and taken."""

    seconds: list[float]
    genuine: int
    taken: int
    refused: int

    @property
    def p99(self) -> float:
        """Seconds within which 99 of 100 were answered."""
        return statistics.quantiles(self.seconds, n=100)[-1]


def letter(secret: str, *, forged: bool = False) -> tuple[bytes, dict[str, str]]:
    """One delivery about an order nobody knows: body and headers."""
    key, timestamp = str(uuid4()), str(int(time.time()))
    order = {"id": str(uuid4()), "external_id": f"ORD-{key[:12]}", "status": "completed"}
    document = {"event": EVENT, "idempotency_key": key, "data": {"order": order}}
    signature = signing.sign(signing.webhook_message(timestamp, EVENT, key), secret)
    headers = {
        "Content-Type": "application/json",
        "X-Timestamp": timestamp,
        "X-Signature": "0" * 64 if forged else signature,
    }
    return json.dumps(document).encode(), headers


def flood(host: str, port: int, secret: str, *, rate: int, seconds: int) -> Flood:
    """Send `rate` a second for so long."""
    begun = time.perf_counter() + 0.2

    def send(number: int) -> tuple[float, bool, int]:
        due = begun + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        forged = number % 10 == 0
        body, headers = letter(secret, forged=forged)
        connection = http.client.HTTPConnection(host, port, timeout=30)
        connection.request("POST", PATH, body, headers)
        status = connection.getresponse().status
        connection.close()
        return time.perf_counter() - due, forged, status

    with ThreadPoolExecutor(SENDERS) as senders:
        told = list(senders.map(send, range(rate * seconds)))
    return Flood(
        seconds=[took for took, _, _ in told],
        genuine=sum(not forged for _, forged, _ in told),
        taken=sum(not forged and status == 200 for _, forged, status in told),
        refused=sum(forged and status == 401 for _, forged, status in told),
    )

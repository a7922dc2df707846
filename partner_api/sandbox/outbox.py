"""Webhooks: real, signed HTTP POSTs, tried three times, and every way they can get lost.

Each try is signed anew; the idempotency key and the body stay the same (the reference does
not say). What an attacker could send instead is in `forgeries`.
"""

import http.client
import logging
import queue
import threading
import uuid
from collections import deque
from functools import partial
from urllib.parse import urlsplit

from partner_api.sandbox.clock import stamp
from partner_api.sandbox.forgeries import FORGERIES, Delivery
from partner_api.sandbox.orders import Order
from partner_api.sandbox.wire import Json, encode
from partner_api.sandbox.world import World

log = logging.getLogger(__name__)

EVENT = "order.status_changed"
#: Seconds (scaled) before the second and the third try.
BACKOFF = (10.0, 100.0)
#: Real seconds a receiver has.
TIMEOUT = 10.0
MODES = ("normal", "drop", "double", "reorder", "late", "forge", "early")
#: How long (scaled seconds) a reordered webhook waits for another one to overtake it.
PATIENCE = 30.0
_WORKERS = 4
_KEPT = 5000


class Outbox:
    """Sends webhooks to one URL, in the background."""

    def __init__(self, world: World, *, secret: str, url: str | None) -> None:
        """Send nowhere while there is no URL; the webhooks are then listed as dropped."""
        self._world = world
        self.secret = secret
        self._jobs: queue.SimpleQueue[tuple[Delivery, ...]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._held: list[Delivery] = []
        self._started = False
        self.url = url
        self.mode = "normal"
        self.options: Json = {}
        self.deliveries: deque[Delivery] = deque(maxlen=_KEPT)

    def reset(self) -> None:
        """Forget every webhook and return to the normal mode; the URL stays."""
        with self._lock:
            self.deliveries.clear()
            self._held.clear()
            self.mode, self.options = "normal", {}

    def close(self) -> None:
        """Let the workers end; the world's scheduler has stopped before."""
        for _ in range(_WORKERS):
            self._jobs.put(())

    def announce(self, order: Order) -> None:
        """Send what the reference promises for an order's status, in the present mode."""
        self.send(self.prepare(order))

    def prepare(
        self, order: Order, *, status: str | None = None, key: str | None = None
    ) -> Delivery:
        """Write the webhook of an order; `status` may lie about it, `key` may be an old one."""
        with self._world.lock:
            data = order.webhook_data()
        if status is not None:
            data["order"]["status"] = data["order"]["items"][0]["status"] = status
        body = {
            "event": EVENT,
            "timestamp": stamp(self._world.clock.now()),
            "idempotency_key": key or str(uuid.uuid4()),
            "data": data,
        }
        delivery = Delivery(order.id, order.external_id, body)
        self.deliveries.append(delivery)
        return delivery

    def send(self, delivery: Delivery) -> None:
        """Send a webhook in the present mode."""
        if self.url is None or self.mode == "drop":
            delivery.state = "dropped" if self.url else "no webhook URL"
        elif self.mode == "late":
            self._later(float(self.options.get("seconds", 60)), delivery)
        elif self.mode == "reorder":
            self._reorder(delivery)
        elif self.mode == "early":
            self._try(delivery)
        else:
            if self.mode == "forge":
                FORGERIES[str(self.options.get("kind", "data"))](delivery)
            for _ in range(2 if self.mode == "double" else 1):
                self._soon(delivery)

    def _reorder(self, delivery: Delivery) -> None:
        with self._lock:
            self._held.append(delivery)
            complete = len(self._held) > 1
        if complete:
            self._release()
        else:
            wait = self._world.clock.scaled(float(self.options.get("seconds", PATIENCE)))
            self._world.scheduler.after(wait, self._release)

    def _release(self) -> None:
        with self._lock:
            held, self._held = self._held[::-1], []
        if held:
            self._soon(*held)

    def _later(self, seconds: float, delivery: Delivery) -> None:
        wait = self._world.clock.scaled(seconds)
        self._world.scheduler.after(wait, partial(self._soon, delivery))

    def _soon(self, *deliveries: Delivery) -> None:
        """Try in a worker, in this order, so that nobody waits for a slow receiver."""
        with self._lock:
            if not self._started:
                self._started = True
                for number in range(_WORKERS):
                    name = f"sandbox-webhook-{number}"
                    threading.Thread(target=self._work, name=name, daemon=True).start()
        self._jobs.put(deliveries)

    def _work(self) -> None:
        while not self._world.scheduler.stopped.is_set():
            try:
                for delivery in self._jobs.get():
                    self._try(delivery)
            except Exception:
                log.exception("a webhook of the sandbox failed")

    def _try(self, delivery: Delivery) -> None:
        """Send once; on anything but 2xx plan the next try, if one is left."""
        if self.url is None or self._world.scheduler.stopped.is_set():
            return
        headers = delivery.headers(self.secret, self._world.clock.unix())
        answer = _post(self.url, encode(delivery.body), headers)
        delivery.tries.append({"at": stamp(self._world.clock.now()), "answer": answer})
        failures = len(delivery.tries)
        if isinstance(answer, int) and 200 <= answer < 300:
            delivery.state = "delivered"
        elif failures <= len(BACKOFF):
            self._later(BACKOFF[failures - 1], delivery)
        elif delivery.state != "delivered":
            delivery.state = "failed"


def _post(url: str, body: bytes, headers: dict[str, str]) -> int | str:
    """Return the status, or the name of what went wrong. Redirects are not followed."""
    place = urlsplit(url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    connection = kind(place.hostname or "", place.port, timeout=TIMEOUT)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()

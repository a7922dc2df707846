"""Between the client and the network: circuits first, then our place in the line, then the call."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from partner_api import Answer, NotSent, PartnerError, Request, Transport
from partner_api.verdict import verdict
from storefront.partner import budget, circuits
from storefront.partner.circuits import Capability

QUIET_SECONDS = 0.5
#: Calls that are not named here (the balance, our own name) are probes: they always go.
CAPABILITIES = {
    "create_order": Capability.PLACE,
    "top_up_esim": Capability.PLACE,
    "orders": Capability.READ,
    "order": Capability.READ,
    "esim_status": Capability.READ,
    "balance_transactions": Capability.READ,
    "products": Capability.CATALOG,
    "product": Capability.CATALOG,
    "pricelist": Capability.CATALOG,
    "categories": Capability.CATALOG,
}


class GuardedTransport:
    """A transport that rests with its circuit and waits for its turn. `line` is None in tests."""

    def __init__(
        self,
        inner: Transport,
        *,
        clock: Callable[[], datetime] = now,
        line: Callable[[], object] | None = budget.take,
    ) -> None:
        self._inner = inner
        self._clock = clock
        self._line = line
        self._quiet_until = 0.0

    def send(self, request: Request) -> Answer:
        """See `Transport.send`. NotSent with reason "circuit-open" while the capability rests."""
        capability = CAPABILITIES.get(request.endpoint.name)
        if capability is None or self._is_quiet(capability):
            return self._inner.send(request)
        with _left_as_found():
            noted = circuits.noted(capability)
            wait = circuits.rest(noted, now=self._clock())
            if wait is None and self._line:
                self._line()
        if wait is not None:
            scale = settings.WAIT_SCALE or 1
            raise NotSent(
                f"{capability} rests",
                endpoint=request.endpoint.name,
                reason="circuit-open",
                retry_after=math.ceil(wait.total_seconds() / scale),
            )
        answer, error = self._ask(request)
        with _left_as_found():
            if noted or error:  # a success after a clean look has nothing to wipe out
                circuits.note(capability, error, now=self._clock())
            if capability == Capability.CATALOG and error is None:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
        if answer is None and error is not None:
            raise error
        assert answer is not None  # noqa: S101  one of the two there is
        return answer

    def close(self) -> None:
        """Close the inner one."""
        self._inner.close()

    def _is_quiet(self, capability: Capability) -> bool:
        """A sync asks hundreds of times in a row: one look at the row a second is enough for it."""
        return capability == Capability.CATALOG and time.monotonic() < self._quiet_until

    def _ask(self, request: Request) -> tuple[Answer | None, PartnerError | None]:
        try:
            answer = self._inner.send(request)
        except PartnerError as error:
            return None, error
        if 200 <= answer.status < 300:
            return answer, None
        return answer, verdict(request.endpoint, answer, time.time())


@contextmanager
def _left_as_found() -> Iterator[None]:
    """A thread that had no database connection (a sync fetches in some) has none afterwards."""
    had_one = connection.connection is not None
    try:
        yield
    finally:
        if not had_one and not connection.in_atomic_block:
            connection.close()

"""The sandbox partner in this process, behind the real client and the real sync."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from django.utils.translation import override

from partner_api import PartnerClient, RequestsTransport
from partner_api.sandbox.adapter import SandboxAdapter
from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.catalog import Product
from storefront.catalog import actions
from storefront.catalog.models import SyncRun
from tests.catalog import goods

ADDRESS = "http://partner.test"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Adapter(SandboxAdapter):
    """Calls `before` ahead of every request that leaves for the partner."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.before: Callable[[requests.PreparedRequest], object] = lambda _: None

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> Any:
        self.before(request)
        return super().send(request, *args, **named)


class Partner:
    """A partner whose goods a test chooses; `sync` is one hour later each time."""

    def __init__(self) -> None:
        self.now = NOON
        self.offer(Sandbox(catalog=goods.catalog(*goods.FIVE)))

    def offer(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.adapter = Adapter(sandbox)
        transport = RequestsTransport(mount={ADDRESS: self.adapter}, sleep=lambda _: None)
        self.client = PartnerClient(
            base_url=ADDRESS, token=sandbox.token, secret=sandbox.secret, transport=transport
        )

    def sells(self, *products: Product) -> None:
        """From now on, exactly these."""
        self.sandbox.close()
        self.offer(Sandbox(catalog=goods.catalog(*products)))

    def sells_the_demo(self) -> None:
        """The whole demo catalog: several pages of everything."""
        self.sandbox.close()
        self.offer(Sandbox())

    def trouble(self, fault: str, endpoint: str, **parameters: Any) -> None:
        """Have the sandbox misbehave at an endpoint, until `calm`."""
        order = {"fault": fault, "endpoint": endpoint, "next": None, **parameters}
        self.sandbox.control.fault(order)

    def calm(self) -> None:
        self.sandbox.faults.clear()

    def change(self, sku: str, **changes: Any) -> None:
        """Change a SKU: price, stock, hidden, ..."""
        self.sandbox.control.catalog({"sku": sku, **changes})

    def sync(self, **named: Any) -> SyncRun:
        self.now += timedelta(hours=1)
        return actions.sync(by="tests", now=self.now, **named)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page in Russian leaves its language behind in the thread; no test starts with it."""
    with override("en"):
        yield


@pytest.fixture
def partner(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Partner]:
    partner = Partner()
    monkeypatch.setattr("storefront.partner.client", lambda: partner.client)
    yield partner
    partner.sandbox.close()

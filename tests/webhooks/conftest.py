"""One order under way at a sandbox partner in this process, and what others tell the shop of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from partner_api import PartnerClient, RequestsTransport, signing
from partner_api.sandbox.adapter import SandboxAdapter
from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.orders import Order as Sold
from partner_api.sandbox.wire import encode
from storefront.catalog.models import Sku
from storefront.core import queue
from storefront.fulfillment.actions.starting import accept_payment
from storefront.fulfillment.models import Purchase
from storefront.orders import actions as orders
from storefront.orders.models import Order, OrderLine
from storefront.payments import actions as payments
from tests.catalog import goods, shelves

PARTNER = "http://partner.test"
PATH = "/webhooks/partner/"
EVENT = "order.status_changed"
# What a forger writes into a body. It must never be found anywhere.
FORGED_PIN = "FORGED-PIN-0000-1111"
FORGED_STATUS = "forged_status"


@dataclass
class Letter:
    """One delivery as it goes over the wire; a test changes what it wants to be wrong."""

    event: str = EVENT
    key: str = field(default_factory=lambda: str(uuid4()))
    data: dict[str, Any] = field(default_factory=dict)
    timestamp: str = ""
    secret: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        document = {"event": self.event, "timestamp": "2026-11-23T12:00:00+00:00"}
        return encode(document | {"idempotency_key": self.key, "data": self.data})

    def signed(self) -> dict[str, str]:
        """The two headers, by the book; `headers` replaces what it names."""
        timestamp = self.timestamp or str(int(time.time()))
        message = signing.webhook_message(timestamp, self.event, self.key)
        signature = signing.sign(message, self.secret or settings.PARTNER_API_SECRETS[0])
        return {"X-Timestamp": timestamp, "X-Signature": signature} | self.headers


def post(letter: Letter, *, body: bytes | None = None, path: str = PATH, **named: Any) -> Any:
    """Deliver it to the receiver, as a stranger's program would."""
    client = Client(enforce_csrf_checks=True)
    raw = letter.body() if body is None else body
    named = {"content_type": "application/json"} | named
    return client.post(path, data=raw, headers=letter.signed(), **named)


def about(order: Sold, *, status: str | None = None, pin: str | None = None) -> dict[str, Any]:
    """The data of a webhook about this order of the partner's; status and pin may lie."""
    data = order.webhook_data()
    told = data["order"]
    if status is not None:
        told["status"] = told["items"][0]["status"] = status
    if pin is not None:
        unit = {"pin": pin, "serial_number": f"SN-{pin}", "expiration_date": None}
        told["items"][0]["delivery_data"] = [unit]
    return data


def stored() -> str:
    """Every row of every table as text, bytes as they are and as hex."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT whole::text FROM "{table}" whole')  # noqa: S608  our own names
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def is_stored(text: str) -> bool:
    """Whether the text, plain or as bytes, is anywhere in the database."""
    everything = stored()
    return text in everything or text.encode().hex() in everything


@dataclass
class Shop:
    """The shop of a test: its partner, and the jobs in its real queue."""

    sandbox: Sandbox

    def buy(self, *, quantity: int = 1, plan: dict[str, Any] | None = None) -> Purchase:
        """A paid order whose purchase the partner has; under way unless the plan says otherwise."""
        self.sandbox.control.plan(plan or {"status": "processing"})
        sku = Sku.objects.get()
        line = OrderLine(
            sku=sku,
            product_name="Apple",
            sku_name="$10 Apple",
            quantity=quantity,
            max_per_order=5,
            unit_amount=sku.price,
            currency="USD",
            unit_cost=sku.cost,
            cost_currency="USD",
        )
        order = orders.place(
            order_id=uuid4(),
            email="alice@example.com",
            locale="en",
            lines=[line],
            user_id=None,
            by="tests",
            now=now(),
        )
        payment = payments.open_for(order=order, now=now())
        accept_payment(
            payment=payment,
            reference="tests",
            amount=payment.amount,
            currency=payment.currency,
            by="tests",
            now=now(),
        )
        self.work()
        return Purchase.objects.get(line__order=order)

    def sold(self, purchase: Purchase) -> Sold:
        """The partner's side of it."""
        (order,) = self.sandbox.world.by_external_id[purchase.external_id]
        return order

    def moves(self, purchase: Purchase, **change: Any) -> None:
        """Something happens to the order at the partner."""
        self.sandbox.control.order(purchase.external_id, change)

    def asked(self, purchase: Purchase) -> int:
        """How often the partner was asked for this order by its own id."""
        return self.sandbox.seen.count("GET", f"/orders/{self.sold(purchase).id}")

    def jobs(self) -> list[tuple[str, dict[str, Any]]]:
        """Take everything out of the queue: names and arguments, in order."""
        found = []
        with current_app.connection_for_read() as broker:
            for queue in settings.CELERY_TASK_QUEUES:
                while message := queue(broker.default_channel).get(no_ack=True):
                    found.append((message.headers["task"], message.payload[1]))
        return found

    def work(self) -> int:
        """Do what is queued until nothing is; how many jobs that were."""
        done = 0
        while jobs := self.jobs():
            for name, arguments in jobs:
                current_app.tasks[name](**arguments)
                done += 1
        return done

    def order(self, purchase: Purchase) -> Order:
        """The customer's order as it is now."""
        return Order.objects.get(lines__purchases=purchase)


@pytest.fixture
def shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop that sells one gift card, with nothing in its queue."""
    sandbox = Sandbox(
        token=settings.PARTNER_API_TOKEN,
        secret=settings.PARTNER_API_SECRETS[0],
        catalog=goods.catalog(goods.APPLE),
    )
    client = PartnerClient(
        base_url=PARTNER,
        token=sandbox.token,
        secret=sandbox.secret,
        transport=RequestsTransport(mount={PARTNER: SandboxAdapter(sandbox)}),
    )
    monkeypatch.setattr("storefront.partner.client", lambda: client)
    product = shelves.stock_product("Apple", now=now())
    shelves.stock_sku(product, now=now(), id=UUID(goods.APPLE.skus[0].id))
    shop = Shop(sandbox)
    current_app.loader.import_default_modules()
    shop.jobs()
    queue._memory.covered_until.clear()
    yield shop
    shop.jobs()
    client.close()
    sandbox.close()

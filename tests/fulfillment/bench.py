"""One shop to test with: real database, real actions, the sandbox partner over HTTP, a payment
provider that keeps books, and a clock moved by hand, so that fifteen minutes cost nothing.

The clock is the shop's alone: the partner checks signatures by the real time.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from partner_api import PartnerClient
from partner_api.sandbox.server import Running
from storefront.cases.models import Case
from storefront.catalog.models import Sku
from storefront.fulfillment import queries
from storefront.fulfillment.actions import buying, settling, sweeping
from storefront.fulfillment.actions.starting import accept_payment
from storefront.fulfillment.models import Purchase
from storefront.orders import actions as orders
from storefront.orders.models import Delivery, Order, OrderLine
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from tests.factories import NOON, SkuFactory
from tests.fulfillment.till import Till
from tests.partner_api.sandbox.goods import CARD

Json = dict[str, Any]
MOMENT = timedelta(microseconds=1)


@dataclass
class Clock:
    """The shop's time. It moves when a test says so, and a hair with every look at it."""

    now: datetime = NOON
    moves_by: timedelta = MOMENT

    def __call__(self) -> datetime:
        self.now += self.moves_by
        return self.now

    def move(self, wait: timedelta) -> None:
        self.now += wait


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One line of an order: how many of what, at which price, how many in one partner order."""

    quantity: int = 1
    sku_id: str = CARD
    price: Decimal = Decimal("10.50")
    cost: Decimal = Decimal("9.70")
    max_per_order: int = 3
    kind: str = "voucher"
    fields: dict[str, str] = field(default_factory=dict)
    amount: Decimal | None = None


@dataclass
class Bench:
    """The parts of the shop, and what a test does with them."""

    partner: Running
    client: PartnerClient
    till: Till
    clock: Clock = field(default_factory=Clock)

    # Customers

    def order(self, *wishes: Wish) -> Order:
        """An order that awaits its payment: one card unless wished otherwise."""
        lines = [self._line(wish) for wish in wishes or (Wish(),)]
        return orders.place(
            order_id=uuid4(),
            email="alice@example.com",
            locale="en",
            lines=lines,
            user_id=None,
            by="customer",
            now=self.clock(),
        )

    def pay(self, order: Order) -> Payment:
        """The customer's money is held, and the shop is told."""
        payment = payments.open_for(order=order, now=self.clock())
        self.confirm(payment)
        return payment

    def confirm(self, payment: Payment) -> None:
        """The provider tells that it holds the money."""
        reference = f"hold-{payment.pk}"
        self.till.hold(reference, payment.amount)
        accept_payment(
            payment=Payment.objects.get(pk=payment.pk),
            reference=reference,
            amount=payment.amount,
            currency=payment.currency,
            by="till",
            now=self.clock(),
        )

    def paid(self, *wishes: Wish) -> Order:
        """A paid order; nothing of it is bought yet."""
        order = self.order(*wishes)
        self.pay(order)
        return order

    def purchase(self, *wishes: Wish) -> Purchase:
        """The first purchase of a new paid order."""
        return self.legs(self.paid(*wishes))[0]

    # Workers

    def step(self, purchase: Purchase, client: Any = None) -> Purchase:
        """One worker takes the purchase one step; returns the row as it is then."""
        buying.advance(purchase_id=purchase.pk, client=client or self.client, clock=self.clock)
        return self.again(purchase)

    def hint(self, purchase: Purchase) -> None:
        """Somebody says that there is news."""
        sweeping.hint(purchase_id=purchase.pk, now=self.clock())

    def tick(self) -> int:
        """Workers do what is due now, once; how much that was."""
        due = Purchase.objects.filter(due_at__lte=self.clock()).values_list("pk", flat=True)
        for purchase_id in due.order_by("due_at"):
            buying.advance(purchase_id=purchase_id, client=self.client, clock=self.clock)
        settle = queries.orders_to_settle(now=self.clock(), most=1000)
        for order_id in settle:
            settling.settle(order_id=order_id, now=self.clock())
        return len(due) + len(settle)

    def work(self, patience: timedelta = timedelta(0)) -> None:
        """Go from due time to due time until nothing is due within `patience` from now."""
        until = self.clock.now + patience
        for _ in range(3000):
            if (due_at := self._next_due()) is None or due_at > until:
                self.clock.now = max(self.clock.now, until)
                return
            self.clock.now = max(self.clock.now, due_at + MOMENT)
            self.tick()
        raise AssertionError("work without end")

    # What is seen

    def again(self, purchase: Purchase) -> Purchase:
        """The row as it is now."""
        return Purchase.objects.select_related("line__order").get(pk=purchase.pk)

    def legs(self, order: Order) -> list[Purchase]:
        """All purchases of the order."""
        rows = Purchase.objects.filter(line__order=order).select_related("line__order")
        return list(rows.order_by("line__position", "chunk", "attempt"))

    def status(self, order: Order) -> str:
        """What the customer sees."""
        return Order.objects.get(pk=order.pk).status

    def payment(self, order: Order) -> Payment:
        """The order's last payment."""
        return Payment.objects.filter(order=order).latest("created_at")

    def codes(self, order: Order) -> list[str]:
        """What the customer may see, in plain text."""
        rows = list(Delivery.objects.filter(line__order=order, released_at__isnull=False))
        alice = orders.Viewer(by="alice", address="::1", user_agent="")
        if not rows:
            return []
        shown = orders.reveal(deliveries=rows, viewer=alice, channel="page", now=self.clock())
        return [goods.code.reveal() if goods.code else "" for goods in shown.values()]

    def due_in(self, purchase: Purchase) -> timedelta:
        """How long until its next step."""
        assert purchase.due_at is not None
        return purchase.due_at - self.clock.now

    def sold(self, purchase: Purchase) -> list[Json]:
        """The partner's orders of this purchase, as they truly are."""
        everything = self.partner.control.ledger()["orders"]
        return [row for row in everything if row["external_id"] == purchase.external_id]

    def posts(self) -> int:
        """How many orders were asked for."""
        return self.partner.sandbox.seen.count("POST", "/orders")

    def cases(self, about: Purchase | Order) -> set[str]:
        """The kinds of the open cases about it."""
        subject = about.external_id if isinstance(about, Purchase) else about.number
        rows = Case.objects.filter(subject=subject, closed_at=None)
        return set(rows.values_list("kind", flat=True))

    def told(self, purchase: Purchase, kind: str) -> str:
        """What the case says."""
        return Case.objects.get(subject=purchase.external_id, kind=kind).summary

    def asks(self) -> int:
        """How many requests the partner saw that only ask."""
        notes = self.partner.sandbox.seen.notes()
        return sum(note.method == "GET" for note in notes)

    # Trouble

    def fault(self, fault: str, endpoint: str = "create_order", **more: Any) -> None:
        """The next call to the endpoint meets this fault (`next=None`: every one)."""
        self.partner.control.fault({"endpoint": endpoint, "fault": fault, **more})

    def plan(self, **outcome: Any) -> None:
        """The next order (`next`: orders) turns out like this."""
        self.partner.control.plan(outcome)

    def change(self, purchase: Purchase, **outcome: Any) -> None:
        """The partner changes the order of this purchase."""
        self.partner.control.order(purchase.external_id, outcome)

    def faults_end(self) -> None:
        """The partner and the provider work again; lists stop lagging."""
        self.partner.sandbox.faults.clear()
        self.partner.world.plans.clear()
        self.till.trouble.clear()

    def _line(self, wish: Wish) -> OrderLine:
        if not Sku.objects.filter(pk=wish.sku_id).exists():
            SkuFactory(id=wish.sku_id, product__type=wish.kind)
        sku = Sku.objects.select_related("product").get(pk=wish.sku_id)
        return OrderLine(
            sku=sku,
            product_name=sku.product.name_en,
            sku_name=sku.name_en,
            quantity=wish.quantity,
            max_per_order=wish.max_per_order,
            unit_amount=wish.price,
            currency="USD",
            unit_cost=wish.cost,
            cost_currency="USD",
            fields=wish.fields,
            amount=wish.amount,
            face_currency="" if wish.amount is None else "AED",
        )

    def _next_due(self) -> datetime | None:
        waiting = [
            *Purchase.objects.exclude(due_at=None).values_list("due_at", "lease_until"),
            *Order.objects.exclude(settle_due_at=None).values_list(
                "settle_due_at", "settle_lease_until"
            ),
        ]
        times = [max(due_at, lease or due_at) for due_at, lease in waiting if due_at]
        return min(times, default=None)

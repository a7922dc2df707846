"""Goods on the shelf and people who buy them through the real pages, for tests of those pages.

Only what a partner would bring is written directly: no page of the shop can do that.
"""

from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client
from django.utils.timezone import now

from partner_api.secret import Secret
from storefront.catalog.models import Sku
from storefront.orders import actions as orders
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order, OrderLine
from storefront.orders.states import Status
from storefront.payments.models import Payment
from tests.catalog.shelves import settle, stock_product, stock_sku

# What the test client returns: a type that Django's stubs keep to themselves.
Answer = Any

CONSENTS = {"consent_start": "on", "consent_withdrawal": "on"}


def stock(name: str = "Apple", *, product: dict[str, Any] | None = None, **columns: Any) -> Sku:
    """A card on the shelf: $9.90, a hundred of them; `columns` are its SKU's."""
    made = stock_sku(stock_product(name, now=now(), **(product or {})), now=now(), **columns)
    with transaction.atomic():
        settle(now=now())
    return made


def reprice(sku: Sku, price: str) -> None:
    """The next sync found another price."""
    Sku.objects.filter(pk=sku.pk).update(price=price)


class Customer(Client):
    """Somebody with a browser of their own. A script that fails on a page fails the test."""

    def add(self, sku: Sku | UUID, quantity: object = 1) -> Answer:
        """Press "add to cart"."""
        chosen = sku.pk if isinstance(sku, Sku) else sku
        return self.post("/cart/add/", {"sku": str(chosen), "quantity": quantity})

    def check_out(self, email: str = "alice@example.com", **fields: Any) -> Answer:
        """Fill in the checkout page as it was shown and press its button."""
        shown = fields_of(self.get("/checkout/").content.decode())
        return self.post("/checkout/", {**shown, "email": email, **CONSENTS, **fields})

    def order(self, *skus: Sku, email: str = "alice@example.com") -> Order:
        """An order of these that awaits its payment."""
        for sku in skus or (Sku.objects.first() or stock(),):
            assert self.add(sku).status_code == 302
        answer = self.check_out(email)
        assert answer.status_code == 302, answer.content
        return payment_behind(answer).order

    def decide(self, payment: Payment, decision: str = "accept") -> Answer:
        """Press a button of the payment page."""
        return self.post(pay_page(payment), {"decision": decision})

    def paid_order(self, *skus: Sku, email: str = "alice@example.com") -> Order:
        """An order that is paid; the partner has not answered yet."""
        order = self.order(*skus, email=email)
        assert self.decide(order.payments.get()).status_code == 302
        order.refresh_from_db()
        assert order.status == Status.PAID
        return order


def pay_page(payment: Payment) -> str:
    """Where the payment is decided."""
    return f"/pay/{payment.pk}/"


def payment_behind(answer: Answer) -> Payment:
    """The payment whose page an answer leads to."""
    parts = answer["Location"].strip("/").split("/")
    assert parts[-2] == "pay", answer["Location"]
    return Payment.objects.select_related("order").get(pk=parts[-1])


def bring(order: Order, *codes: str, released: bool = True, at: datetime | None = None) -> Delivery:
    """The partner brought these codes for the order's first line; returns the last one's row."""
    line = order.lines.first()
    assert line is not None
    goods = [
        Goods(code=Secret(code), serial=Secret("SN-" + code), expiry=Secret("2028-01-31"))
        for code in codes
    ]
    orders.deliver(line=line, source=uuid4(), goods=goods, now=at or now())
    if released:
        orders.release(order=order, now=at or now())
    return Delivery.objects.filter(line=line).latest("index")


def reveal_page(order: Order, delivery: Delivery | UUID) -> str:
    """Where the code is asked for."""
    key = delivery.pk if isinstance(delivery, Delivery) else delivery
    return f"/orders/{order.number}/deliveries/{key}/reveal/"


def order_in(status: Status, *, email: str = "alice@example.com") -> Order:
    """An order in any state, without its history: for what its page says."""
    sku = Sku.objects.select_related("product").first() or stock()
    paid_at = None if status in NEVER_PAID else now()
    order = Order.objects.create(
        email=email,
        locale="en",
        status=status,
        total_amount=sku.price,
        currency="USD",
        created_at=now() - timedelta(minutes=1),
        paid_at=paid_at,
    )
    OrderLine.objects.create(
        order=order,
        position=1,
        sku=sku,
        product_name=sku.product.name,
        sku_name=sku.name,
        quantity=1,
        max_per_order=1,
        unit_amount=sku.price,
        currency="USD",
        unit_cost=sku.cost,
        cost_currency="USD",
    )
    return order


NEVER_PAID = {Status.AWAITING_PAYMENT, Status.CANCELLED, Status.EXPIRED}


def let_in(client: Client, order: Order) -> None:
    """Have this browser see the order, by a link as mails hold it."""
    link = orders.link_for_mail(order=order, now=now()).reveal()
    answer = client.get(link[link.index("/", len("http://")) :])
    assert answer.status_code == 302


class Elements(HTMLParser):
    """Every opening tag of a page, in order, with its attributes; its words; its data blocks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.blocks: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Of a tag with a doubled attribute, the first counts, as in browsers."""
        self.tags.append((tag, {name: value or "" for name, value in reversed(attrs)}))

    def handle_data(self, data: str) -> None:
        """Text between tags; what stands in a data block is for machines."""
        if self.cdata_elem is None:
            self.words.append(data)
        else:
            self.blocks.append(data)

    def having(self, attribute: str, value: str | None = None) -> list[dict[str, str]]:
        """The attributes of each element that has this one."""
        return [
            attributes
            for _, attributes in self.tags
            if attribute in attributes and value in (None, attributes[attribute])
        ]

    @property
    def text(self) -> str:
        """All words, single spaced."""
        return " ".join(" ".join(self.words).split())


def fields_of(html: str) -> dict[str, str]:
    """What the page's hidden fields would send along."""
    inputs = [attributes for tag, attributes in Elements(html).tags if tag == "input"]
    hidden = [attributes for attributes in inputs if attributes.get("type") == "hidden"]
    return {field["name"]: field.get("value", "") for field in hidden}


def complaints(answer: Answer) -> int:
    """How many things the page says are wrong."""
    return len(hooked(answer.content.decode(), "form-error"))


def hooked(html: str, testid: str) -> list[dict[str, str]]:
    """The elements that carry this test hook."""
    return Elements(html).having("data-testid", testid)

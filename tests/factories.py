"""Rows for tests, made by factory-boy: whole and allowed by every constraint of the database.

What belongs together agrees by itself: an order costs what its line costs, a payment asks for what
its order costs, a purchase has the id its line and chunk give it. People have names: alice owns,
bob owns something else, mallory must see nothing.
"""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from django.utils.text import slugify
from factory.declarations import (
    LazyAttribute,
    LazyFunction,
    SelfAttribute,
    Sequence,
    SubFactory,
    Trait,
)
from factory.django import DjangoModelFactory

from partner_api.secret import Secret
from storefront.accounts.models import User
from storefront.catalog.models import Product, Sku
from storefront.core.refs import external_id
from storefront.core.sealed import blind_index, seal
from storefront.fulfillment.actions.starting import leg
from storefront.fulfillment.models import Purchase
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order, OrderLine
from storefront.orders.states import Status as OrderStatus
from storefront.payments.models import Payment
from storefront.payments.states import Status as PaymentStatus

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class UserFactory(DjangoModelFactory[User]):
    """`UserFactory(name="Bob")` is bob@example.com; `staff=True` a colleague."""

    class Meta:
        model = User

    class Params:
        staff = Trait(is_staff=True)

    name = "Alice"
    email = LazyAttribute(lambda user: f"{user.name.lower()}@example.com")


class ProductFactory(DjangoModelFactory[Product]):
    """A visible gift card."""

    class Meta:
        model = Product

    id = LazyFunction(uuid4)
    name_en = Sequence(lambda number: f"Apple {number}")
    slug = LazyAttribute(lambda product: slugify(product.name_en))
    type = "voucher"
    denomination_type = "fixed"
    first_seen_at = changed_at = NOON


class SkuFactory(DjangoModelFactory[Sku]):
    """A ten dollar card that costs 9.70 and is sold at 10.50."""

    class Meta:
        model = Sku

    id = LazyFunction(uuid4)
    product = SubFactory(ProductFactory)
    name_en = "$10 card"
    denomination_type = "fixed"
    face_value = Decimal(10)
    face_currency = "USD"
    cost = Decimal("9.70")
    cost_currency = "USD"
    price = Decimal("10.50")
    price_currency = "USD"
    stock = 100
    max_per_order = 3
    hold_reason = ""
    priced_at = first_seen_at = changed_at = NOON


class OrderFactory(DjangoModelFactory[Order]):
    """Alice's order, not paid yet; `paid=True` is one under way. It has no lines of its own."""

    class Meta:
        model = Order

    class Params:
        paid = Trait(status=OrderStatus.PAID, paid_at=NOON)

    email = "alice@example.com"
    locale = "en"
    total_amount = Decimal("10.50")
    currency = "USD"
    created_at = NOON


class OrderLineFactory(DjangoModelFactory[OrderLine]):
    """One card, in an order of its own unless `order` is given."""

    class Meta:
        model = OrderLine

    order = SubFactory(
        OrderFactory,
        total_amount=LazyAttribute(
            lambda order: order.factory_parent.unit_amount * order.factory_parent.quantity
        ),
    )
    sku = SubFactory(SkuFactory)
    position = 1
    product_name = SelfAttribute("sku.product.name_en")
    sku_name = SelfAttribute("sku.name_en")
    quantity = 1
    max_per_order = SelfAttribute("sku.max_per_order")
    unit_amount = SelfAttribute("sku.price")
    currency = SelfAttribute("sku.price_currency")
    unit_cost = SelfAttribute("sku.cost")
    cost_currency = SelfAttribute("sku.cost_currency")


class PaymentFactory(DjangoModelFactory[Payment]):
    """The order's open payment; `authorised` and `captured` are traits, for all of it."""

    class Meta:
        model = Payment

    class Params:
        authorised = Trait(status=PaymentStatus.AUTHORISED, provider_reference="held-1")
        captured = Trait(
            status=PaymentStatus.CAPTURED,
            provider_reference="held-1",
            captured_amount=SelfAttribute("amount"),
        )

    order = SubFactory(OrderFactory)
    provider = "demo"
    amount = SelfAttribute("order.total_amount")
    currency = SelfAttribute("order.currency")
    created_at = NOON


class PurchaseFactory(DjangoModelFactory[Purchase]):
    """The first chunk of a paid order's line, ready to be sent and due at noon."""

    class Meta:
        model = Purchase

    line = SubFactory(OrderLineFactory, order__paid=True)
    chunk = 1
    attempt = 1
    external_id = LazyAttribute(
        lambda row: external_id(leg(row.line.pk, row.chunk), row.attempt, environment="D")
    )
    sku_id = SelfAttribute("line.sku_id")
    quantity = SelfAttribute("line.quantity")
    expected_cost = LazyAttribute(lambda row: row.line.unit_cost * row.quantity)
    cost_currency = SelfAttribute("line.cost_currency")
    created_at = NOON
    due_at = NOON


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """One sealed unit of a line; `code` is what it holds. Released unless `released_at` is None."""

    class Meta:
        model = Delivery
        exclude = ("code",)

    code = Sequence(lambda number: f"CODE-{number:04d}-WXYZ")
    id = LazyFunction(uuid4)
    line = SubFactory(OrderLineFactory, order__paid=True)
    source = LazyFunction(uuid4)
    index = 0
    sealed = LazyAttribute(
        lambda row: seal(
            Goods(code=Secret(row.code)).sealed_form(),
            context=Delivery(pk=row.id, index=row.index).seal_context,
        )
    )
    code_index = LazyAttribute(lambda row: blind_index(Secret(row.code)))
    delivered_at = NOON
    released_at = NOON

"""Writing orders from carts, and closing those that were never paid."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_api.secret import Secret
from storefront.cart.queries import Cart, CartLine
from storefront.catalog.models import Product
from storefront.catalog.queries import fields_of
from storefront.checkout.consents import TEXTS, VERSION
from storefront.checkout.models import Consent
from storefront.checkout.policy import use_allowances
from storefront.core import states
from storefront.esim import actions as esims
from storefront.esim.models import Esim
from storefront.fulfillment.actions import confirming
from storefront.orders import actions as orders
from storefront.orders.models import Order, OrderLine
from storefront.orders.states import Status as OrderStatus
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.queries import undecided_payments
from storefront.payments.states import Status as PaymentStatus

UNPAID_LIFETIME = timedelta(minutes=30)


class CartChanged(Exception):  # noqa: N818  the failure is the name
    """What the customer saw is not what they would get: nothing was ordered, they look again."""


def place_order(
    *,
    order_id: UUID,
    cart: Cart,
    email: str,
    locale: str,
    user_id: int | None,
    address: str,
    token: Secret | None,
    now: datetime,
    tops_up: Esim | None = None,
) -> Order:
    """An order of exactly this cart, once per `order_id`: a second click gets the first one's.

    `token` is what only the page that asks for it knows: it leads to the order once more when the
    click is answered after the cart became one. `tops_up`: the eSIM that the cart's one package is
    added to. Raises CartChanged, TooMuchToday.
    """
    if not cart.lines or cart.problems:
        raise CartChanged
    try:
        with transaction.atomic():
            order = orders.place(
                order_id=order_id,
                email=email,
                locale=locale,
                user_id=user_id,
                lines=[_line(line) for line in cart.lines],
                by="customer",
                now=now,
            )
            if tops_up:
                esims.attach(line=order.lines.get(), esim=tops_up)
            for code, text in TEXTS.items():
                Consent.objects.create(
                    order=order,
                    code=code,
                    version=VERSION,
                    text=str(text),
                    at=now,
                    address=address,
                )
            if token:
                orders.remember_form(order=order, token=token, now=now)
            use_allowances(cart=cart, email=email, user_id=user_id, address=address, now=now)
            return order
    except IntegrityError:
        if first := Order.objects.filter(pk=order_id).first():
            return first
        raise


def expire_unpaid(*, now: datetime) -> int:
    """Close orders nobody paid in time, with their open payments; returns how many."""
    late = Order.objects.filter(
        status=OrderStatus.AWAITING_PAYMENT, created_at__lt=now - UNPAID_LIFETIME
    )
    return sum(_expire(order, now) for order in late.order_by("created_at")[:500])


def expire_if_late(*, order: Order, now: datetime) -> None:
    """The same for one order somebody is about to pay: its prices were promised for so long."""
    if order.is_payable and now - order.created_at > UNPAID_LIFETIME:
        _expire(order, now)


def _expire(order: Order, now: datetime) -> bool:
    """The provider's page first, so that nobody pays what has closed; then payment and order in one
    transaction: a payment that wins the race keeps the order, and one nobody knows about yet, too.
    """
    for payment in undecided_payments(order):
        if not confirming.end(payment=payment, now=now):
            return False
    try:
        with transaction.atomic():
            _close_open_payments(order, now)
            orders.move(order=order, to=OrderStatus.EXPIRED, by="system", now=now)
        # One that was opened while we waited for the order. Not under its lock: who confirms a
        # payment holds that first and wants the order then.
        _close_open_payments(order, now)
    except (states.LostRace, states.NotAllowed):
        return False
    return True


def _close_open_payments(order: Order, now: datetime) -> None:
    for payment in Payment.objects.filter(order=order, status=PaymentStatus.OPEN):
        payments.close(payment=payment, to=PaymentStatus.EXPIRED, by="system", now=now)


def _line(line: CartLine) -> OrderLine:
    """The promise: every price and cost as it is now, copied."""
    offer = line.offer
    if offer is None or _lacks_recipient(line, offer.product):
        raise CartChanged
    return OrderLine(
        sku=offer.sku,
        product_name=line.product_name,
        sku_name=line.sku_name,
        quantity=line.quantity,
        max_per_order=offer.max_per_order,
        unit_amount=offer.unit_price,
        currency=offer.currency,
        unit_cost=offer.unit_cost,
        cost_currency=offer.cost_currency,
        amount=offer.amount,
        face_currency="" if offer.amount is None else offer.face_currency,
        fields=dict(line.fields),
    )


def _lacks_recipient(line: CartLine, product: Product) -> bool:
    """Whether the partner would be told less than it must be."""
    asked = fields_of(product)
    codes = {field.code for field in asked}
    must_have = {field.code for field in asked if field.required}
    return not must_have <= set(line.fields) <= codes

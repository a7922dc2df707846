"""A payment is opened with us first, then at the provider: one page each, however often asked."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import override

from storefront.orders.actions import set_confirming
from storefront.orders.models import Order
from storefront.payments.actions.moving import move, must_be_money
from storefront.payments.models import Payment
from storefront.payments.providers import ProviderRefusal, provider
from storefront.payments.providers.protocol import Asked, Goods, Provider, Started
from storefront.payments.states import Status
from storefront.payments.waits import CHECK, PAGE


class NotPayable(Exception):  # noqa: N818  the failure is the name
    """The order does not wait for money (any more)."""


@transaction.atomic
def open_for(*, order: Order, now: datetime) -> Payment:
    """The order's open payment; a new one when the last was declined.

    Raises NotPayable, NoProvider, UnsupportedCurrency.
    """
    locked = Order.objects.select_for_update(no_key=True).get(
        pk=order.pk
    )  # two clicks make one payment
    if not locked.is_payable:
        raise NotPayable(order.number)
    must_be_money(locked.total_amount, locked.currency)
    found = Payment.objects.filter(order=order, status=Status.OPEN).first()
    return found or Payment.objects.create(
        order=order,
        provider=provider().name,
        amount=order.total_amount,
        currency=order.currency,
        created_at=now,
    )


def start(*, payment: Payment, now: datetime) -> str:
    """Where the customer pays: the page of this payment, the same one however often it is asked.

    Two requests at once make the same call with the same key. Raises NotPayable, ProviderTrouble,
    ProviderRefusal (the payment is closed then: nobody can have paid it).
    """
    if payment.session_url:
        return payment.session_url
    teller = provider(payment.provider)
    with transaction.atomic(durable=True):
        waiting = Payment.objects.filter(pk=payment.pk, status=Status.OPEN)
        if not waiting.update(started_at=Coalesce("started_at", now), due_at=now + CHECK):
            raise NotPayable(payment.order.number)
    payment.refresh_from_db()
    try:
        started = page_of(payment, teller)
    except ProviderRefusal:
        twin = Payment.objects.get(pk=payment.pk)
        if twin.session_url:  # another request was given the page meanwhile
            return twin.session_url
        close(payment=payment, to=Status.EXPIRED, by=payment.provider, now=now)
        raise
    if not started.session:
        return started.url
    kept = waiting.update(session_reference=started.session, session_url=started.url)
    if not kept:  # closed meanwhile: nobody shall pay there
        teller.end(started.session)
        raise NotPayable(payment.order.number)
    return started.url


def page_of(payment: Payment, teller: Provider) -> Started:
    """Ask for the page; asked again, the provider names the same. Raises as `Provider.start`."""
    order = payment.order
    with override(order.locale):
        return_path = reverse("checkout:returned", args=[payment.pk])
        back_path = order.get_absolute_url()
    asked = Asked(
        payment_id=payment.pk,
        order_number=order.number,
        goods=[
            Goods(
                name=f"{line.product_name}, {line.sku_name}",
                price=line.unit_amount,
                quantity=line.quantity,
            )
            for line in order.lines.all()
        ],
        currency=payment.currency,
        email=order.email,
        locale=order.locale,
        return_url=urljoin(settings.SITE_URL, return_path),
        back_url=urljoin(settings.SITE_URL, back_path),
        closes_at=closes_at(payment),
    )
    return teller.start(asked, key=payment.key("start"))


def closes_at(payment: Payment) -> datetime:
    """When the provider closes the payment's page by itself."""
    return (payment.started_at or payment.created_at) + PAGE


@transaction.atomic
def close(*, payment: Payment, to: Status, by: str, now: datetime) -> None:
    """No money came: declined or expired. Raises states.NotAllowed, states.LostRace."""
    move(payment, to, by=by, now=now)
    set_confirming(order=payment.order, since=None)

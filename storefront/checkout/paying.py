"""On to the provider's page, and back from it."""

from datetime import datetime

import structlog

from storefront.fulfillment.actions import confirming
from storefront.orders import actions as orders
from storefront.orders.models import Order
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.providers import NoProvider, ProviderRefusal, ProviderTrouble
from storefront.payments.states import Status
from storefront.payments.waits import PAGE

log = structlog.get_logger(__name__)


def start_payment(*, order: Order, now: datetime) -> str:
    """Where this order is paid: one page, however often it is asked for.

    Raises NotPayable, NoProvider, ProviderTrouble, ProviderRefusal.
    """
    payment = payments.open_for(order=order, now=now)
    if payment.started_at and now - payment.started_at >= PAGE:
        confirming.confirm(payment_id=payment.pk, now=now)  # the provider has closed that page
        payment = payments.open_for(order=order, now=now)
    return payments.start(payment=payment, now=now)


def follow_return(*, payment: Payment, now: datetime) -> None:
    """The customer is back: ask what came of it. Where nobody knows yet, say just that.

    That somebody came back proves nothing, and coming twice changes nothing.
    """
    try:
        confirming.confirm(payment_id=payment.pk, now=now)
    except (ProviderTrouble, ProviderRefusal, NoProvider) as trouble:
        log.warning("payment not confirmed", payment=str(payment.pk), error=str(trouble))
        payment.refresh_from_db()
        if payment.status == Status.OPEN and payment.session_reference:
            orders.set_confirming(order=payment.order, since=now)

"""The demonstration's payment page, paying again, and coming back from a provider."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from storefront.checkout.actions import expire_if_late
from storefront.checkout.looking import CannotDeliver, look_at_order
from storefront.checkout.paying import follow_return, start_payment
from storefront.core import states
from storefront.core.limits import hit, limited, too_many
from storefront.fulfillment.actions.starting import accept_payment
from storefront.orders import visitors
from storefront.orders.models import Order
from storefront.orders.queries import visible_to
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.providers import NoProvider, ProviderRefusal, ProviderTrouble
from storefront.payments.states import Status as PaymentStatus

log = structlog.get_logger(__name__)

TEN_MINUTES = timedelta(minutes=10)
# An order is paid for again so often in an hour: more is somebody trying cards.
MOST_TRIES = 10


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("payment", limit=settings.CHECKOUT_LIMIT, window=TEN_MINUTES)
def pay(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """The demonstration's payment page: the visitor decides how the payment goes."""
    if settings.PAYMENT_PROVIDER != "demo":
        raise Http404
    payment = get_object_or_404(
        Payment.objects.filter(order__in=_orders_of(request)).select_related("order"),
        pk=payment_id,
        provider="demo",
    )
    expire_if_late(order=payment.order, now=now())
    if request.method == "POST":
        return _decide(request, payment)
    return render(
        request,
        "payments/demo.html",
        {"payment": _shown(payment), "order_url": payment.order.get_absolute_url()},
    )


@require_POST
@limited("payment", limit=settings.CHECKOUT_LIMIT, window=TEN_MINUTES)
def pay_again(request: HttpRequest, number: str) -> HttpResponse:
    """Pay for an order whose last payment was declined or left, if it can still be delivered."""
    order = get_object_or_404(_orders_of(request), number=number)
    expire_if_late(order=order, now=now())
    if order.is_payable:
        hour = timedelta(hours=1)
        if not hit(scope="pay again", key=order.number, limit=MOST_TRIES, window=hour, now=now()):
            return too_many(request, after=hour / MOST_TRIES)
        try:
            look_at_order(order=order, now=now())
        except CannotDeliver as reason:
            messages.error(request, _("%(reason)s Nothing was charged.") % {"reason": reason})
            return redirect(order)
    return to_payment(request, order)


@require_safe
@never_cache
def returned(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Back from the provider's page: we ask what came of it and show the order.

    That this address was opened proves nothing, and opening it twice changes nothing.
    """
    payments_of = Payment.objects.filter(order__in=_orders_of(request)).select_related("order")
    payment = get_object_or_404(payments_of, pk=payment_id)
    follow_return(payment=payment, now=now())
    return redirect(payment.order)


def _orders_of(request: HttpRequest) -> QuerySet[Order]:
    return visible_to(user=request.user, granted=visitors.granted(request.session))


def to_payment(request: HttpRequest, order: Order) -> HttpResponse:
    """On to the provider's page, or to the order when it needs no money any more."""
    try:
        return redirect(start_payment(order=order, now=now()))
    except payments.NotPayable:
        pass
    except (NoProvider, ProviderTrouble, ProviderRefusal) as trouble:
        log.warning("no payment page", order=order.number, error=str(trouble))
        messages.error(request, _("We can't take payments at the moment. Please come back later."))
    return redirect(order)


def _decide(request: HttpRequest, payment: Payment) -> HttpResponse:
    decision = request.POST.get("decision")
    try:
        if decision == "accept":
            accept_payment(
                payment=payment,
                reference=f"demo-{payment.pk}",
                amount=payment.amount,
                currency=payment.currency,
                by="demo provider",
                now=now(),
            )
        elif decision == "decline":
            payments.close(
                payment=payment, to=PaymentStatus.DECLINED, by="demo provider", now=now()
            )
            messages.error(request, _("The payment was declined. Nothing was charged."))
        else:
            return HttpResponse(_("Accept or decline the payment."), status=400)
    except (states.NotAllowed, states.LostRace):
        messages.info(request, _("This payment was decided before; nothing changed."))
    return redirect(payment.order)


def _shown(payment: Payment) -> dict[str, object]:
    return {
        "amount": payment.total,
        "order_number": payment.order.number,
        "is_open": payment.status == PaymentStatus.OPEN and payment.order.is_payable,
    }

"""The checkout page and the demonstration's payment page."""

from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from storefront.cart import session as carts
from storefront.cart.queries import Cart, load
from storefront.checkout.actions import CartChanged, expire_if_late, place_order
from storefront.checkout.forms import CheckoutForm
from storefront.checkout.paying import follow_return, start_payment
from storefront.core import states
from storefront.core.clients import client_address
from storefront.fulfillment.actions.starting import accept_payment
from storefront.orders import visitors
from storefront.orders.models import Order
from storefront.orders.models.access import new_token
from storefront.orders.queries import order_behind, visible_to
from storefront.payments import actions as payments
from storefront.payments.models import Payment
from storefront.payments.providers import (
    NoProvider,
    ProviderRefusal,
    ProviderTrouble,
    provider,
)
from storefront.payments.states import Status as PaymentStatus

log = structlog.get_logger(__name__)

# The id the next order of this session gets: a second click of the button means the same order.
_NEXT_ORDER = "next_order"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    """One page: what is bought, where it goes, the consents; its button places the order."""
    cart = load(session=request.session, currency=settings.STORE_CURRENCY, now=now())
    if request.method == "POST":
        return _submit(request, cart, CheckoutForm(request.POST))
    if not cart.lines or cart.problems:
        return redirect("cart:detail")
    request.session.setdefault(_NEXT_ORDER, str(uuid4()))
    page = {"attempt": new_token().reveal(), "shown": cart.digest}
    return _page(request, cart, CheckoutForm(initial=page))


def _submit(request: HttpRequest, cart: Cart, form: CheckoutForm) -> HttpResponse:
    if not cart.lines and form.token and (order := order_behind(token=form.token, now=now())):
        visitors.grant(request.session, order.pk)  # the second click, after the first was answered
        return _to_payment(request, order)
    if not cart.lines or cart.problems:
        return redirect("cart:detail")
    if not form.showed(cart):
        messages.warning(request, _("The cart changed while this page was open. Look again."))
        return redirect("cart:detail")
    if not form.is_valid():
        return _page(request, cart, form, status=400)
    try:
        provider()
        order = _place(request, cart, form)
    except CartChanged:
        return redirect("cart:detail")
    except NoProvider:
        form.add_error(None, _("We can't take payments at the moment. Nothing was ordered."))
        return _page(request, cart, form, status=503)
    carts.clear(request.session)
    request.session.pop(_NEXT_ORDER, None)
    visitors.grant(request.session, order.pk)
    return _to_payment(request, order)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
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
def pay_again(request: HttpRequest, number: str) -> HttpResponse:
    """Pay for an order whose last payment was declined or left."""
    order = get_object_or_404(_orders_of(request), number=number)
    expire_if_late(order=order, now=now())
    return _to_payment(request, order)


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


def _to_payment(request: HttpRequest, order: Order) -> HttpResponse:
    """On to the provider's page, or to the order when it needs no money any more."""
    try:
        return redirect(start_payment(order=order, now=now()))
    except payments.NotPayable:
        pass
    except (NoProvider, ProviderTrouble, ProviderRefusal) as trouble:
        log.warning("no payment page", order=order.number, error=str(trouble))
        messages.error(request, _("We can't take payments at the moment. Please come back later."))
    return redirect(order)


def _place(request: HttpRequest, cart: Cart, form: CheckoutForm) -> Order:
    return place_order(
        order_id=UUID(request.session.setdefault(_NEXT_ORDER, str(uuid4()))),
        cart=cart,
        email=form.cleaned_data["email"],
        locale=get_language() or settings.LANGUAGE_CODE,
        user_id=request.user.pk,
        address=client_address(request),
        token=form.token,
        now=now(),
    )


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


def _page(
    request: HttpRequest, cart: Cart, form: CheckoutForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "checkout/checkout.html", {"cart": cart, "form": form}, status=status)

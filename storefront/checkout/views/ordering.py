"""The checkout page: one form, read back where it matters, and on to the payment."""

from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from storefront.cart import session as carts
from storefront.cart.actions import keep_quotes, remember_fields
from storefront.cart.queries import Cart, load
from storefront.checkout import pages
from storefront.checkout.actions import CartChanged, place_order
from storefront.checkout.forms import CheckoutForm
from storefront.checkout.looking import CannotDeliver, look_at_cart
from storefront.checkout.policy import TooMuchToday
from storefront.checkout.views.paying import TEN_MINUTES, to_payment
from storefront.core.clients import client_address
from storefront.core.limits import limited
from storefront.orders import visitors
from storefront.orders.models import Order
from storefront.orders.models.access import new_token
from storefront.orders.queries import order_behind
from storefront.payments.providers import NoProvider, provider

# The id the next order of this session gets: a second click of the button means the same order.
_NEXT_ORDER = "next_order"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("checkout", limit=settings.CHECKOUT_LIMIT, window=TEN_MINUTES)
def checkout(request: HttpRequest) -> HttpResponse:
    """One page: what is bought, where it goes, the consents; its button places the order."""
    cart = _cart(request)
    if request.method == "POST":
        if pages.asks_for_hint(request):
            return pages.hint(request)
        return _submit(request, cart, CheckoutForm(request.POST, cart=cart))
    if not cart.lines or cart.problems:
        return redirect("cart:detail")
    keep_quotes(session=request.session, cart=cart, now=now())
    request.session.setdefault(_NEXT_ORDER, str(uuid4()))
    page = {"attempt": new_token().reveal(), "shown": cart.digest}
    return pages.form_page(request, cart, CheckoutForm(initial=page, cart=cart))


def _submit(request: HttpRequest, cart: Cart, form: CheckoutForm) -> HttpResponse:
    if not cart.lines and form.token and (order := order_behind(token=form.token, now=now())):
        visitors.grant(request.session, order.pk)  # the second click, after the first was answered
        return to_payment(request, order)
    if not cart.lines or cart.problems:
        return redirect("cart:detail")
    if not form.showed(cart):
        return _look_again(request)
    if form.goes_back:
        return pages.form_page(request, cart, form.again(cart))
    if not form.is_valid():
        return pages.form_page(request, cart, form, status=400)
    for line in form.filled(cart).lines:
        if line.fields:
            remember_fields(session=request.session, line=line.id, fields=dict(line.fields))
    if not form.is_reviewed:
        return pages.review_page(request, cart, form)
    return _order(request, cart, form)


def _order(request: HttpRequest, cart: Cart, form: CheckoutForm) -> HttpResponse:
    try:
        provider()
        look_at_cart(cart=cart, now=now())
        cart = _cart(request)  # with what the partner just said
        if not form.showed(cart) or cart.problems:
            return _look_again(request)
        order = _place(request, form.filled(cart), form)
    except CartChanged:
        return redirect("cart:detail")
    except NoProvider:
        form.add_error(None, _("We can't take payments at the moment. Nothing was ordered."))
        return pages.form_page(request, cart, form, status=503)
    except CannotDeliver as reason:
        form.add_error(None, _("%(reason)s Nothing was ordered.") % {"reason": reason})
        return pages.form_page(request, cart, form, status=409)
    except TooMuchToday:
        form.add_error(
            None,
            _("More than we sell to one customer in a day. Order less, or come back tomorrow."),
        )
        return pages.form_page(request, cart, form, status=409)
    carts.clear(request.session)
    request.session.pop(_NEXT_ORDER, None)
    visitors.grant(request.session, order.pk)
    return to_payment(request, order)


def _cart(request: HttpRequest) -> Cart:
    return load(session=request.session, currency=settings.STORE_CURRENCY, now=now())


def _look_again(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("The cart changed while this page was open. Look again."))
    return redirect("cart:detail")


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

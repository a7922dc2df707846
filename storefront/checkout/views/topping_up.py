"""Adding data to an eSIM: choose a package, agree, pay. One page, one order a click."""

from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from storefront.accounts.models import User
from storefront.catalog.queries import Offer
from storefront.checkout.actions import CartChanged, place_order
from storefront.checkout.looking import CannotDeliver, look_at_cart
from storefront.checkout.packages import as_cart, digest, packages
from storefront.checkout.policy import TooMuchToday
from storefront.checkout.top_up_forms import TopUpForm
from storefront.checkout.views.paying import TEN_MINUTES, to_payment
from storefront.core.clients import client_address
from storefront.core.limits import limited
from storefront.core.money import money
from storefront.esim.models import Esim
from storefront.esim.renewing import may_renew
from storefront.esim.views import esim_of
from storefront.orders import visitors
from storefront.orders.models import Order
from storefront.orders.models.access import new_token
from storefront.orders.views.common import private
from storefront.payments.providers import NoProvider, provider

# The partner's last word counts for so long where it does not answer now.
KNOWN_FOR = timedelta(minutes=5)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("checkout", limit=settings.CHECKOUT_LIMIT, window=TEN_MINUTES)
def top_up(request: HttpRequest, esim_id: UUID) -> HttpResponse:
    """The packages that fit; its button places the order once the partner says that it may be."""
    esim = esim_of(request, esim_id)
    offers = packages(esim, now=now())
    if request.method != "POST":
        if not esim.can_renew or not offers:
            return _not_now(request, esim)
        page = {"attempt": new_token().reveal(), "shown": digest(offers), "sku": offers[0].sku.pk}
        return _page(request, esim, offers, TopUpForm(initial=page, offers=offers))
    form = TopUpForm(request.POST, offers=offers)
    if form.token and (first := Order.objects.filter(pk=_order_id(esim, form)).first()):
        visitors.grant(request.session, first.pk)  # the second click
        return to_payment(request, first)
    if not form.is_valid():
        return _page(request, esim, offers, form, status=400)
    if form.cleaned_data["shown"] != digest(offers):
        return _look_again(request, esim)
    return _order(request, esim, form)


def _order(request: HttpRequest, esim: Esim, form: TopUpForm) -> HttpResponse:
    if not may_renew(esim=esim, known_for=KNOWN_FOR, now=now()):
        return _not_now(request, esim)
    order_id = _order_id(esim, form)
    try:
        provider()
        look_at_cart(cart=as_cart(form.offer, line_id=order_id), now=now())
        offers = packages(esim, now=now())  # with what the partner just said
        if form.cleaned_data["shown"] != digest(offers):
            return _look_again(request, esim)
        user = request.user
        order = place_order(
            order_id=order_id,
            cart=as_cart(form.offer, line_id=order_id),
            email=user.email if isinstance(user, User) else esim.delivery.line.order.email,
            locale=get_language() or settings.LANGUAGE_CODE,
            user_id=user.pk,
            address=client_address(request),
            token=form.token,
            tops_up=esim,
            now=now(),
        )
    except CartChanged:
        return _look_again(request, esim)
    except NoProvider:
        form.add_error(None, _("We can't take payments at the moment. Nothing was ordered."))
    except CannotDeliver as reason:
        form.add_error(None, _("%(reason)s Nothing was ordered.") % {"reason": reason})
    except TooMuchToday:
        form.add_error(
            None,
            _("More than we sell to one customer in a day. Order less, or come back tomorrow."),
        )
    else:
        visitors.grant(request.session, order.pk)
        return to_payment(request, order)
    return _page(request, esim, packages(esim, now=now()), form, status=409)


def _order_id(esim: Esim, form: TopUpForm) -> UUID:
    """The order this page makes: nobody without the page's token can name it."""
    token = form.token.reveal() if form.token else ""
    return uuid5(NAMESPACE_OID, f"top-up {esim.pk} {token}")


def _page(
    request: HttpRequest, esim: Esim, offers: list[Offer], form: TopUpForm, status: int = 200
) -> HttpResponse:
    priced = [(offer.sku, money(offer.unit_price, offer.currency)) for offer in offers]
    context = {"esim": esim, "line": esim.delivery.line, "form": form, "packages": priced}
    return private(render(request, "checkout/top_up.html", context, status=status))


def _not_now(request: HttpRequest, esim: Esim) -> HttpResponse:
    messages.warning(
        request, _("No data can be added to this eSIM at the moment. Nothing was ordered.")
    )
    return redirect(esim)


def _look_again(request: HttpRequest, esim: Esim) -> HttpResponse:
    messages.warning(request, _("The prices changed while this page was open. Look again."))
    return redirect("checkout:top_up", esim.pk)

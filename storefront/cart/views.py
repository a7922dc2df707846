"""The cart's pages."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from storefront.cart import actions
from storefront.cart import session as carts
from storefront.cart.forms import AddForm, QuantityForm
from storefront.cart.queries import load
from storefront.catalog.models import Sku
from storefront.catalog.queries.offers import NotBuyable
from storefront.catalog.views import product_page


@require_safe
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The cart; a changed price is shown once and then counts as seen."""
    return _page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put something in; what is wrong is said on the product's page."""
    form = AddForm(request.POST)
    if form.is_valid():
        sku_id, quantity = form.cleaned_data["sku"], form.cleaned_data["quantity"]
        if message := _put(request, sku_id, quantity):
            form.add_error(None, message)
        else:
            return redirect("cart:detail")
    sku_id = form.cleaned_data.get("sku")
    sku = Sku.objects.filter(pk=sku_id).select_related("product").first() if sku_id else None
    if sku is None or not sku.product.is_visible:
        return _page(request, form_errors=form.errors, status=400)
    return product_page(request, sku.product, form=form, status=400)


@require_POST
def update(request: HttpRequest, sku_id: UUID) -> HttpResponse:
    """Change how many."""
    if not any(entry.sku_id == sku_id for entry in carts.entries(request.session)):
        raise Http404
    form = QuantityForm(request.POST)
    if form.is_valid():
        message = _put(request, sku_id, form.cleaned_data["quantity"])
        if not message:
            return redirect("cart:detail")
        form.add_error(None, message)
    return _page(request, form_errors=form.errors, status=400)


@require_POST
def remove(request: HttpRequest, sku_id: UUID) -> HttpResponse:
    """Take something out; taking out what is not there changes nothing."""
    carts.remove(request.session, sku_id)
    return redirect("cart:detail")


def _put(request: HttpRequest, sku_id: UUID, quantity: int) -> str:
    """Try it; the reason in words when it cannot be."""
    try:
        actions.put(session=request.session, sku_id=sku_id, quantity=quantity, now=now())
    except NotBuyable as error:
        return str(error)
    except actions.CartFull:
        return _("Your cart is full. Pay for these first, then order more.")
    return ""


def _page(request: HttpRequest, form_errors: object = None, status: int = 200) -> HttpResponse:
    cart = load(session=request.session, currency=settings.STORE_CURRENCY, now=now())
    actions.accept_prices(session=request.session, cart=cart)
    context = {"cart": cart, "form_errors": form_errors}
    return render(request, "cart/cart.html", context, status=status)

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
from storefront.cart.forms import AddForm, ConfirmForm, QuantityForm
from storefront.cart.queries import load
from storefront.catalog.models import Sku
from storefront.catalog.queries.offers import NotBuyable
from storefront.catalog.views import product_page


@require_safe
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The cart; where a price is another than was shown, both."""
    return _page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put something in; what is wrong is said on the product's page."""
    form = AddForm(request.POST)
    if form.is_valid() and _add(request, form):
        return redirect("cart:detail")
    sku_id = form.cleaned_data.get("sku")
    sku = Sku.objects.filter(pk=sku_id).select_related("product").first() if sku_id else None
    if sku is None or not sku.product.is_visible:
        return _page(request, form_errors=form.errors, status=400)
    return product_page(request, sku.product, form=form, status=400)


@require_POST
def update(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Change how many."""
    form = QuantityForm(request.POST)
    quantity = form.cleaned_data["quantity"] if form.is_valid() else None
    try:
        if quantity is None:
            actions.must_have(session=request.session, line=line_id)
        else:
            actions.change(session=request.session, line=line_id, quantity=quantity, now=now())
            return redirect("cart:detail")
    except actions.NotInCart:
        raise Http404 from None
    except NotBuyable as error:
        form.add_error(None, str(error))
    return _page(request, form_errors=form.errors, status=400)


@require_POST
def remove(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Take something out; taking out what is not there changes nothing."""
    carts.remove(request.session, line_id)
    return redirect("cart:detail")


@require_POST
def accept_prices(request: HttpRequest) -> HttpResponse:
    """Say yes to new prices: those the page showed, and no others."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, form_errors=form.errors, status=400)
    cart = load(session=request.session, currency=settings.STORE_CURRENCY, now=now())
    if form.cleaned_data["shown"] != cart.digest:
        return _page(request)
    actions.accept_prices(session=request.session, cart=cart, now=now())
    return redirect("cart:detail")


def _add(request: HttpRequest, form: AddForm) -> bool:
    """Try it; the reason goes to the form in words when it cannot be."""
    try:
        actions.add(session=request.session, now=now(), **form.wish)
    except NotBuyable as error:
        form.add_error(error.field, str(error))
    except actions.CartFull:
        form.add_error(None, _("Your cart is full. Pay for these first, then order more."))
    except actions.AmountOfFixed:
        form.add_error(None, _("Choose one of the values, or give an amount."))
    return form.is_valid()


def _page(request: HttpRequest, form_errors: object = None, status: int = 200) -> HttpResponse:
    cart = load(session=request.session, currency=settings.STORE_CURRENCY, now=now())
    actions.keep_quotes(session=request.session, cart=cart, now=now())
    context = {"cart": cart, "form_errors": form_errors}
    return render(request, "cart/cart.html", context, status=status)

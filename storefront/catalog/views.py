"""The shop's pages before the cart. They read from the database alone; the partner may be down."""

from datetime import datetime

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from storefront.accounts.languages import in_remembered_language
from storefront.catalog import comparing, list_page, pages, queries
from storefront.catalog.cards import card, language
from storefront.catalog.drawn import HERE, Shown, remember, remembered, whole_page
from storefront.catalog.forms import PriceForm, read_filters
from storefront.catalog.models import Product
from storefront.catalog.pagecache import kept
from storefront.catalog.product_page import product_context
from storefront.catalog.queries import Shelf
from storefront.catalog.queries.offers import is_custom


@require_safe
@in_remembered_language
@kept
def home(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """A search, the shelves and twelve things people buy."""
    popular, destinations = queries.home_products(shelf)
    return render(request, "home.html", pages.home_context(popular, destinations, shelf))


# What htmx may ask for alone, by the id of the element it goes into.
PARTS = ("shelf", "suggestions")
SUGGESTED = 6


@require_safe
@kept
def product_list(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """The list, or for htmx a part of it; all under the same address."""
    filters, ignored = read_filters(request.GET)
    part = _part_wanted(request)
    size = SUGGESTED if part == "suggestions" else queries.PAGE_SIZE
    page = queries.visible_products(filters, shelf, language=language(), size=size)
    asked = list_page.Asked(filters, part=part, ignored=ignored)
    shown = list_page.shown(page, asked, shelf)
    if part:
        return HttpResponse(shown.html)
    return whole_page(request, "catalog/product_list.html", shown)


def _part_wanted(request: HttpRequest) -> str:
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by its middleware
    is_part = htmx and not htmx.history_restore_request and htmx.target in PARTS
    return str(htmx.target) if is_part else ""


@require_safe
@kept
def esim_plans(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """eSIM plans for a destination, beside each other."""
    filters, _ignored = read_filters({"q": request.GET.get("to", "")})
    found = comparing.compare(filters.q, shelf, language=language(), now=now())
    kinds = [
        {"code": code, "name": comparing.NAMES[code], "rows": rows} for code, rows in found.items()
    ]
    context = {"to": filters.q, "kinds": kinds, "is_empty": not any(found.values())}
    return render(request, "catalog/esim_plans.html", context)


@require_safe
@kept
def product(request: HttpRequest, shelf: Shelf, slug: str) -> HttpResponse:
    """One product."""
    if "amount" in request.GET:
        return _with_price(request, slug, shelf)
    at, key = now(), (language(), slug)
    shown = remembered(shelf, key) if shelf.is_fresh(at) else None
    if shown is None or shown.rows != queries.rows_of(slug):
        shown = _drawn(_found(slug), shelf, at=at)
        if shown.rows:
            remember(shelf, key, shown)
    return whole_page(request, "catalog/product.html", shown)


def _found(slug: str) -> Product:
    found = queries.product_by_slug(slug)
    if found is None:
        raise Http404
    return found


@require_POST
def show_price(request: HttpRequest, slug: str) -> HttpResponse:
    """What an amount costs, for browsers that do not ask while one types: the product's page again,
    under an address that says what was asked."""
    asked = {name: request.POST.get(name, "")[:100] for name in ("sku", "amount", "quantity")}
    return redirect(f"{reverse('catalog:product', args=[slug])}?{urlencode(asked)}")


def _with_price(request: HttpRequest, slug: str, shelf: Shelf) -> HttpResponse:
    found, form, asked = _found(slug), PriceForm(request.GET), None
    if form.is_valid():
        try:
            offer = queries.buyable_sku(
                form.cleaned_data["sku"], 1, now(), form.cleaned_data["amount"]
            )
        except queries.NotBuyable as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            asked = offer if offer.product == found else None
    response = product_page(request, found, form, shelf=shelf, asked=asked)
    # One for every key that is pressed: not worth keeping.
    response["Cache-Control"] = "private, no-store"
    return response


def product_page(
    request: HttpRequest,
    product: Product,
    form: Form | None = None,
    status: int = 200,
    *,
    shelf: Shelf | None = None,
    asked: queries.Offer | None = None,
) -> HttpResponse:
    """The product's page, also for a form that came back with errors, or with the amount whose
    price was asked. Http404 for hidden goods."""
    if not product.is_visible:
        raise Http404
    shown = _drawn(product, shelf or queries.current_shelf(), form, at=now(), asked=asked)
    return whole_page(request, "catalog/product.html", shown, status=status)


def _drawn(
    product: Product,
    shelf: Shelf,
    form: Form | None = None,
    *,
    at: datetime,
    asked: queries.Offer | None = None,
) -> Shown:
    skus = queries.skus_of(product)
    context = product_context(
        product,
        skus,
        shelf,
        now=at,
        bounds=queries.bounds_of(skus, now=at),
        asked=asked,
        wanted=str(form["sku"].value() or "") if form else "",
    )
    is_available = context["product"].is_available
    if not is_available:
        context["alternatives"] = [card(other) for other in queries.alternatives(product)]
    context |= {"form": form, "csrf_token": HERE}
    html = render_to_string("catalog/_product.html", context)
    # All else depends on other goods as well, on what was typed, on rules and rates or on the hour.
    is_all = is_available and not (form or any(map(is_custom, skus))) and shelf.is_fresh(at)
    return Shown(html, context["meta"], rows=getattr(product, "rows", "") if is_all else "")

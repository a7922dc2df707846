"""The shop's pages before the cart. They read from the database alone; the partner may be down."""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from storefront.accounts.languages import in_remembered_language
from storefront.catalog import comparing, list_page, pages, queries
from storefront.catalog.cards import card, language
from storefront.catalog.forms import PriceForm, read_filters
from storefront.catalog.models import Product
from storefront.catalog.pagecache import kept
from storefront.catalog.product_page import product_context
from storefront.catalog.queries import Shelf


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
    is_empty = not page.products and not filters.after
    count = (
        queries.Counts
        if is_empty and page.search
        else lambda: queries.counts_of(filters, page.search, shelf)
    )
    context = list_page.list_context(
        page,
        filters,
        shelf,
        list_page.side_of(filters, shelf, count),
        ignored=ignored,
        instead=queries.offered_instead(page.search, shelf) if is_empty else None,
    )
    template = "catalog/product_list.html" + (f"#{part}" if part else "")
    return render(request, template, context | {"is_part": bool(part)})


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
    found = queries.product_by_slug(slug)
    if found is None:
        raise Http404
    if "amount" in request.GET:
        return _with_price(request, found, shelf)
    return product_page(request, found, shelf=shelf)


@require_POST
def show_price(request: HttpRequest, slug: str) -> HttpResponse:
    """What an amount costs, for browsers that do not ask while one types: the product's page again,
    under an address that says what was asked."""
    asked = {name: request.POST.get(name, "")[:100] for name in ("sku", "amount", "quantity")}
    return redirect(f"{reverse('catalog:product', args=[slug])}?{urlencode(asked)}")


def _with_price(request: HttpRequest, found: Product, shelf: Shelf) -> HttpResponse:
    form, asked = PriceForm(request.GET), None
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
    at, skus = now(), queries.skus_of(product)
    context = product_context(
        product,
        skus,
        shelf or queries.current_shelf(),
        now=at,
        bounds=queries.bounds_of(skus, now=at),
        asked=asked,
        wanted=str(form["sku"].value() or "") if form else "",
    )
    if not context["product"].is_available:
        context["alternatives"] = [card(other) for other in queries.alternatives(product)]
    return render(request, "catalog/product.html", context | {"form": form}, status=status)

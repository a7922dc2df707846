"""The pages' contexts: plain objects with labels, money and addresses. It reads nothing itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from storefront.catalog import structured
from storefront.catalog.cards import card, language
from storefront.catalog.countries import country_name
from storefront.catalog.labels import plain_place
from storefront.catalog.meta import Meta, meta
from storefront.catalog.models import Product
from storefront.catalog.queries import Filters, ListPage, Shelf
from storefront.catalog.queries.listing import DEFAULT_SORT


@dataclass(frozen=True, kw_only=True)
class Option:
    """One value of one filter, and the address of the list with it."""

    value: str
    label: str
    is_selected: bool
    url: str


def home_context(
    products: Iterable[Product], destinations: Iterable[Product], shelf: Shelf
) -> dict[str, object]:
    """`home.html`."""
    top = [category for category in shelf.categories if category.parent_id is None]
    return {
        "meta": _home_meta(),
        "products": [card(product) for product in products],
        "destinations": [
            {"card": esim, "name": esim.country_name or plain_place(esim.name)}
            for esim in map(card, destinations)
        ],
        "esims_url": list_url(Filters(type=Product.Type.ESIM)),
        "categories": [
            {"name": category.name, "url": list_url(Filters(category=category.slug))}
            for category in top
        ],
        "countries": [
            {"code": code, "name": name, "url": list_url(Filters(country=code))}
            for name, code in _named_countries(shelf)
        ],
    }


def list_context(page: ListPage, filters: Filters, shelf: Shelf) -> dict[str, object]:
    """`catalog/product_list.html`."""
    types = {str(value): str(label) for value, label in Product.Type.choices}
    sorts = [
        (DEFAULT_SORT, _("By name")),
        ("price", _("Cheapest first")),
        ("-price", _("Dearest first")),
        ("newest", _("Newest first")),
    ]
    return {
        "meta": _list_meta(filters, shelf),
        "products": [card(product) for product in page.products],
        "query": filters,
        "categories": _options(filters, "category", [(c.slug, c.name) for c in shelf.categories]),
        "types": _options(filters, "type", [(t, types[t]) for t in shelf.types if t in types]),
        "countries": _options(
            filters, "country", [(code, name) for name, code in _named_countries(shelf)]
        ),
        "sorts": _options(replace(filters, sort=filters.sort or DEFAULT_SORT), "sort", sorts),
        "next_url": list_url(replace(filters, after=page.next)) if page.next else "",
        "previous_url": list_url(replace(filters, after=page.previous)) if page.previous else "",
        "total_label": "",
    }


def _home_meta() -> Meta:
    home = reverse("catalog:home")
    shop = structured.shop(home=home, search=list_url(Filters()) + "?q={words}")
    return meta(
        home,
        title=_("Gift cards, top-ups and eSIMs"),
        description=_(
            "Gift cards, mobile top-ups and eSIMs for travel, delivered seconds after you pay."
        ),
        data=[shop],
    )


def _list_meta(filters: Filters, shelf: Shelf) -> Meta:
    """A shelf may be found; a search, another order of it and its later pages need not be."""
    shown = Filters(category=filters.category, type=filters.type, country=filters.country)
    category = next((c.name for c in shelf.categories if c.slug == filters.category), "")
    kind = str(dict(Product.Type.choices).get(filters.type, "")) if filters.type else ""
    country = country_name(filters.country, language())
    what = ", ".join(part for part in (category or kind or _("All products"), country) if part)
    return meta(
        list_url(shown),
        title=what,
        description=_("%(what)s: choose, pay, and the code is on your screen seconds later.")
        % {"what": what},
        is_listed=filters == shown and _is_known(filters, shelf),
    )


def _is_known(filters: Filters, shelf: Shelf) -> bool:
    """Whether the shelf has what is asked for; anybody can write an address that asks for more."""
    return (
        (not filters.category or any(c.slug == filters.category for c in shelf.categories))
        and (not filters.type or filters.type in shelf.types)
        and (not filters.country or filters.country in shelf.countries)
    )


def list_url(filters: Filters) -> str:
    """The list with these filters, the empty ones left out."""
    pairs = {name: value for name, value in vars(filters).items() if value}
    return reverse("catalog:list") + (f"?{urlencode(pairs)}" if pairs else "")


def _named_countries(shelf: Shelf) -> list[tuple[str, str]]:
    return sorted((country_name(code, language()), code) for code in shelf.countries)


def _options(filters: Filters, name: str, values: Iterable[tuple[str, str]]) -> list[Option]:
    chosen = getattr(filters, name)
    first_page = replace(filters, after="")
    return [
        Option(
            value=value,
            label=label,
            is_selected=value == chosen,
            url=list_url(replace(first_page, **{name: value})),
        )
        for value, label in values
    ]

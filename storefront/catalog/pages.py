"""The context of `home.html`, and the addresses of lists. It reads nothing itself."""

from collections.abc import Iterable
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from storefront.catalog import structured
from storefront.catalog.cards import card, language
from storefront.catalog.countries import country_name
from storefront.catalog.labels import plain_place
from storefront.catalog.meta import Meta, meta
from storefront.catalog.models import Product
from storefront.catalog.queries import Filters, Shelf


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
            for name, code in named_countries(shelf)
        ],
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


def list_url(filters: Filters) -> str:
    """The list with these filters, the empty ones left out."""
    pairs = {name: value for name, value in vars(filters).items() if value}
    return _list_path(language()) + (f"?{urlencode(pairs)}" if pairs else "")


@cache
def _list_path(language: str) -> str:  # noqa: ARG001  what the address depends on
    return reverse("catalog:list")


def named_countries(shelf: Shelf) -> list[tuple[str, str]]:
    """The countries something is sold for: names and codes, by name."""
    return sorted((country_name(code, language()), code) for code in shelf.countries)

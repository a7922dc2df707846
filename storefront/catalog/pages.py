"""The pages' contexts: plain objects with labels, money and addresses. It reads nothing itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from storefront.catalog import labels
from storefront.catalog.cards import Card, card, language
from storefront.catalog.countries import country_name
from storefront.catalog.models import Product, Sku
from storefront.catalog.queries import Filters, ListPage, Shelf, refusal
from storefront.catalog.queries.listing import DEFAULT_SORT
from storefront.catalog.queries.offers import LARGEST_QUANTITY, WORDS, NotBuyable, Reason
from storefront.core.money import Money, money


@dataclass(frozen=True, kw_only=True)
class ProductCard(Card):
    """A product on its own page."""

    description_html: str
    how_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One denomination; `reason` says why it cannot be bought."""

    id: UUID
    label: str
    price: Money | None
    face: Money | None
    max_quantity: int
    is_buyable: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class Option:
    """One value of one filter, and the address of the list with it."""

    value: str
    label: str
    is_selected: bool
    url: str


def product_context(
    product: Product, skus: Iterable[Sku], shelf: Shelf, *, now: datetime
) -> dict[str, object]:
    """`catalog/product.html` without its form."""
    refusals = {sku: refusal(sku, product, confirmed_at=shelf.priced_at, now=now) for sku in skus}
    is_available = not all(_is_out(refused) for refused in refusals.values())
    reasons = [str(refused) for refused in refusals.values() if refused is not None]
    now_known = {
        "is_available": is_available,
        "reason": "" if is_available else (reasons or [str(WORDS[Reason.HELD])])[0],
    }
    return {
        "product": ProductCard(
            **vars(card(product)) | now_known, description_html=product.description_html
        ),
        "skus": [_choice(sku, refused) for sku, refused in refusals.items()],
        # Chosen beforehand, so that a form sent as it is buys something.
        "first_choice": next((sku.pk for sku, refused in refusals.items() if not refused), ""),
        "custom": None,
        "fields": [],
    }


def home_context(products: Iterable[Product], shelf: Shelf) -> dict[str, object]:
    """`home.html`."""
    top = [category for category in shelf.categories if category.parent_id is None]
    return {
        "products": [card(product) for product in products],
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


def list_url(filters: Filters) -> str:
    """The list with these filters, the empty ones left out."""
    pairs = {name: value for name, value in vars(filters).items() if value}
    return reverse("catalog:list") + (f"?{urlencode(pairs)}" if pairs else "")


def _is_out(refused: NotBuyable | None) -> bool:
    """Whether waiting a moment will not help; a stale price still has its place on the page."""
    return refused is not None and refused.reason != Reason.STALE


def _choice(sku: Sku, refused: NotBuyable | None) -> Choice:
    face = sku.face_value
    return Choice(
        id=sku.pk,
        label=labels.choice(sku, language()),
        price=money(sku.price, sku.price_currency) if sku.price is not None else None,
        face=money(face, sku.face_currency) if face is not None else None,
        max_quantity=min(sku.stock, LARGEST_QUANTITY),
        is_buyable=refused is None,
        reason=str(refused or ""),
    )


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

"""Products as lists, carts and orders show them, each drawn once for every language.

A card follows from its row and the language alone. So it is remembered under just these: a row that
changed is another row, and nothing stale can be shown.
"""

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from storefront.catalog import labels, pictures
from storefront.catalog.countries import country_name
from storefront.catalog.models import Product
from storefront.catalog.queries.cards import CardRow, card_row
from storefront.catalog.queries.offers import WORDS, Reason
from storefront.core.money import Money, money

# About 3 kB each.
REMEMBERED = 4096


@dataclass(frozen=True, kw_only=True)
class Card:
    """A product as lists show it: `name` is whole, `title` without the `place` that partners put
    behind a bar. `type` is the partner's code; `reason` says why it is not available."""

    name: str
    title: str
    place: str
    brand: str
    country: str
    country_name: str
    type: str
    from_price: Money | None
    url: str
    is_available: bool
    denomination_label: str
    reason: str
    # The partner's picture where its host is on the owner's list; else the card is drawn.
    image_url: str = ""

    @cached_property
    def html(self) -> SafeString:
        """Its link with picture, name, place and price."""
        return _drawn(self)


def card(product: Product) -> Card:
    """The card of a product that was read whole."""
    return card_of(card_row(product, language()), language())


@lru_cache(maxsize=REMEMBERED)
def card_of(row: CardRow, language: str) -> Card:
    """The card of a row read for lists; `language` is the reader's."""
    title, place = labels.headline(row.name, row.type)
    country = country_name(row.country, language)
    return Card(
        name=row.name,
        title=title,
        place=country or place or row.brand,
        brand=row.brand,
        country=row.country,
        country_name=country,
        type=row.type,
        from_price=money(row.price, row.currency) if row.price is not None else None,
        url=_product_url(language).replace(_SLUG, row.slug),
        is_available=row.is_available,
        denomination_label=labels.denomination(
            row.face_min, row.face_max, row.face_currency, language
        ),
        reason="" if row.is_available else _why_not(row),
        image_url=pictures.shown(row.image),
    )


_SLUG = "the-slug-of-a-product"


@cache
def _product_url(language: str) -> str:
    """The address of a product, but for its slug, which needs no escaping."""
    with override(language):
        return reverse("catalog:product", args=[_SLUG])


def language() -> str:
    """The reader's language."""
    return get_language() or settings.LANGUAGE_CODE


@lru_cache(maxsize=REMEMBERED)
def _drawn(card: Card) -> SafeString:
    return render_to_string("_components/card.html", {"product": card})


def _why_not(row: CardRow) -> str:
    """Why nothing of it is sold, as far as a list knows without its SKUs."""
    return str(WORDS[Reason.HELD if row.not_yet else Reason.SOLD_OUT])

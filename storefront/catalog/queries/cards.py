"""What a card in a list says, as plain values of one language: little to read, quick to compare."""

from decimal import Decimal
from typing import NamedTuple

from storefront.catalog.models import Product
from storefront.catalog.models.columns import in_language


class CardRow(NamedTuple):
    """A product as lists show it. Equal rows are drawn the same, so what is drawn is remembered."""

    slug: str
    name: str
    brand: str
    country: str
    type: str
    price: Decimal | None
    currency: str
    is_available: bool
    # Nobody knows yet what must be asked of its buyer.
    not_yet: bool
    face_min: Decimal | None
    face_max: Decimal | None
    face_currency: str
    # Where the partner says a picture is; not every address may be shown.
    image: str = ""


def card_row(product: Product, language: str) -> CardRow:
    """The row of a product that was read whole."""
    return CardRow(
        slug=product.slug,
        name=in_language(language, product.name_en, product.name_ru),
        brand=product.brand,
        country=product.country,
        type=product.type,
        price=product.from_price,
        currency=product.from_currency,
        is_available=product.is_available,
        not_yet=product.asks_for_recipient and not product.knows_recipient,
        face_min=product.face_min,
        face_max=product.face_max,
        face_currency=product.face_currency,
        image=product.image,
    )

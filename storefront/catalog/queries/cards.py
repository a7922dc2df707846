"""What a card in a list says, as plain values of one language: little to read, quick to compare."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

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
        not_yet=not product.is_available
        and product.asks_for_recipient
        and not product.knows_recipient,
        face_min=product.face_min,
        face_max=product.face_max,
        face_currency=product.face_currency,
        image=product.image,
    )


# What `listed_row` is made of, to be read as plain values: a list reads two dozen rows a page.
COLUMNS = (
    "slug", "name_en", "name_ru", "brand", "country", "type", "from_price", "from_currency",
    "is_available", "face_min", "face_max", "face_currency", "image", "recipient", "own_fields",
)  # fmt: skip


def listed_row(values: Sequence[Any], language: str) -> CardRow:
    """The row of the values of `COLUMNS`."""
    slug, english, russian, brand, country, kind, price, currency, is_available = values[:9]
    face_min, face_max, face_currency, image, recipient, own_fields = values[9:15]
    goods = None
    if not is_available:
        goods = Product(type=kind, recipient=recipient, own_fields=own_fields)
    return CardRow(
        slug=slug,
        name=in_language(language, english, russian),
        brand=brand,
        country=country,
        type=kind,
        price=price,
        currency=currency,
        is_available=is_available,
        # Asked only of what is not to be had: elsewhere nobody reads it.
        not_yet=goods is not None and goods.asks_for_recipient and not goods.knows_recipient,
        face_min=face_min,
        face_max=face_max,
        face_currency=face_currency,
        image=image,
    )

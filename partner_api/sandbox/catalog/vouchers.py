"""Gift cards: with printed amounts, and with an amount the buyer chooses."""

from collections.abc import Iterable
from decimal import Decimal

from .brands import BRANDS, Brand
from .categories import SHELVES
from .countries import COUNTRIES, Country
from .currencies import face, plain
from .model import Product, Sku, Text
from .parts import cost, fixed_sku, stable_id
from .texts import card_page, fill, with_place

_ACCEPTANCE = {"account": "online", "online": "online", "stores": "online_and_in_store"}

# brand, country, smallest and largest amount, markup in per cent, fixed markup in USD
_OPEN = (
    ("Amazon", "DE", "5", "1000", "-1.5", "0"),
    ("Airbnb", "DE", "25", "1000", "-3", "0"),
    ("Airbnb", "AU", "50", "1500", "-2.5", "0"),
    ("IKEA", "PL", "20", "2000", "-2", "0"),
    ("Zalando", "NL", "10", "300", "-4.5", "0"),
    ("Decathlon", "FR", "10", "500", "-3.5", "0"),
    ("Carrefour", "SA", "25", "1500", "-2", "0"),
    ("Careem", "SA", "10", "500", "-2", "0"),
    ("Uber", "GB", "10", "500", "-1", "0.05"),
    ("Starbucks", "TR", "50", "2000", "1.5", "0.1"),
    ("Sephora", "AE", "50", "2000", "-2", "0"),
    ("LEGO", "GB", "10", "250", "-1.8", "0"),
    ("Hotels.com", "GB", "20", "1000", "-3", "0"),
    ("Steam", "KZ", "1000", "50000", "2", "0.15"),
    ("Apple", "SA", "20", "2000", "-2", "0"),
    ("Paysafecard", "CH", "10", "300", "0.8", "0.25"),
)
_CHOOSE = Text(
    "You choose the amount, from {low} to {high}.", "Сумму выбираете вы: от {low} до {high}."
)


def card(brand: Brand, country: Country, amounts: Iterable[Decimal]) -> Product:
    """Make a gift card of one brand for one country with the given amounts."""
    path = ("voucher", brand.name, country.code)
    return Product(
        id=stable_id("product", *path),
        type="voucher",
        denomination_type="fixed",
        name=with_place(brand.title, country),
        description=card_page(brand, country),
        image="",
        category_id=SHELVES[brand.shelf],
        attributes=_attributes(brand, country),
        fields=[],
        skus=tuple(_card_sku(path, brand, country, amount) for amount in amounts),
    )


def _card_sku(path: tuple[str, ...], brand: Brand, country: Country, amount: Decimal) -> Sku:
    currency, value = country.currency, plain(amount)
    shown = face(amount, currency.code)
    return fixed_sku(
        (*path, value),
        Text(f"{shown.en} {brand.title.en}", f"{brand.title.ru}, {shown.ru}"),
        cost(amount, currency.rate, brand.discount, f"{brand.name}/{country.code}/{value}"),
        {"denomination": value, "denomination_currency": currency.code},
    )


def open_card(
    brand: Brand,
    country: Country,
    bounds: tuple[Decimal, Decimal],
    markup: tuple[Decimal, Decimal],
) -> Product:
    """Make a gift card whose amount the buyer chooses; `markup` is (per cent, fixed USD)."""
    path = ("voucher_open_range", brand.name, country.code)
    low, high = (face(amount, country.currency.code) for amount in bounds)
    name = Text(f"{brand.title.en}, any amount", f"{brand.title.ru} на любую сумму")
    return Product(
        id=stable_id("product", *path),
        type="voucher_open_range",
        denomination_type="custom",
        name=with_place(name, country),
        description=card_page(brand, country, fill(_CHOOSE, country, low=low, high=high)),
        image="",
        category_id=SHELVES[brand.shelf],
        attributes=_attributes(brand, country),
        fields=[],
        skus=(custom_sku(path, name, country, bounds, markup),),
    )


def custom_sku(
    path: tuple[str, ...],
    name: Text,
    country: Country,
    bounds: tuple[Decimal, Decimal],
    markup: tuple[Decimal, Decimal],
) -> Sku:
    """Make a SKU without a price: the face currency, its rate, the markups and the bounds."""
    currency = country.currency
    return Sku(
        id=stable_id("sku", *path),
        name=name,
        image="",
        attributes={
            "denomination_currency": currency.code,
            "min": plain(bounds[0]),
            "max": plain(bounds[1]),
        },
        currency=currency.code,
        price=None,
        stock=9999,
        max_per_order=99,
        markup_percent=markup[0],
        markup_fixed=markup[1],
        rate=currency.rate,
        minimum=bounds[0],
        maximum=bounds[1],
    )


def _attributes(brand: Brand, country: Country) -> dict[str, object]:
    return {
        "country": country.code,
        "brand": brand.name,
        "digital_acceptance": _ACCEPTANCE[brand.scope],
    }


def cards() -> list[Product]:
    """Return the demo gift cards with printed amounts."""
    return [
        card(brand, COUNTRIES[code], amounts or COUNTRIES[code].currency.ladder())
        for brand in BRANDS
        for code, amounts in brand.markets
    ]


def open_cards() -> list[Product]:
    """Return the demo gift cards with a free amount."""
    by_name = {brand.name: brand for brand in BRANDS}
    return [
        open_card(
            by_name[name],
            COUNTRIES[code],
            (Decimal(low), Decimal(high)),
            (Decimal(percent), Decimal(fixed)),
        )
        for name, code, low, high, percent, fixed in _OPEN
    ]

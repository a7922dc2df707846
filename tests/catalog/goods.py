"""Goods for the sandbox partner's shelves, small enough to see whole in a test."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from partner_api.sandbox.catalog import Catalog, Category, Product, Sku, Text
from partner_api.sandbox.catalog.parts import stable_id

CARDS = Category(1, Text("Gift cards", "Подарочные карты"), None, ())
GAMES = Category(2, Text("Games", "Игры"), 1, ())
TRAVEL = Category(3, Text("Travel", "Путешествия"), None, ())


def sku(name: str, face: str, price: str | None, /, **changes: Any) -> Sku:
    """A SKU worth `face` dollars that costs `price` dollars."""
    made = Sku(
        id=stable_id("sku", name, face),
        name=Text(f"${face} {name}", f"{name}, {face} $"),
        image="",
        attributes={"denomination": face, "denomination_currency": "USD"},
        currency="USD",
        price=None if price is None else Decimal(price),
        stock=100,
        max_per_order=5,
    )
    return replace(made, **changes)


def custom_sku(name: str, /, **changes: Any) -> Sku:
    """A SKU of any amount between 10 and 500 dirhams."""
    made = Sku(
        id=stable_id("sku", name, "any"),
        name=Text(f"{name}, any amount", f"{name}, любая сумма"),
        image="",
        attributes={"denomination_currency": "AED", "min": "10", "max": "500"},
        currency="AED",
        price=None,
        stock=9999,
        max_per_order=99,
        markup_percent=Decimal(-2),
        markup_fixed=Decimal(0),
        rate=Decimal("0.272"),
    )
    return replace(made, **changes)


def product(name: str, /, *skus: Sku, category: Category = CARDS, **changes: Any) -> Product:
    """A gift card of the United States, or what `changes` make of it."""
    made = Product(
        id=stable_id("product", name),
        type="voucher",
        denomination_type="fixed",
        name=Text(name, f"{name} по-русски"),
        description=Text(f"<p>About {name}.</p>", f"<p>Про {name}.</p>"),
        image="",
        category_id=category.id,
        attributes={"country": "US", "brand": name},
        fields=[],
        skus=skus or (sku(name, "10", "9.00"), sku(name, "25", "22.50")),
    )
    return replace(made, **changes)


def catalog(*products: Product) -> Catalog:
    """These products on three shelves."""
    return Catalog((CARDS, GAMES, TRAVEL), products)


APPLE = product("Apple")
STEAM = product("Steam", category=GAMES)
SPOTIFY = product("Spotify")
XBOX = product("Xbox", category=GAMES)
AIRALO = product(
    "Airalo", sku("Airalo", "5", "4.10"), category=TRAVEL, type="esim",
    attributes={"country": "AE", "brand": "Airalo"},
)  # fmt: skip
FIVE = (APPLE, STEAM, SPOTIFY, XBOX, AIRALO)

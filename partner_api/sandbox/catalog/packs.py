"""Packs of game currency as products.

Packs have no face value in money; each is priced by itself, in USD.
"""

from decimal import Decimal

from .categories import SHELVES
from .countries import Country
from .games import GAMES, Game
from .model import Product, Text
from .parts import cost, fixed_sku, stable_id
from .texts import ANYWHERE, Steps, page, with_place

_ONE = Decimal(1)


def pack(game: Game, country: Country | None = None, factor: Decimal = _ONE) -> Product:
    """Make the packs of one game; `factor` is how prices of a country differ from global ones."""
    kind = "recharge_fixed" if game.fields else "voucher"
    path = (kind, game.name, country.code if country else "global")
    place = country or ANYWHERE
    title = Text(f"{game.name} {game.unit.en}", f"{game.name}: пакеты {game.unit.ru}")
    attributes: dict[str, object] = {"brand": game.name, "digital_acceptance": "online"}
    attributes |= {"country": country.code} if country else {"region": "global"}
    return Product(
        id=stable_id("product", *path),
        type=kind,
        denomination_type="fixed",
        name=with_place(title, place),
        description=page(game.about, Steps(game.lines, ordered=not game.fields)),
        image="",
        category_id=SHELVES["players" if game.fields else "games"],
        attributes=attributes,
        fields=game.fields,
        skus=tuple(
            fixed_sku(
                (*path, str(units)),
                Text(
                    f"{units:,} {game.unit.en}", f"{units:,} {game.unit.ru}".replace(",", "\u00a0")
                ),
                cost(price * factor, _ONE, game.discount, f"{game.name}/{units}"),
                {"units": str(units), "unit_name": game.unit.en},
            )
            for units, price in game.packs
        ),
    )


def packs() -> list[Product]:
    """Return the demo packs, all of them good in every country."""
    return [pack(game) for game in GAMES]

"""Any number of goods as real as the demo ones: its brands, networks and plans in other countries.

The goods form one endless sequence. Its first round holds every plausible pairing of a brand,
game, plan or network with a country; later rounds are further batches of the same goods, as
wholesalers keep them. A catalog of n products is the start of that sequence, so it never
changes when n grows.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import count

from .brands import BRANDS, Brand
from .countries import COUNTRIES, Country
from .esims import Size, local
from .games import GAMES
from .model import Product, Sku, Text
from .packs import pack
from .parts import roll, stable_id
from .plans import PLANS
from .recharges import mobile_custom, mobile_fixed
from .subscriptions import subscription
from .vouchers import card, open_card

Maker = Callable[[], Product]

_BATCH = Text("batch", "партия")
# Further families of local plans: slug, title, sizes.
_FAMILIES: tuple[tuple[str, Text, tuple[Size, ...]], ...] = (
    (
        "short",
        Text("short trip", "короткая поездка"),
        ((1, 1, "0.9"), (2, 3, "1.7"), (3, 5, "2.4")),
    ),
    (
        "long",
        Text("long stay", "надолго"),
        ((10, 90, "7.4"), (20, 90, "12.6"), (50, 90, "25"), (50, 180, "28"), (100, 180, "46")),
    ),
    (
        "daily",
        Text("by the day", "по дням"),
        tuple((None, days, str(1 + days)) for days in (1, 3, 5, 7, 10, 15, 20, 30)),
    ),
)
_MARKUPS = ("-4", "-3", "-2.5", "-2", "-1.5", "-1", "0", "1", "2")
_FEES = ("0", "0", "0", "0.05", "0.1", "0.25")


def generated(seed: int) -> Iterator[Product]:
    """Yield products without end, the same for the same seed; demo goods appear again here.

    The seed decides which goods come first, never what a good is.
    """
    numbered = enumerate(_makers())
    mixed = sorted(numbered, key=lambda pair: stable_id("order", str(seed), str(pair[0])))
    makers = [make for _, make in mixed]
    for batch in count(1):
        for make in makers:
            product = make()
            yield product if batch == 1 else _rebatched(product, batch)


def _makers() -> Iterator[Maker]:
    """Yield one maker for every good of the first round."""
    for country in COUNTRIES.values():
        for brand in BRANDS:
            if brand.world:
                yield partial(_card, brand, country)
                if roll(f"open/{brand.name}/{country.code}", 3) == 0:
                    yield partial(_open_card, brand, country)
        factor = Decimal(70 + roll(f"prices/{country.code}", 45)) / 100
        for game in GAMES:
            yield partial(pack, game, country, factor)
        for plan in PLANS:
            yield partial(subscription, plan, country, factor)
        yield from _mobile(country)
        yield from _data(country)


def _mobile(country: Country) -> Iterator[Maker]:
    for network in country.networks:
        yield partial(_top_up, network, country)
        yield partial(_free_top_up, network, country)


def _data(country: Country) -> Iterator[Maker]:
    yield partial(local, country)
    for slug, title, sizes in _FAMILIES:
        yield partial(local, country, sizes, line=slug, title=title)
    for network in country.networks:
        title = Text(f"{network} network", f"сеть {network}")
        yield partial(local, country, networks=(network,), line=network, title=title)


def _card(brand: Brand, country: Country) -> Product:
    return card(brand, country, country.currency.ladder())


def _open_card(brand: Brand, country: Country) -> Product:
    bounds, markup = _range(f"{brand.name}/{country.code}", country)
    return open_card(brand, country, bounds, markup)


def _top_up(network: str, country: Country) -> Product:
    discount = Decimal(20 + roll(network, 40)) / 10
    return mobile_fixed(country, network, country.currency.ladder()[:10], discount)


def _free_top_up(network: str, country: Country) -> Product:
    bounds, markup = _range(f"{network}/{country.code}", country)
    return mobile_custom(country, network, bounds, markup)


def _range(key: str, country: Country) -> tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]:
    """Return plausible bounds and markups for a good with a free amount."""
    low, *_, high = country.currency.ladder()
    percent = Decimal(_MARKUPS[roll(f"markup/{key}", len(_MARKUPS))])
    fee = Decimal(_FEES[roll(f"fee/{key}", len(_FEES))])
    return (low, high * (1 + roll(f"limit/{key}", 5))), (percent, fee)


def _rebatched(product: Product, batch: int) -> Product:
    """Return the product as a further batch: new ids, new stock, a number in the name."""
    name = Text(
        f"{product.name.en} | {_BATCH.en} {batch}", f"{product.name.ru} | {_BATCH.ru} {batch}"
    )
    return replace(
        product,
        id=stable_id("batch", str(batch), product.id),
        name=name,
        skus=tuple(_sku_rebatched(sku, batch) for sku in product.skus),
    )


def _sku_rebatched(sku: Sku, batch: int) -> Sku:
    number = stable_id("batch", str(batch), sku.id)
    stock = sku.stock if sku.price is None else roll(number, 200)
    return replace(sku, id=number, stock=stock)

"""The small pieces every kind of goods is put together from: ids, stock, prices.

Everything here is a pure function of stable names, so that the same good is the same in every run.
"""

import uuid
import zlib
from decimal import Decimal

from .model import Sku, Text

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://catalog.sandbox.example/goods")
_CENT = Decimal("0.01")
_STOCKS = (9999, 1500, 500, 240, 120, 100, 60, 36, 18, 7)
_LIMITS = (10, 20, 10, 5, 50, 10, 1)


def stable_id(*path: str) -> str:
    """Return the UUID of a good from its stable name, always the same for the same name."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(path)))


def roll(key: str, sides: int) -> int:
    """Return a number from 0 to `sides` - 1 that depends on the key alone."""
    return zlib.crc32(key.encode()) % sides


def cents(amount: Decimal) -> Decimal:
    """Return a price in whole cents, never below one cent."""
    return max(amount.quantize(_CENT), _CENT)


def cost(face_value: Decimal, rate: Decimal, discount: Decimal, key: str) -> Decimal:
    """Return the partner's price in USD for a face value, a little varied by key."""
    varied = discount + Decimal(roll(key, 9) - 4) / 10
    return cents(face_value * rate * (100 - varied) / 100)


def fixed_sku(
    path: tuple[str, ...], name: Text, price: Decimal, attributes: dict[str, object]
) -> Sku:
    """Make a SKU with a price; stock and the limit per order follow from its stable name."""
    key = "/".join(path)
    number = zlib.crc32(key.encode())
    return Sku(
        id=stable_id("sku", key),
        name=name,
        image="",
        attributes=attributes,
        currency="USD",
        price=price,
        stock=_STOCKS[number % len(_STOCKS)],
        max_per_order=_LIMITS[number % len(_LIMITS)],
    )

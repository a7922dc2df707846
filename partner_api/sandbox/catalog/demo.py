"""The demo catalog: the goods of all tables, mixed so that every page shows several kinds."""

from collections.abc import Iterable
from fractions import Fraction

from .accounts import accounts
from .esims import local_esims, regional_esims
from .model import Product
from .oddities import made_odd
from .packs import packs
from .recharges import fixed_recharges, free_recharges
from .subscriptions import subscriptions
from .vouchers import cards, open_cards


def _mixed(kinds: Iterable[list[Product]]) -> list[Product]:
    """Spread every kind evenly over the whole, keeping the order within a kind."""
    places = [
        (Fraction(2 * at + 1, 2 * len(kind)), number, product)
        for number, kind in enumerate(kinds)
        for at, product in enumerate(kind)
    ]
    return [product for *_, product in sorted(places, key=lambda place: place[:2])]


def demo_products() -> tuple[Product, ...]:
    """Return the hand-written goods, always the same and in the same order."""
    plans = subscriptions()
    kinds = (
        cards(),
        local_esims(),
        open_cards(),
        fixed_recharges(),
        free_recharges(),
        packs(),
        [plan for plan in plans if plan.type != "other"],
        [plan for plan in plans if plan.type == "other"],
        regional_esims(),
        accounts(),
    )
    return tuple(made_odd(product) for product in _mixed(kinds))

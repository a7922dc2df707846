"""Brands of gift cards, one module per shelf."""

from . import apps, games, media, outings, shops
from .brand import Brand

BRANDS: tuple[Brand, ...] = (
    *apps.BRANDS,
    *games.BRANDS,
    *media.BRANDS,
    *shops.BRANDS,
    *outings.BRANDS,
)

__all__ = ["BRANDS", "Brand"]

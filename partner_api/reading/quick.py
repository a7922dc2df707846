"""Reads a page of the catalog in one pass of C, when it is exactly as documented.

A catalog has hundreds of pages and nearly all of them are plain. Whatever is not (another envelope,
a number where a text was, a NUL, an unknown shape) gives None, and the tolerant readers decide.
For what it does read, it gives what they give; only of a key told twice within one row, where they
refuse the page, does the last one count here.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, TypeVar, cast

import msgspec

from partner_api.models import Page, PriceRow, Product, ProductField, Sku
from partner_api.reading.catalog import fields_of
from partner_api.reading.page import MAX_CURSOR
from partner_api.strict_json import parse

T = TypeVar("T")
_Row = TypeVar("_Row")

_NULL = msgspec.Raw(b"null")
_Text = Annotated[str, msgspec.Meta(min_length=1)]
# What attributes hold besides texts becomes compact JSON, as for the tolerant reader.
_Attributes = (
    dict[str, str | list[str] | dict[str, list[str]] | int | bool | None] | list[str]
)  # PHP writes [] for none
# Well inside what the strict reader takes for a number; a text, quotes and all, is none.
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,15})?([eE]-?0?[0-9])?")
_compact = msgspec.json.Encoder().encode


class _Envelope(msgspec.Struct):
    success: bool
    data: msgspec.Raw
    meta: msgspec.Raw


# The envelope without its values: more than this is a key we do not know, or one told twice.
_FRAME = len('{"success":true,"data":,"meta":}')


class _Meta(msgspec.Struct):
    next_cursor: Annotated[str, msgspec.Meta(max_length=MAX_CURSOR)] | None


class _PriceRow(msgspec.Struct, gc=False):
    sku_id: _Text
    denomination_type: str
    currency: str | None = None
    stock: int | None = None
    max_per_order: int | None = None
    price: msgspec.Raw = _NULL
    rate: msgspec.Raw = _NULL
    markup_percent: msgspec.Raw = _NULL
    markup_fixed: msgspec.Raw = _NULL


class _Sku(msgspec.Struct):
    id: _Text
    name: _Text
    image: str
    attributes: _Attributes


class _Category(msgspec.Struct):
    id: int
    name: str


class _Product(msgspec.Struct):
    id: _Text
    name: _Text
    type: _Text
    denomination_type: str
    category: _Category | None
    description: str | None
    image: str
    attributes: _Attributes
    fields: msgspec.Raw
    skus: list[_Sku] = []


_envelope = msgspec.json.Decoder(_Envelope).decode
_meta = msgspec.json.Decoder(_Meta).decode
_price_rows = msgspec.json.Decoder(list[_PriceRow]).decode
_products = msgspec.json.Decoder(list[_Product]).decode


class _NotPlain(Exception):  # noqa: N818  the failure is the name
    """This page is for the tolerant reader."""


def read_prices(body: bytes) -> Page[PriceRow] | None:
    """A page of the pricelist, or None."""
    return _page(body, _price_rows, _price_row)


def read_products(body: bytes) -> Page[Product] | None:
    """A page of the product list, whose SKUs have no terms, or None."""
    return _page(body, _products, _product)


def _page(
    body: bytes, decode: Callable[[msgspec.Raw], list[_Row]], read: Callable[[_Row], T]
) -> Page[T] | None:
    try:
        envelope = _envelope(body)
        size = len(memoryview(envelope.data)) + len(memoryview(envelope.meta)) + _FRAME
        if not envelope.success or size != len(body) or b"\\u0000" in body:
            return None
        items = tuple(map(read, decode(envelope.data)))
        cursor = _meta(envelope.meta).next_cursor
    # A ValueError is also what bytes that are no UTF-8 are.
    except (ValueError, RecursionError, _NotPlain):
        return None
    return Page(items=items, next_cursor=cursor or None)


def _price_row(row: _PriceRow) -> PriceRow:
    price, rate = _told(row.price), _told(row.rate)
    if (price is not None and price < 0) or (rate is not None and rate < 0):
        raise _NotPlain
    return PriceRow(
        sku_id=row.sku_id,
        denomination_type=row.denomination_type,
        price=price,
        currency=row.currency,
        stock=row.stock,
        max_per_order=row.max_per_order,
        rate=rate,
        markup_percent=_told(row.markup_percent),
        markup_fixed=_told(row.markup_fixed),
    )


def _told(raw: msgspec.Raw) -> Decimal | None:
    return None if raw is _NULL else _number(bytes(raw))


@lru_cache(maxsize=4096)
def _number(raw: bytes) -> Decimal | None:
    if raw == b"null":
        return None
    digits = raw.decode()
    if not _NUMBER.fullmatch(digits):
        raise _NotPlain
    return Decimal(digits)


def _product(row: _Product) -> Product:
    fields, problem = _fields(bytes(row.fields))
    return Product(
        id=row.id,
        name=row.name,
        type=row.type,
        denomination_type=row.denomination_type,
        category_id=row.category.id if row.category else None,
        category_name=row.category.name if row.category else "",
        description=row.description or "",
        image=row.image,
        attributes=_texts(row.attributes),
        fields=fields,
        fields_problem=problem,
        skus=tuple([_sku(sku) for sku in row.skus]),
    )


def _sku(row: _Sku) -> Sku:
    return Sku(id=row.id, name=row.name, image=row.image, attributes=_texts(row.attributes))


@lru_cache(maxsize=256)
def _fields(raw: bytes) -> tuple[tuple[ProductField, ...] | None, str | None]:
    return fields_of(parse(raw))


def _texts(attributes: _Attributes) -> dict[str, str]:
    if not isinstance(attributes, dict):
        if attributes:
            raise _NotPlain
        return {}
    for value in attributes.values():
        if type(value) is not str:
            break
    else:
        return cast("dict[str, str]", attributes)
    return {
        label: value if isinstance(value, str) else _compact(value).decode()
        for label, value in attributes.items()
        if value is not None
    }

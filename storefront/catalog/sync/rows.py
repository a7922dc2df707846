"""One item of the partner's lists becomes one row for staging. Pure.

What cannot be read becomes empty here, and a reason not to sell further on; nothing raises but
BadItem, for an item without a usable id.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import msgspec
from moneyed import CURRENCIES

from partner_api.models import Category, PriceRow, Product, Sku
from storefront.catalog.countries import codes
from storefront.catalog.models import Product as ProductRow
from storefront.catalog.models import Sku as SkuRow
from storefront.catalog.slugs import slug_base
from storefront.catalog.sync import texts

LARGEST_INTEGER = 2**31 - 1
# The networks of an eSIM for the whole world take half of it.
LONGEST_ATTRIBUTE = 4_000
LARGEST_AMOUNT = Decimal(10**9)
MARKUPS = ("markup_percent", "markup_fixed")
FRACTION = Decimal("0.0001")
_encode = msgspec.json.Encoder(decimal_format="number").encode
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class BadItem(Exception):  # noqa: N818  the failure is the name
    """The item has no usable id, so that nothing can be said about it."""


def category(item: Category) -> tuple[Any, ...]:
    """(id, name, slug_base, parent_id, attributes)."""
    name = texts.plain(item.name, 400) or f"{item.id}"
    attributes = [
        {key: texts.plain(value, 200) for key, value in msgspec.to_builtins(each).items()}
        for each in item.attributes
    ]
    parent = None if item.parent_id == item.id else item.parent_id
    return item.id, name, slug_base(name), parent, _json(attributes)


def product(item: Product) -> tuple[Any, ...]:
    """(id, type, denomination_type, name, slug_base, description, raw, image, category_id,
    category_name, category_slug, country, brand, attributes, fields, recipient)."""
    name = texts.plain(item.name, 400)
    attributes = _attributes(item.attributes)
    country = attributes.get("country", "").upper()
    fields, recipient = _fields(item)
    category_name = texts.plain(item.category_name, 400)
    return (
        uuid_of(item.id),
        texts.plain(item.type, 40),
        texts.plain(item.denomination_type, 40),
        name,
        slug_base(name),
        texts.html(item.description),
        _json(texts.raw(item.description)),
        texts.plain(item.image, 2000),
        item.category_id,
        category_name,
        slug_base(category_name),
        country if country in codes() else "",
        attributes.get("brand", "")[:120],
        _json(attributes),
        fields,
        recipient,
    )


def sku(item: Sku, product_id: UUID, position: int) -> tuple[Any, ...]:
    """(id, product_id, name, position, image, attributes, face_value, face_currency, minimum,
    maximum, step)."""
    attributes = _attributes(item.attributes)
    face = amount(_decimal(attributes.get("denomination")))
    face_currency = currency(attributes.get("denomination_currency"))
    minimum, maximum = (amount(_decimal(attributes.get(name))) for name in ("min", "max"))
    if minimum is not None and maximum is not None and minimum > maximum:
        minimum = maximum = None
    return (
        uuid_of(item.id),
        product_id,
        texts.plain(item.name, 400),
        position,
        texts.plain(item.image, 2000),
        _json(attributes),
        face if face_currency else None,
        face_currency,
        minimum,
        maximum,
        amount(_decimal(attributes.get("step"))),
    )


def price(item: PriceRow) -> tuple[Any, ...]:
    """(sku_id, denomination_type, cost, cost_currency, face_currency, rate, markup_percent,
    markup_fixed, stock, max_per_order, problem): problem says why it cannot be sold, or is ""."""
    problem, limit = SkuRow.Hold.NO, item.max_per_order or 0
    cost = rate = percent = fixed = None
    face_currency = cost_currency = ""
    if item.denomination_type == "custom":
        face_currency = currency(item.currency)
        rate = _within(item.rate, Decimal(10**9), "0.0000000001")
        percent = _signed(item.markup_percent, Decimal(10**4))
        fixed = _signed(item.markup_fixed, LARGEST_AMOUNT)
        if rate is None or not face_currency or (percent or 0) <= -100:
            problem, rate = SkuRow.Hold.NO_PRICE, None
    else:
        cost, cost_currency = amount(item.price), currency(item.currency)
        if cost is None or not cost_currency:
            problem, cost, cost_currency = SkuRow.Hold.NO_PRICE, None, ""
    return (
        uuid_of(item.sku_id),
        texts.plain(item.denomination_type, 40),
        cost,
        cost_currency,
        face_currency,
        rate,
        percent,
        fixed,
        min(max(item.stock or 0, 0), LARGEST_INTEGER),
        min(limit, LARGEST_INTEGER) if limit >= 1 else None,
        str(problem.value),
    )


def offered(offer: Mapping[str, str]) -> dict[str, Any] | None:
    """A held SKU's offer as the columns it would have; None when there is no cost in it.

    The keys are those that the merge writes into `offered`.
    """
    numbers = {name: _decimal(offer.get(name)) for name in ("cost", "rate", *MARKUPS)}
    if numbers["cost"] is None and numbers["rate"] is None:
        return None
    columns = {
        **numbers,
        "denomination_type": offer.get("denomination_type", ""),
        "cost_currency": offer.get("cost_currency", "") if numbers["cost"] is not None else "",
    }
    return columns | ({"face_currency": offer["face_currency"]} if "face_currency" in offer else {})


def uuid_of(text: str) -> UUID:
    """The id. Raises BadItem."""
    if not _UUID.fullmatch(text):
        raise BadItem("an id is not a UUID")
    return UUID(text)


def currency(code: str | None) -> str:
    """The currency's code if there is such a currency, or ""."""
    code = (code or "").upper()
    return code if code in CURRENCIES else ""


def amount(value: Decimal | None) -> Decimal | None:
    """A positive amount as it can be stored, or None."""
    return _within(value, LARGEST_AMOUNT, FRACTION)


def _within(value: Decimal | None, largest: Decimal, step: Decimal | str) -> Decimal | None:
    if value is None or not value.is_finite() or not 0 < value <= largest:
        return None
    return value.quantize(Decimal(step), ROUND_HALF_UP) or None


def _signed(value: Decimal | None, largest: Decimal) -> Decimal | None:
    if value is None or not value.is_finite() or abs(value) > largest:
        return None
    return value.quantize(FRACTION, ROUND_HALF_UP)


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None


def _attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    """At most 50 of them, as texts."""
    pairs = list(attributes.items())[:50]
    return {texts.plain(key, 80): texts.plain(value, LONGEST_ATTRIBUTE) for key, value in pairs}


def _fields(item: Product) -> tuple[str, str]:
    """What a buyer must give, as JSON, and whether anything must be given."""
    if item.fields is None:
        problem = {"problem": texts.plain(item.fields_problem or "", 300)}
        return _json(problem), ProductRow.Recipient.UNREADABLE
    readable = _json(msgspec.to_builtins(item.fields, builtin_types=(Decimal,)))
    if "\\u0000" in readable:
        problem = {"problem": "a text in it cannot be stored"}
        return _json(problem), ProductRow.Recipient.UNREADABLE
    asked = ProductRow.Recipient.ASKED if item.fields else ProductRow.Recipient.NONE
    return readable, asked


def _json(value: object) -> str:
    return _encode(value).decode()

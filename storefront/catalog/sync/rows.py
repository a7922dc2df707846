"""One item of the partner's lists becomes one row for staging. Pure.

What cannot be read becomes empty here, and a reason not to sell further on; nothing raises but
BadItem, for an item without a usable id.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import msgspec
from moneyed import CURRENCIES

from partner_api.models import Category, PriceRow, Product, Sku, Unreadable
from storefront.catalog import recipients
from storefront.catalog.countries import codes
from storefront.catalog.models import Product as ProductRow
from storefront.catalog.models import Sku as SkuRow
from storefront.catalog.slugs import slug_base
from storefront.catalog.sync import texts

LARGEST_INTEGER = 2**31 - 1
# The networks of an eSIM for the whole world take half of it.
LONGEST_ATTRIBUTE = 4_000
# So few attributes may well be those of other SKUs too.
MOST_SHARED, LONGEST_SHARED = 4, 100
LARGEST_AMOUNT = Decimal(10**9)
MARKUPS = ("markup_percent", "markup_fixed")
FRACTION = Decimal("0.0001")
_encode = msgspec.json.Encoder(decimal_format="number").encode
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SKU_ID = re.compile(rf'"sku_id":"(?P<id>{_UUID.pattern})"')
# The same few labels, kinds and figures come over and over again.
_label = lru_cache(maxsize=8192)(texts.plain)
_slug = lru_cache(maxsize=1024)(slug_base)
Row = tuple[Any, ...]


class BadItem(Exception):  # noqa: N818  the failure is the name
    """The item has no usable id, so that nothing can be said about it."""


def category(item: Category) -> Row:
    """(id, name, slug_base, parent_id, attributes)."""
    key, name, attributes = category_text(item)
    parent = None if item.parent_id == item.id else item.parent_id
    return key, name, slug_base(name), parent, attributes


def category_text(item: Category) -> Row:
    """(id, name, attributes)."""
    attributes = [
        {key: texts.plain(value, 200) for key, value in msgspec.to_builtins(each).items()}
        for each in item.attributes
    ]
    return item.id, texts.plain(item.name, 400) or f"{item.id}", _json(attributes)


def product(item: Product) -> Row:
    """(id, type, denomination_type, name, slug_base, description, raw, image, category_id,
    category_name, category_slug, country, brand, attributes, fields, recipient)."""
    name = texts.plain(item.name, 400)
    attributes = _attributes(item.attributes)
    country = attributes.get("country", "").upper()
    fields, recipient = _fields(item)
    category_name = _label(item.category_name, 400)
    return (
        _id(item.id),
        _label(item.type, 40),
        _label(item.denomination_type, 40),
        name,
        slug_base(name),
        texts.html(item.description),
        _json(texts.raw(item.description)),
        texts.plain(item.image, 2000),
        item.category_id,
        category_name,
        _slug(category_name),
        country if country in codes() else "",
        attributes.get("brand", "")[:120],
        _json(attributes),
        fields,
        recipient,
    )


def product_text(item: Product) -> Row:
    """(id, name, description, raw, category_id, category_name, fields)."""
    return (
        _id(item.id),
        texts.plain(item.name, 400),
        texts.html(item.description),
        _json(texts.raw(item.description)),
        item.category_id,
        _label(item.category_name, 400),
        _fields(item)[0],
    )


def sku(item: Sku, product_id: str, position: int) -> Row:
    """(id, product_id, name, position, image, attributes, face_value, face_currency, minimum,
    maximum, step)."""
    pairs = tuple(item.attributes.items())
    # Cards of one value say the same; what an eSIM says is long and its own.
    is_short = sum(map(len, item.attributes.values())) <= LONGEST_SHARED
    read = _worth if is_short and len(pairs) <= MOST_SHARED else _worth.__wrapped__
    return (
        _id(item.id),
        product_id,
        texts.plain(item.name, 400),
        position,
        texts.plain(item.image, 2000) if item.image else "",
        *read(pairs),
    )


@lru_cache(maxsize=4096)
def _worth(pairs: tuple[tuple[str, str], ...]) -> Row:
    """(attributes, face_value, face_currency, minimum, maximum, step)."""
    attributes = _attributes(dict(pairs))
    face = _amount_of(attributes.get("denomination"))
    face_currency = currency(attributes.get("denomination_currency"))
    minimum, maximum = _amount_of(attributes.get("min")), _amount_of(attributes.get("max"))
    if minimum is not None and maximum is not None and minimum > maximum:
        minimum = maximum = None
    step = _amount_of(attributes.get("step"))
    worth = face if face_currency else None
    return _json(attributes), worth, face_currency, minimum, maximum, step


def sku_text(item: Sku) -> Row:
    """(id, name)."""
    return _id(item.id), texts.plain(item.name, 400)


def price(item: PriceRow) -> Row:
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
        _id(item.sku_id),
        _label(item.denomination_type, 40),
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


def unreadable_price(row: Unreadable) -> Row:
    """The same for a row that could not be read, if at least its SKU can: it has no price."""
    found = _SKU_ID.search(row.row.reveal())
    if found is None:
        raise BadItem("not even the SKU can be read")
    return price(PriceRow(sku_id=found["id"], denomination_type=""))


def is_uuid(text: str) -> bool:
    """Whether it can be an id of goods."""
    return _UUID.fullmatch(text) is not None


@lru_cache(maxsize=1024)
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


def _id(text: str) -> str:
    """The id as the partner writes it. Raises BadItem."""
    if _UUID.fullmatch(text) is None:
        raise BadItem("an id is not a UUID")
    return text


@lru_cache(maxsize=4096)
def _amount_of(text: str | None) -> Decimal | None:
    return amount(_decimal(text))


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None


def _attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    """At most 50 of them, as texts."""
    pairs = attributes.items() if len(attributes) <= 50 else list(attributes.items())[:50]
    return {_label(key, 80): _label(value, LONGEST_ATTRIBUTE) for key, value in pairs}


def _fields(item: Product) -> tuple[str, str]:
    """What a buyer must give, as JSON, and whether anything must be given."""
    if item.fields is None:
        problem = {"problem": texts.plain(item.fields_problem or "", 300)}
        return _json(problem), ProductRow.Recipient.UNREADABLE
    if unaskable := recipients.unaskable(item.fields):
        return _json({"problem": texts.plain(unaskable, 300)}), ProductRow.Recipient.UNREADABLE
    is_custom = item.denomination_type == "custom"
    # An amount is not asked twice: it is a choice of its own.
    asks = [field for field in item.fields if not (is_custom and field.code == "amount")]
    readable = _json(msgspec.to_builtins(asks, builtin_types=(Decimal,)))
    if "\\u0000" in readable:
        problem = {"problem": "a text in it cannot be stored"}
        return _json(problem), ProductRow.Recipient.UNREADABLE
    asked = ProductRow.Recipient.ASKED if asks else ProductRow.Recipient.NONE
    return readable, asked


def _json(value: object) -> str:
    return _encode(value).decode()

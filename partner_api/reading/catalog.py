"""Reads products, SKUs, prices and categories. A bad SKU is kept aside; its product survives."""

from decimal import Decimal
from typing import TypedDict

from partner_api.models import Category, CategoryAttribute, PriceRow, Product, ProductField, Sku
from partner_api.reading.fields import UnreadableFields, read_fields
from partner_api.reading.page import sorted_out
from partner_api.reading.row import Row, is_empty


class _Terms(TypedDict):
    price: Decimal | None
    currency: str | None
    stock: int | None
    max_per_order: int | None
    rate: Decimal | None
    markup_percent: Decimal | None
    markup_fixed: Decimal | None


def read_product(value: object, where: str) -> Product:
    """One product of the list or the detail. Its id, name and type must be there."""
    row = Row(value, where)
    category = row.maybe_row("category")
    fields, problem = _fields(row)
    skus, unreadable = sorted_out(row.rows("skus"), row.at("skus"), _read_sku)
    return Product(
        id=row.text("id"),
        name=row.text("name"),
        type=row.text("type"),
        denomination_type=row.loose_text("denomination_type") or "",
        category_id=category.maybe_whole("id") if category else None,
        category_name=(category.loose_text("name") or "") if category else "",
        description=row.loose_text("description") or "",
        image=row.loose_text("image") or "",
        attributes=row.texts("attributes"),
        fields=fields,
        fields_problem=problem,
        skus=skus,
        unreadable_skus=unreadable,
    )


def read_price_row(value: object, where: str) -> PriceRow:
    """One row of the pricelist. Only the SKU must be there: a missing price is None, never zero."""
    row = Row(value, where)
    return PriceRow(
        sku_id=row.text("sku_id"),
        denomination_type=row.loose_text("denomination_type") or "",
        **_terms(row),
    )


def read_category(value: object, where: str) -> Category:
    """One category, with the attributes that can be read."""
    row = Row(value, where)
    attributes, _ = sorted_out(row.rows("attributes"), row.at("attributes"), _read_attribute)
    return Category(
        id=row.whole("id"),
        name=row.text("name"),
        parent_id=row.maybe_whole("parent_id"),
        attributes=attributes,
    )


def _read_sku(value: object, where: str) -> Sku:
    row = Row(value, where)
    return Sku(
        id=row.text("id"),
        name=row.text("name"),
        image=row.loose_text("image") or "",
        attributes=row.texts("attributes"),
        **_terms(row),
    )


def _terms(row: Row) -> _Terms:
    return {
        "price": row.price("price"),
        "currency": row.loose_text("currency"),
        "stock": row.maybe_whole("stock"),
        "max_per_order": row.maybe_whole("max_per_order"),
        "rate": row.price("rate"),
        # Markups may be negative: the reference shows -2 percent.
        "markup_percent": row.maybe_number("markup_percent"),
        "markup_fixed": row.maybe_number("markup_fixed"),
    }


def _fields(row: Row) -> tuple[tuple[ProductField, ...] | None, str | None]:
    # The product detail of the reference has no such key: that is not knowing, not "none needed".
    if "fields" not in row.values:
        return None, "the answer does not say which fields are needed"
    return fields_of(row.values["fields"])


def fields_of(value: object) -> tuple[tuple[ProductField, ...] | None, str | None]:
    """What a product asks of its buyer, or None and why that can't be told."""
    if is_empty(value):
        return (), None
    try:
        return read_fields(value), None
    except UnreadableFields as problem:
        return None, str(problem)


def _read_attribute(value: object, where: str) -> CategoryAttribute:
    row = Row(value, where)
    return CategoryAttribute(
        code=row.text("code"),
        name=row.loose_text("name") or "",
        type=row.loose_text("type") or "",
        target=row.loose_text("target") or "",
    )

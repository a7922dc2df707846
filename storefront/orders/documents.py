"""All codes of an order at once: the sheet one prints, and the files bulk buyers take along."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from uuid import UUID

from django.utils.translation import gettext as _

from storefront.core.spreadsheets import harmless
from storefront.orders.goods import Goods
from storefront.orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One delivered unit in plain text."""

    product: str
    item: str
    unit: int
    code: str = field(repr=False)
    serial: str = field(repr=False)
    expiry: str = field(repr=False)
    extra: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of them."""

    number: str
    rows: list[Row]


def sheet_of(order: Order, goods: Mapping[UUID, Goods]) -> Sheet:
    """What was just revealed, in the page's order."""
    rows = [
        _row(line.product_name, line.sku_name, unit, goods[delivery.pk])
        for line in order.lines.all()
        for unit, delivery in enumerate(
            (row for row in line.deliveries.all() if row.released_at), start=1
        )
        if delivery.pk in goods
    ]
    return Sheet(order.number, rows)


def _row(product: str, item: str, unit: int, goods: Goods) -> Row:
    return Row(
        product=product,
        item=item,
        unit=unit,
        code=goods.code.reveal() if goods.code else "",
        serial=goods.serial.reveal() if goods.serial else "",
        expiry=goods.expiry.reveal() if goods.expiry else "",
        extra=tuple((label, value.reveal()) for label, value in goods.extra),
    )


def as_csv(sheet: Sheet) -> bytes:
    """For spreadsheets, which know UTF-8 by its mark; the names of columns are for programs."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["order", "product", "item", "unit", "code", "serial", "expiry", "other"])
    for row in sheet.rows:
        other = "; ".join(f"{label}: {value}" for label, value in row.extra)
        values = [row.product, row.item, str(row.unit), row.code, row.serial, row.expiry, other]
        writer.writerow([sheet.number, *map(harmless, values)])
    return out.getvalue().encode("utf-8-sig")


def as_text(sheet: Sheet) -> bytes:
    """For reading, a paragraph a unit."""
    parts = [_("Order %(number)s") % {"number": sheet.number}]
    for row in sheet.rows:
        named = [(_("Serial number"), row.serial), (_("Use before"), row.expiry), *row.extra]
        details = [f"{label}: {value}" for label, value in named if value]
        parts.append("\n".join([f"{row.product}, {row.item} ({row.unit})", row.code, *details]))
    return ("\n\n".join(parts) + "\n").encode()

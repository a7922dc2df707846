"""Reads orders: the answers of placing, topping up, fetching and listing.

An order in which anything of value is misshapen (money, quantity, items) is refused whole: half an
order would look like a delivery without codes. Names and statuses are survived in any shape.
"""

from partner_api.models import Order, OrderItem
from partner_api.reading.delivery import read_deliveries
from partner_api.reading.row import Row, is_empty, shown
from partner_api.secret import Secret

_ORDER = frozenset(
    {"id", "external_id", "status", "total_amount", "currency", "metadata", "created_at", "items"}
)
# A single order numbers its items ("id"), the list does not: the same order must read the same.
_ITEM = frozenset(
    {
        "id", "sku_id", "sku_name", "quantity", "price", "currency", "status", "delivery_data",
        "customer_data", "error_message",
    }
)  # fmt: skip


def read_order(value: object, where: str) -> Order:
    """One order. NotReadable when its id is missing or something of value has a wrong shape."""
    row = Row(value, where)
    metadata = row.values.get("metadata")
    return Order(
        id=row.text("id"),
        external_id=row.maybe_text("external_id"),
        status=row.loose_text("status") or "",
        total_amount=row.price("total_amount"),
        currency=row.loose_text("currency"),
        metadata=metadata if isinstance(metadata, dict) and metadata else None,
        created_at=row.maybe_moment("created_at"),
        items=tuple(
            _read_item(item, f"{where}.items[{index}]")
            for index, item in enumerate(row.rows("items"))
        ),
        extra=row.leftovers(_ORDER),
    )


def _read_item(value: object, where: str) -> OrderItem:
    row = Row(value, where)
    customer = row.values.get("customer_data")
    return OrderItem(
        sku_id=row.maybe_text("sku_id"),
        sku_name=row.loose_text("sku_name"),
        quantity=row.maybe_whole("quantity"),
        price=row.price("price"),
        currency=row.loose_text("currency"),
        status=row.loose_text("status") or "",
        deliveries=read_deliveries(row.values.get("delivery_data"), row.at("delivery_data")),
        error_message=row.loose_text("error_message"),
        customer_data=_customer(customer, row.at("customer_data")),
        extra=row.leftovers(_ITEM),
    )


def _customer(value: object, where: str) -> tuple[tuple[str, Secret], ...]:
    if is_empty(value):
        return ()
    if isinstance(value, dict):
        return Row(value, where).leftovers(())
    return (("customer_data", Secret(shown(value, where))),)

"""One order of the partner, and the three ways it is written: in answers, in lists, in webhooks.

An order carries one item. `quirks` makes the sandbox write it wrongly on request (a plan of
`plans`); the order itself stays true, and the control API shows it as it is.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from partner_api.sandbox.clock import stamp
from partner_api.sandbox.wire import Json

STATUSES = ("created", "processing", "completed", "cancelled", "failed", "partially_completed")
#: The statuses the partner announces by webhook; `cancelled` is not one of them.
ANNOUNCED = frozenset({"completed", "failed", "partially_completed"})
#: Nothing more is expected to happen to an order in these.
FINAL = ANNOUNCED | {"cancelled"}

# Delivery data have other keys in webhooks than in orders.
_WEBHOOK_KEYS = {"serialNumber": "serial_number", "expiration": "expiration_date"}


@dataclass(slots=True)
class Order:
    """What the partner knows of an order; money in the balance's currency."""

    id: str
    number: int
    external_id: str
    sku_id: str
    sku_name: str
    quantity: int
    price: Decimal
    total: Decimal
    currency: str
    status: str
    metadata: Any
    created_at: datetime
    completed_at: datetime | None = None
    delivery: list[Json] = field(default_factory=list)
    customer_data: Json | None = None
    error_message: str | None = None
    #: The eSIM that is topped up, or None.
    iccid: str | None = None
    amount: Decimal | None = None
    #: What is held of the balance and not charged yet.
    reserved: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    quirks: Json = field(default_factory=dict)
    #: When (Unix seconds) and how a processing order ends by itself.
    due_at: float | None = None
    then: Json = field(default_factory=dict)

    def view(self, *, item_id: bool = False) -> Json:
        """Return the order as the API answers it, quirks and all."""
        return _distorted(self.truth(item_id=item_id), self.quirks)

    def truth(self, *, item_id: bool = False) -> Json:
        """Return the order as it is; only GET /orders/{uuid} numbers the item."""
        item: Json = {
            **({"id": 1} if item_id else {}),
            "sku_id": self.sku_id,
            "sku_name": self.sku_name,
            "quantity": self.quantity,
            "price": self.price,
            "currency": self.currency,
            "status": self.status,
            "delivery_data": list(self.delivery),
            "customer_data": self.customer_data,
            "error_message": self.error_message,
        }
        return {
            "id": self.id,
            "external_id": self.external_id,
            "status": self.status,
            "total_amount": self.total,
            "currency": self.currency,
            "metadata": self.metadata,
            "created_at": stamp(self.created_at),
            "items": [item],
        }

    def webhook_data(self) -> Json:
        """Return the `data` of a webhook, with the webhook's own key names."""
        delivery = [
            {_WEBHOOK_KEYS.get(key, key): value for key, value in unit.items()}
            for unit in self.delivery
        ]
        return {
            "order": {
                "id": self.id,
                "external_id": self.external_id,
                "status": self.status,
                "total_amount": self.total,
                "currency": self.currency,
                "completed_at": stamp(self.completed_at) if self.completed_at else None,
                "items": [
                    {
                        "sku_id": self.sku_id,
                        "quantity": self.quantity,
                        "price": self.price,
                        "status": self.status,
                        "delivery_data": delivery,
                    }
                ],
            }
        }


def _distorted(answer: Json, quirks: Json) -> Json:
    item: Json = answer["items"][0]
    for name, value in (quirks.get("echo") or {}).items():
        (answer if name in answer else item)[name] = value
    item.update(quirks.get("item") or {})
    answer.update(quirks.get("order") or {})
    if quirks.get("int_ids"):
        answer["id"] = int(str(answer["id"]).replace("-", "")[:12], 16)
        item["sku_id"] = int(str(item["sku_id"]).replace("-", "")[:12], 16)
    for name in quirks.get("without") or []:
        answer.pop(name, None)
        item.pop(name, None)
    if "items" in quirks:
        answer["items"] = quirks["items"]
    return answer

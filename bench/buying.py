"""`python -m bench.buying fill COUNT | one COUNT`, in the environment of a shop: its customers.

`fill` pays so many orders and leaves them in the queue. `one` pays them one after the other and
prints the seconds from each payment until its code could be shown, as JSON.
"""

import json
import sys
import time
from decimal import Decimal
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.utils.timezone import now  # noqa: E402  only now may models be read

from storefront.catalog.models import Product, Sku  # noqa: E402
from storefront.fulfillment.actions.starting import accept_payment  # noqa: E402
from storefront.orders import actions as orders  # noqa: E402
from storefront.orders.models import Delivery, Order, OrderLine  # noqa: E402
from storefront.payments import actions as payments  # noqa: E402

PRICE, COST = Decimal("10.50"), Decimal("9.70")
PATIENCE = 30.0


def card() -> Sku:
    """The one thing that is sold."""
    if found := Sku.objects.first():
        return found
    seen: dict[str, Any] = {"first_seen_at": now(), "changed_at": now()}
    product = Product.objects.create(
        id=uuid4(), slug="bench", name_en="Bench", type=Product.Type.VOUCHER, **seen
    )
    return Sku.objects.create(
        id=uuid4(), product=product, name_en="$10", denomination_type="fixed", **seen
    )


def paid(sku: Sku) -> Order:
    """One more order, paid: its purchase is in the queue."""
    line = OrderLine(
        sku=sku,
        product_name="Bench",
        sku_name="$10",
        quantity=1,
        max_per_order=3,
        unit_amount=PRICE,
        currency="USD",
        unit_cost=COST,
        cost_currency="USD",
    )
    order = orders.place(
        order_id=uuid4(),
        email="alice@example.com",
        locale="en",
        lines=[line],
        user_id=None,
        by="customer",
        now=now(),
    )
    payment = payments.open_for(order=order, now=now())
    accept_payment(
        payment=payment,
        reference=f"demo-{payment.pk}",
        amount=PRICE,
        currency="USD",
        by="demo",
        now=now(),
    )
    return order


def until_shown(order: Order) -> float:
    """Seconds until the order's code may be looked at."""
    begun = time.perf_counter()
    while not Delivery.objects.filter(line__order=order, released_at__isnull=False).exists():
        if time.perf_counter() - begun > PATIENCE:
            raise SystemExit("a code did not come: this run is no result")
        time.sleep(0.002)
    return time.perf_counter() - begun


def main(words: list[str]) -> None:
    """Do it."""
    what, count = words[0], int(words[1])
    sku = card()
    if what == "fill":
        for _ in range(count):
            paid(sku)
    else:
        print(json.dumps([until_shown(paid(sku)) for _ in range(count)]))


if __name__ == "__main__":
    main(sys.argv[1:])

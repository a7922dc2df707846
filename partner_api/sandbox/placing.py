"""How an order comes to be: unique, in stock, affordable, charged once.

All checks and the order itself happen under one lock, so that two equal requests at the same time
make one order. What the order turns into is the business of `settling`.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partner_api.sandbox.account import CURRENCY, money
from partner_api.sandbox.catalog import Product, Sku
from partner_api.sandbox.orders import Order
from partner_api.sandbox.settling import settle
from partner_api.sandbox.wire import Json, Refused, invalid
from partner_api.sandbox.world import World

TAKEN = "The external id has already been taken."


@dataclass(slots=True)
class Wanted:
    """What a checked request asks for."""

    external_id: str
    product: Product
    sku: Sku
    quantity: int
    amount: Decimal | None = None
    metadata: Any = None
    customer_data: Json | None = None
    iccid: str | None = None


def earlier_order(world: World, external_id: str) -> Order | None:
    """Return the order to answer with again, None for a new one. Refused when the id is taken."""
    orders = world.by_external_id.get(external_id)
    if not orders or world.duplicates == "create":
        return None
    if world.duplicates == "replay":
        return orders[0]
    if world.duplicates == "reject409":
        raise Refused(409, "An order with this external_id already exists.")
    raise invalid("external_id", TAKEN)


def place(world: World, wanted: Wanted) -> tuple[Order, bool]:
    """Return a new order and True, or the earlier one and False. Refused with 402, 409 or 422."""
    with world.change():
        earlier = earlier_order(world, wanted.external_id)
        if earlier is not None:
            return earlier, False
        cost = world.shelf.unit_cost(wanted.sku, wanted.amount)
        total = cost * wanted.quantity
        _refuse_without_stock(world, wanted)
        if total > world.account.available:
            raise Refused(402, "Insufficient balance.")
        outcome = world.plans.take()
        order = _new_order(world, wanted, cost, money(outcome.get("total", total)))
        _pay(world, order, outcome)
        if "status" not in outcome:
            outcome = {**outcome, "status": "processing" if "after" in outcome else "completed"}
        settle(world, order, outcome)
        return order, True


def _refuse_without_stock(world: World, wanted: Wanted) -> None:
    limit = int(world.shelf.now(wanted.sku, "max_per_order") or 1)
    if wanted.quantity > limit:
        sentence = f"The item.fields.quantity field must not be greater than {limit}."
        raise invalid("item.fields.quantity", sentence)
    if int(world.shelf.now(wanted.sku, "stock") or 0) < wanted.quantity:
        raise invalid("item.sku_id", "The selected SKU is out of stock.")


def _new_order(world: World, wanted: Wanted, cost: Decimal, total: Decimal) -> Order:
    order = Order(
        id=world.mint.uuid(),
        number=len(world.orders) + 1,
        external_id=wanted.external_id,
        sku_id=wanted.sku.id,
        sku_name=wanted.sku.name.en,
        quantity=wanted.quantity,
        price=cost,
        total=total,
        currency=CURRENCY,
        status="created",
        metadata=wanted.metadata,
        created_at=world.clock.now(),
        customer_data=wanted.customer_data,
        iccid=wanted.iccid,
        amount=wanted.amount,
    )
    world.add(order)
    world.shelf.take(wanted.sku, wanted.quantity)
    with world.change() as touched:
        touched.orders[order.id] = order
        touched.skus.add(order.sku_id)
    return order


def _pay(world: World, order: Order, outcome: Json) -> None:
    if outcome.get("charge") == "on_completion":
        order.reserved = order.total
        world.account.reserved += order.total
    else:
        world.account.book("charge", -order.total, at=world.clock.now(), order_id=order.id)

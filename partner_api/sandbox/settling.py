"""How an order ends: codes and eSIMs delivered, money charged, refunded or set free.

Called when an order is created, when a plan falls due, and by the control API. The reference does
not say when a failed order is refunded; here it is at once, in one ledger row.
"""

from decimal import Decimal
from functools import partial

from partner_api.sandbox.esims import Esim, Package
from partner_api.sandbox.orders import ANNOUNCED, FINAL, Order
from partner_api.sandbox.plans import QUIRKS
from partner_api.sandbox.wire import Json
from partner_api.sandbox.world import World

SMDP_ADDRESS = "smdp.sandbox.example"
REFUSAL = "The supplier could not deliver."


def settle(world: World, order: Order, outcome: Json) -> None:
    """Move an order to `outcome["status"]`, if any, with all that follows (keys: see `plans`)."""
    with world.change() as touched:
        touched.orders[order.id] = order
        order.quirks.update({key: outcome[key] for key in QUIRKS if key in outcome})
        if "status" in outcome:
            before, order.status = order.status, str(outcome["status"])
            _enter(world, order, outcome)
            if order.status in ANNOUNCED and order.status != before:
                touched.announced.append(order)
        if "status" in outcome or "after" in outcome:
            _plan_next(world, order, outcome)


def _enter(world: World, order: Order, outcome: Json) -> None:
    if order.status == "completed":
        _deliver(world, order, order.quantity - outcome.get("short", 0), outcome)
        _charge(world, order)
    elif order.status == "partially_completed":
        units = outcome.get("delivered", order.quantity // 2)
        _deliver(world, order, units, outcome)
        _charge(world, order)
        _refund(world, order, order.total - order.price * units)
    elif order.status in {"failed", "cancelled"}:
        _give_back(world, order)
    order.error_message = outcome.get("error", REFUSAL if order.status == "failed" else None)
    order.completed_at = world.clock.now() if order.status in FINAL else None


def resume(world: World) -> None:
    """Set the alarms of orders that were still due to move when the sandbox stopped."""
    with world.lock:
        for order in world.orders.values():
            if order.due_at is not None:
                _set_alarm(world, order)


def _plan_next(world: World, order: Order, outcome: Json) -> None:
    order.due_at, order.then = None, {}
    if "after" not in outcome:
        return
    then = outcome.get("then", "completed")
    order.then = then if isinstance(then, dict) else {"status": then}
    order.due_at = world.clock.unix() + world.clock.scaled(float(outcome["after"]))
    _set_alarm(world, order)


def _set_alarm(world: World, order: Order) -> None:
    due_at = order.due_at or 0.0
    wait = max(0.0, due_at - world.clock.unix())
    world.scheduler.after(wait, partial(_fall_due, world, order, due_at))


def _fall_due(world: World, order: Order, due_at: float) -> None:
    with world.change():
        if world.orders.get(order.id) is order and order.due_at == due_at:
            settle(world, order, order.then)


def _charge(world: World, order: Order) -> None:
    if order.reserved:
        world.account.reserved -= order.reserved
        _book(world, order, "charge", -order.reserved)
        order.reserved = Decimal(0)
    elif order.refunded:
        _book(world, order, "charge", -order.refunded)
        order.refunded = Decimal(0)


def _refund(world: World, order: Order, amount: Decimal) -> None:
    due = amount - order.refunded
    if due > 0:
        order.refunded += due
        _book(world, order, "refund", due)


def _give_back(world: World, order: Order) -> None:
    if order.reserved:
        world.account.reserved -= order.reserved
        order.reserved = Decimal(0)
    else:
        _refund(world, order, order.total)
    if not order.delivery:
        _restock(world, order)


def _restock(world: World, order: Order) -> None:
    found = world.shelf.find(order.sku_id)
    if found is not None:
        with world.change() as touched:
            touched.skus.add(order.sku_id)
            world.shelf.take(found[1], -order.quantity)


def _book(world: World, order: Order, kind: str, amount: Decimal) -> None:
    world.account.book(kind, amount, at=world.clock.now(), order_id=order.id)


def _deliver(world: World, order: Order, units: int, outcome: Json) -> None:
    """Add units until there are this many; what was delivered stays."""
    while len(order.delivery) < units:
        order.delivery.append(_unit(world, order, outcome))
    _duplicate(world, order, outcome.get("duplicate_code"))


def _duplicate(world: World, order: Order, how: object) -> None:
    if how == "across":
        earlier = [
            other.delivery[0]
            for other in world.orders.values()
            if other is not order and other.delivery and "pin" in other.delivery[0]
        ]
        if earlier and order.delivery:
            order.delivery[-1] = dict(earlier[-1])
    elif how and len(order.delivery) > 1:
        order.delivery[-1] = dict(order.delivery[0])


def _unit(world: World, order: Order, outcome: Json) -> Json:
    found = world.shelf.catalog.sku(order.sku_id)
    if order.iccid is not None:
        _top_up(world, order)
        return {
            "iccid": order.iccid,
            "status": "recharged",
            "message": "Package successfully added to existing eSIM",
        }
    if found[0].type == "esim":
        return _esim_delivery(_new_esim(world, order), str(outcome.get("esim", "both")))
    if found[0].type in {"recharge", "recharge_fixed"}:
        return {"status": "recharged", "message": "Recharge successfully delivered"}
    now = world.clock.now()
    # Good for two years, to the first of the month: the 29th of February has no namesake.
    expires = now.replace(year=now.year + 2, day=1)
    return {
        "pin": world.mint.code(),
        "expiration": expires.date().isoformat(),
        "serialNumber": world.mint.serial(),
    }


def _new_esim(world: World, order: Order) -> Esim:
    _, sku = world.shelf.catalog.sku(order.sku_id)
    esim = Esim(
        id=world.mint.uuid(),
        iccid=world.mint.iccid(),
        order_id=order.id,
        sku_id=sku.id,
        smdp_address=SMDP_ADDRESS,
        matching_id=world.mint.matching_id(),
        renewable=sku.renewable,
    )
    esim.add(_package(world, order), now=world.clock.now())
    world.esims[esim.iccid] = esim
    with world.change() as touched:
        touched.esims[esim.iccid] = esim
    return esim


def _top_up(world: World, order: Order) -> None:
    esim = world.esims[order.iccid or ""]
    esim.add(_package(world, order), now=world.clock.now())
    with world.change() as touched:
        touched.esims[esim.iccid] = esim


def _package(world: World, order: Order) -> Package:
    _, sku = world.shelf.catalog.sku(order.sku_id)
    return Package(
        id=f"pkg_{world.mint.uuid()[:8]}",
        name=sku.name.en,
        total=sku.data_gb,
        remaining=sku.data_gb,
        days=sku.days or 30,
    )


def _esim_delivery(esim: Esim, shape: str) -> Json:
    parts = {"smdp_address": esim.smdp_address, "activation_code": esim.matching_id}
    shapes: dict[str, Json] = {
        "both": {"qr_code": esim.lpa, "lpa": esim.lpa, **parts},
        "qr_code": {"qr_code": esim.lpa},
        "lpa": {"lpa": esim.lpa},
        "parts": parts,
        "iccid": {},
    }
    return {"iccid": esim.iccid, **shapes.get(shape, shapes["both"])}

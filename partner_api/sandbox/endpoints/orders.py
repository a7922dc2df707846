"""GET /orders, POST /orders, GET /orders/{uuid}."""

import re
from datetime import timedelta
from decimal import Decimal

from partner_api import signing
from partner_api.sandbox.catalog import Product, Sku
from partner_api.sandbox.fields import OWN, complaints
from partner_api.sandbox.guard import verify_signature
from partner_api.sandbox.orders import STATUSES, Order
from partner_api.sandbox.paging import paginate
from partner_api.sandbox.placing import Wanted, earlier_order, place
from partner_api.sandbox.rules import Checked
from partner_api.sandbox.wire import Json, Refused, Request, Response
from partner_api.sandbox.world import World

#: An external_id may be this long; the reference gives no limit.
LONGEST_ID = 191
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?\Z")


def orders(world: World, request: Request) -> Response:
    """Answer the orders, newest first, codes included."""
    checked = Checked(request.query)
    per_page = checked.integer("per_page", low=1, high=100, default=50)
    status = checked.choice("status", STATUSES)
    since, until = checked.instant("date_from"), checked.instant("date_to")
    checked.refuse_if_wrong()
    external_id = request.query.get("external_id") or None
    with world.lock:
        rows = [
            order
            for order in _candidates(world, external_id, prefix="prefix" in request.soft)
            if (status is None or order.status == status)
            and (since is None or order.created_at >= since)
            and (until is None or order.created_at <= until)
            and not _too_new(world, order, request.soft.get("lag"))
        ]
        page, meta = paginate(
            rows,
            position=lambda order: -order.number,
            cursor=request.query.get("cursor"),
            per_page=per_page,
            extra=lambda order: {"created_at": order.created_at.strftime("%Y-%m-%d %H:%M:%S")},
        )
        data = [order.view() for order in page]
    return Response(payload={"success": True, "data": data, "meta": meta})


def order(world: World, request: Request, uuid: str) -> Response:
    """Answer one order by its id."""
    with world.lock:
        found = world.orders.get(uuid)
        if found is None or _too_new(world, found, request.soft.get("lag")):
            raise Refused(404, "Order not found.")
        return Response(payload={"success": True, "data": found.view(item_id=True)})


def create_order(world: World, request: Request, *, secret: str) -> Response:
    """Sell one item: check the signature, then the request, then sell it once."""
    body = request.json()
    item = body.get("item")
    sku_id = item.get("sku_id") if isinstance(item, dict) else None
    verify_signature(
        request,
        message=signing.order_message,
        subject=str(sku_id or ""),
        external_id=str(body.get("external_id") or ""),
        secret=secret,
        clock=world.clock,
    )
    external_id, metadata = checked_head(body)
    found, is_new = earlier_order(world, external_id), False
    if found is None:
        found, is_new = place(world, _wanted(world, external_id, item, metadata))
    return placed(world, found, "Order created successfully", is_new=is_new)


def placed(world: World, order: Order, message: str, *, is_new: bool) -> Response:
    """Return the answer to an order: 201, or 200 when it is an earlier one."""
    with world.lock:
        payload = {"success": True, "message": message, "data": order.view()}
    return Response(201 if is_new else 200, payload)


def checked_head(body: Json) -> tuple[str, object]:
    """Return external_id and metadata of an order's body. Refused with 422."""
    checked = Checked({})
    external_id, metadata = body.get("external_id"), body.get("metadata")
    if not external_id:
        checked.complain("external_id", "The external id field is required.")
    elif not isinstance(external_id, str):
        checked.complain("external_id", "The external id field must be a string.")
    elif len(external_id) > LONGEST_ID:
        sentence = f"The external id field must not be greater than {LONGEST_ID} characters."
        checked.complain("external_id", sentence)
    if metadata is not None and not isinstance(metadata, dict):
        checked.complain("metadata", "The metadata field must be an object.")
    checked.refuse_if_wrong()
    return str(external_id), metadata


def _wanted(world: World, external_id: str, item: object, metadata: object) -> Wanted:
    checked = Checked({})
    item = item if isinstance(item, dict) else {}
    fields = item.get("fields")
    if not isinstance(fields, dict):
        checked.complain("item.fields", "The item.fields field is required.")
        fields = {}
    quantity = fields.get("quantity")
    if type(quantity) is not int or quantity < 1:
        checked.complain(
            "item.fields.quantity", "The item.fields.quantity field must be at least 1."
        )
    found = _found_sku(world, item.get("sku_id"), checked)
    checked.refuse_if_wrong()
    if found is None or not isinstance(quantity, int):
        raise AssertionError("refused above")
    product, sku = found
    checked.errors.update(complaints(product.fields, fields))
    amount = (
        _amount(sku, fields.get("amount"), checked)
        if product.denomination_type == "custom"
        else None
    )
    checked.refuse_if_wrong()
    own = {name: value for name, value in fields.items() if name not in OWN}
    return Wanted(
        external_id,
        product,
        sku,
        quantity,
        amount,
        metadata,
        {**own, "quantity": quantity} if own else None,
    )


def _found_sku(world: World, sku_id: object, checked: Checked) -> tuple[Product, Sku] | None:
    found = world.shelf.find(sku_id) if isinstance(sku_id, str) else None
    if found is None:
        checked.complain("item.sku_id", "The selected item.sku id is invalid.")
    return found


def _amount(sku: Sku, given: object, checked: Checked) -> Decimal | None:
    name = "item.fields.amount"
    if isinstance(given, bool) or not _AMOUNT.match(str(given)):
        checked.complain(name, f"The {name} field is required and must be an amount of money.")
        return None
    amount = Decimal(str(given))
    if sku.minimum is not None and amount < sku.minimum:
        checked.complain(name, f"The {name} field must be at least {sku.minimum}.")
    if sku.maximum is not None and amount > sku.maximum:
        checked.complain(name, f"The {name} field must not be greater than {sku.maximum}.")
    return amount


def _candidates(world: World, external_id: str | None, *, prefix: bool) -> list[Order]:
    if external_id is None:
        return world.newest_first()
    if prefix:
        return [row for row in world.newest_first() if row.external_id.startswith(external_id)]
    return world.by_external_id.get(external_id, [])[::-1]


def _too_new(world: World, order: Order, lag: Json | None) -> bool:
    if lag is None:
        return False
    age = timedelta(seconds=world.clock.scaled(float(lag.get("seconds", 30))))
    return world.clock.now() - order.created_at < age

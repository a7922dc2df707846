"""GET /services/esim/{iccid}/status, POST /services/esim/{iccid}/topup."""

from partner_api import signing
from partner_api.sandbox.catalog import Product, Sku, localise
from partner_api.sandbox.endpoints.orders import checked_head, placed
from partner_api.sandbox.guard import verify_signature
from partner_api.sandbox.placing import Wanted, earlier_order, place
from partner_api.sandbox.wire import Refused, Request, Response, invalid
from partner_api.sandbox.world import World


def esim_status(world: World, request: Request, iccid: str) -> Response:
    """Answer where an eSIM is in its life and what data it has left."""
    locale = request.query.get("locale", "en")
    with world.lock:
        esim = world.esims.get(iccid)
        if esim is None:
            raise Refused(404, "eSIM not found.")
        found = world.shelf.find(esim.sku_id)
        coverage = localise(found[1].coverage, locale) if found else []
        view = esim.view(coverage if isinstance(coverage, list) else [])
    return Response(payload={"success": True, "data": view})


def top_up_esim(world: World, request: Request, iccid: str, *, secret: str) -> Response:
    """Sell a package for an eSIM the partner sold; the signature covers the ICCID of the path."""
    body = request.json()
    verify_signature(
        request,
        message=signing.topup_message,
        subject=iccid,
        external_id=str(body.get("external_id") or ""),
        secret=secret,
        clock=world.clock,
    )
    external_id, metadata = checked_head(body)
    found, is_new = earlier_order(world, external_id), False
    if found is None:
        product, sku = _package_for(world, iccid, body.get("sku_uuid"))
        wanted = Wanted(
            external_id,
            product,
            sku,
            quantity=1,
            metadata=metadata,
            customer_data={"iccid": iccid, "quantity": 1},
            iccid=iccid,
        )
        found, is_new = place(world, wanted)
    return placed(world, found, "Top-up order created successfully", is_new=is_new)


def _package_for(world: World, iccid: str, sku_uuid: object) -> tuple[Product, Sku]:
    esim = world.esims.get(iccid)
    if esim is None:
        raise Refused(404, "eSIM not found.")
    if not esim.renewable:
        raise invalid("iccid", "This eSIM cannot be renewed.")
    wanted = esim.sku_id if sku_uuid is None else sku_uuid
    found = world.shelf.find(wanted) if isinstance(wanted, str) else None
    if found is None or found[0].type != "esim":
        raise invalid("sku_uuid", "The selected sku uuid is invalid.")
    return found

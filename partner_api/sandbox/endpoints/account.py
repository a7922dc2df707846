"""GET /me, GET /balance, GET /balance/history."""

from partner_api.sandbox.account import CURRENCY, Row
from partner_api.sandbox.paging import paginate
from partner_api.sandbox.rules import Checked
from partner_api.sandbox.wire import Json, Request, Response
from partner_api.sandbox.world import World

PARTNER_ID = "a3c3c002-1bcc-4593-bf39-e591c1d22cf0"


def me(world: World, _request: Request) -> Response:
    """Answer who the token belongs to, with the balance."""
    with world.lock:
        partner = {
            "uuid": PARTNER_ID,
            "name": "Sandbox Partner",
            "email": "partner@sandbox.example",
            "currency": CURRENCY,
            "is_active": True,
            "balance": world.account.view(),
        }
    return Response(payload={"success": True, "data": {"partner": partner}})


def balance(world: World, _request: Request) -> Response:
    """Answer the balance."""
    with world.lock:
        return Response(payload={"success": True, "data": world.account.view()})


def history(world: World, request: Request) -> Response:
    """Answer the ledger, newest first."""
    checked = Checked(request.query)
    per_page = checked.integer("per_page", low=1, high=100, default=50)
    checked.refuse_if_wrong()
    with world.lock:
        rows = list(reversed(world.account.rows))
    page, meta = paginate(
        rows,
        position=_position,
        cursor=request.query.get("cursor"),
        per_page=per_page,
        extra=_looks,
    )
    return Response(payload={"success": True, "data": [row.view() for row in page], "meta": meta})


def _position(row: Row) -> int:
    return -row.number


def _looks(row: Row) -> Json:
    return {"created_at": row.created_at.strftime("%Y-%m-%d %H:%M:%S")}

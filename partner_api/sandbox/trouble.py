"""What a fault of the wire does to one call: before it, after it, or to the bytes of its answer.

Each fault is a function of the call (which has its effect when it is made) and the fault's params.
`effect: false` makes a spoilt answer come without the call, `effect: true` makes a refusal come
after it. Waits happen outside the world's lock and end by themselves (see clock.LONGEST_HOLD).
"""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.utils import formatdate
from functools import partial

from partner_api.sandbox.clock import LONGEST_HOLD
from partner_api.sandbox.wire import Json, Refused, Request, Response, invalid, page
from partner_api.sandbox.world import World

#: Sizes of the answers that are too large (bytes on the wire, and unpacked).
HUGE = 200 * 1024 * 1024
BOMB = 50 * 1024 * 1024
_CHUNK = b" " * 65536


@dataclass(slots=True)
class Call:
    """One request on its way to an endpoint."""

    world: World
    request: Request
    params: Json
    perform: Callable[[], Response]

    def effect(self, *, default: bool) -> Response | None:
        """Make the call unless the fault's `effect` (or this default) says not to."""
        return self.perform() if self.params.get("effect", default) else None

    def answer(self) -> Response:
        """Return the answer that is going to be spoilt."""
        return self.effect(default=True) or Response(200, {"success": True, "data": None})

    def number(self, name: str, default: float) -> float:
        """Return a number of the fault's params."""
        return float(self.params.get(name, default))


Fault = Callable[[Call], Response]


def _drop(call: Call, *, effect: bool) -> Response:
    """Close the connection without an answer, after holding it for `hold` real seconds."""
    if effect:
        call.perform()
    call.world.scheduler.pause(call.number("hold", 0))
    raise ConnectionAbortedError


def _reset(call: Call) -> Response:
    call.effect(default=True)
    raise ConnectionResetError


def _late(call: Call) -> Response:
    """The request arrives `seconds` (scaled) later, and is judged by the time it arrives at."""
    seconds = call.number("seconds", 30)
    wait = call.world.clock.scaled(seconds)
    call.request.delay = seconds - wait
    if wait > LONGEST_HOLD:
        call.world.scheduler.after(wait, call.perform)
        call.world.scheduler.pause(LONGEST_HOLD)
        raise ConnectionAbortedError
    call.world.scheduler.pause(wait)
    if call.world.scheduler.stopped.is_set():
        raise ConnectionAbortedError
    return call.perform()


def _status(call: Call, *, status: int, message: str, effect: bool = False) -> Response:
    call.effect(default=effect)
    return Refused(status, message).response(call.request)


def _throttled(call: Call) -> Response:
    """429; `retry_after` may be seconds, "date:30" (an HTTP date), null, or anything at all."""
    call.effect(default=False)
    value = call.params.get("retry_after", 30)
    text = str(value)
    if text.startswith("date:"):
        text = formatdate(call.world.clock.unix() + float(text[5:]), usegmt=True)
    headers = [] if value is None else [("Retry-After", text)]
    return Refused(429, "Too Many Attempts.", headers=headers).response(call.request)


def _refusal(call: Call, *, field: str, sentence: str) -> Response:
    call.effect(default=False)
    return invalid(field, sentence).response(call.request)


def _redirect(call: Call, *, status: int) -> Response:
    call.effect(default=False)
    place = str(call.params.get("location", "/login"))
    return page(status, "Redirecting", headers=[("Location", place)])


def _html(call: Call) -> Response:
    call.answer()
    return page(200, "We will be back soon")


def _spoilt(call: Call, change: Callable[[bytes], bytes]) -> Response:
    answer = call.answer()
    return replace(answer, raw=change(answer.body()))


def _truncated(call: Call) -> Response:
    answer = call.answer()
    body = answer.body()
    return replace(answer, raw=body[: len(body) // 2], claimed_length=len(body))


def _wrong_length(call: Call) -> Response:
    answer = call.answer()
    return replace(answer, claimed_length=len(answer.body()) + 100)


def _drip(call: Call) -> Response:
    """One byte every `every` real seconds, for a minute at most."""
    answer = call.answer()
    body = answer.body()
    every = call.number("every", 1)

    def bytes_by_bytes() -> Iterator[bytes]:
        for at in range(min(len(body), int(LONGEST_HOLD / max(every, 0.01)))):
            yield body[at : at + 1]
            call.world.scheduler.pause(every)

    return replace(answer, chunks=bytes_by_bytes(), claimed_length=len(body))


def _bomb(call: Call) -> Response:
    """A small gzip body that unpacks to `size` bytes."""
    call.answer()
    packed = gzip.compress(b" " * int(call.number("size", BOMB)), 9)
    return Response(200, raw=packed, headers=[("Content-Encoding", "gzip")])


def _huge(call: Call) -> Response:
    """A body of `size` bytes, sent as fast as it is read."""
    call.answer()
    count = int(call.number("size", HUGE)) // len(_CHUNK)
    return Response(200, chunks=(_CHUNK for _ in range(count)))


def _overlaid(call: Call, **values: object) -> Response:
    """The answer with other values at its top level and in its data."""
    answer = call.answer()
    payload = dict(answer.payload) if isinstance(answer.payload, dict) else {}
    return replace(answer, payload={**payload, **values}, status=200)


def _not_a_number(body: bytes) -> bytes:
    return body[:-1] + b',"nan":NaN,"infinity":Infinity,"total_amount":1e400}'


def _twice(body: bytes) -> bytes:
    return body[:-1] + b',"data":{"id":"duplicate"},"data":null}'


def _nested(body: bytes) -> bytes:
    return body[:-1] + b',"deep":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


#: Every fault of the wire by name.
FAULTS: dict[str, Fault] = {
    "ok": lambda call: call.perform(),
    "drop_before": partial(_drop, effect=False),
    "drop_after": partial(_drop, effect=True),
    "reset": _reset,
    "late": _late,
    "500_before": partial(_status, status=500, message="Server Error"),
    "500_after": partial(_status, status=500, message="Server Error", effect=True),
    "503": partial(_status, status=503, message="Service Unavailable"),
    "429": _throttled,
    "401": partial(_status, status=401, message="Unauthenticated."),
    "402": partial(_status, status=402, message="Insufficient balance."),
    "403": partial(_status, status=403, message="This action is unauthorized."),
    "404": partial(_status, status=404, message="Not Found"),
    "409": partial(_status, status=409, message="An order with this external_id already exists."),
    "422_external_id": partial(
        _refusal, field="external_id", sentence="The external id has already been taken."
    ),
    "422_stock": partial(
        _refusal, field="item.sku_id", sentence="The selected SKU is out of stock."
    ),
    "422_validation": partial(
        _refusal, field="item.fields", sentence="The item.fields field is invalid."
    ),
    "redirect302": partial(_redirect, status=302),
    "redirect307": partial(_redirect, status=307),
    "html200": _html,
    "success_false": partial(_overlaid, success=False, message="Something went wrong."),
    "empty": partial(_spoilt, change=lambda body: body[:0]),
    "truncated": _truncated,
    "wrong_content_length": _wrong_length,
    "slow_drip": _drip,
    "bomb": _bomb,
    "huge": _huge,
    "bad_json": partial(_spoilt, change=lambda body: b"{" + body),
    "nan": partial(_spoilt, change=_not_a_number),
    "duplicate_keys": partial(_spoilt, change=_twice),
    "deep_nesting": partial(_spoilt, change=_nested),
    "invalid_utf8": partial(_spoilt, change=lambda body: body.replace(b"e", b"\xff", 1)),
    "huge_number": partial(
        _spoilt, change=lambda body: body[:-1] + b',"total_amount":' + b"9" * 5000 + b"}"
    ),
}

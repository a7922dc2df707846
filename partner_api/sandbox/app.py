"""The sandbox as one WSGI application: who may call, which endpoint answers, which fault gets in.

A fault that leaves the caller without an answer raises ConnectionAbortedError or, for a reset,
ConnectionResetError; `server` and `adapter` turn that into what the caller sees.
"""

import logging
import uuid
from collections.abc import Callable, Iterable
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any

from partner_api.sandbox import spoil, trouble
from partner_api.sandbox.catalog import Catalog, build_catalog
from partner_api.sandbox.clock import Clock, stamp
from partner_api.sandbox.control import Control
from partner_api.sandbox.faults import Faults, Met
from partner_api.sandbox.guard import authenticate
from partner_api.sandbox.outbox import Outbox
from partner_api.sandbox.routes import Route, Router, routes
from partner_api.sandbox.seen import Note, Seen
from partner_api.sandbox.settling import resume
from partner_api.sandbox.wire import Refused, Request, Response, page, request_from
from partner_api.sandbox.world import World

log = logging.getLogger(__name__)

#: What the sandbox expects when it is told nothing else; good for one's own machine only.
TOKEN = "sandbox-token"  # noqa: S105  no secret: it opens nothing but a sandbox
SECRET = "sandbox-secret"  # noqa: S105  the same

#: How many cursors are remembered with the number of the page they lead to.
_PAGES_KNOWN = 10_000

StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Sandbox:
    """A partner: its world, its faults, its webhooks, and the WSGI call that reaches them."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        secret: str = SECRET,
        products: int | None = None,
        catalog: Catalog | None = None,
        webhook_url: str | None = None,
        time_scale: float = 1.0,
        state: Path | None = None,
        seed: int = 1,
    ) -> None:
        """Build a partner; `state` is a file that keeps orders and money over a restart."""
        self.world = World(
            catalog or build_catalog(products, seed=seed),
            clock=Clock(scale=time_scale),
            state=state,
            seed=seed,
        )
        self.token = token
        self.secret = secret
        self.seen = Seen()
        self.outbox = Outbox(self.world, secret=secret, url=webhook_url)
        self.world.announce = self.outbox.announce
        self.router = Router(routes(self.world, secret))
        self.faults = Faults(
            endpoints=self.router.names, wire=trouble.FAULTS, soft=spoil.FAULTS, seed=seed
        )
        self.control = Control(self.world, self.faults, self.outbox, self.seen)
        self._pages: dict[tuple[str, str], int] = {}
        resume(self.world)

    def close(self) -> None:
        """Stop everything that waits or sends."""
        self.world.close()
        self.outbox.close()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one WSGI request."""
        try:
            request = request_from(environ)
        except Refused as refusal:
            return _send(refusal.response(Request("GET", "/")), start_response, self.world.clock)
        if request.path == "/_control" or request.path.startswith("/_control/"):
            response = self.control.answer(request)
        else:
            response = self._noted(request)
        if request.method == "HEAD":
            response.chunks = []
        return _send(response, start_response, self.world.clock)

    def _noted(self, request: Request) -> Response:
        note = self.seen.add(request, stamp(self.world.clock.now()))
        response = self._answer(request, note)
        note.status = response.status
        return response

    def _answer(self, request: Request, note: Note) -> Response:
        if request.path == "/login":
            return page(200, "Log in")
        try:
            route, names = self.router.match(request)
        except Refused as refusal:
            return refusal.response(request)
        note.endpoint = route.name
        met = self.faults.take(route.name, page=self._page(route, request))
        note.faults = met.names
        perform = partial(self._perform, route, names, request, met)
        if met.wire is None:
            return perform()
        call = trouble.Call(self.world, request, met.wire.params, perform)
        return trouble.FAULTS[met.wire.fault](call)

    def _perform(self, route: Route, names: dict[str, str], request: Request, met: Met) -> Response:
        request.soft = met.soft
        try:
            authenticate(request, self.token)
            response = route.handler(request, **names)
            for name, params in met.soft.items():
                spoil.apply(name, response.payload, request, params)
        except Refused as refusal:
            return refusal.response(request)
        except Exception:
            log.exception("the sandbox failed at %s", route.name)
            return Refused(500, "Server Error").response(request)
        self._remember_page(route, request, response)
        return response

    def _page(self, route: Route, request: Request) -> int:
        cursor = request.query.get("cursor")
        return self._pages.get((route.name, cursor), 2) if cursor else 1

    def _remember_page(self, route: Route, request: Request, response: Response) -> None:
        following = (response.payload.get("meta") or {}).get("next_cursor")
        if following:
            if len(self._pages) >= _PAGES_KNOWN:
                self._pages.clear()
            self._pages[route.name, following] = self._page(route, request) + 1


def _send(response: Response, start_response: StartResponse, clock: Clock) -> Iterable[bytes]:
    chunks = response.chunks
    headers = [
        ("Content-Type", response.content_type),
        ("Cache-Control", "no-cache, private"),
        ("Date", formatdate(clock.unix(), usegmt=True)),
        ("X-Request-Id", str(uuid.uuid4())),
        *response.headers,
    ]
    if chunks is None:
        body = response.body()
        chunks = [body]
        headers.append(("Content-Length", str(response.claimed_length or len(body))))
    elif response.claimed_length is not None:
        headers.append(("Content-Length", str(response.claimed_length)))
    start_response(response.reason, headers)
    return chunks

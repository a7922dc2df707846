"""The fake over HTTP: routes, idempotency keys as Stripe keeps them, faults, the page itself."""

import hmac
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, make_server

from partner_api.sandbox.server import Server
from tests.fake_stripe.account import DAY, Account, Object, Refused, find, shown

KEY, SECRET = "sk_test_" + "k3y0f7hef4ke" * 2, "whsec_" + "s3cr37of7hef4ke" * 2
VERSION = "2026-10-28.endive"
# What each request may say; Stripe refuses a parameter it does not know.
_ALLOWED = {
    "sessions.create": {
        "mode", "line_items", "client_reference_id", "customer_email", "locale", "success_url",
        "cancel_url", "expires_at", "adaptive_pricing", "metadata", "payment_intent_data",
    },
    "intents.capture": {"amount_to_capture"},
    "refunds.create": {"payment_intent", "amount", "metadata"},
    "refunds.list": {"payment_intent", "limit", "starting_after"},
    "events.list": {"limit", "type", "starting_after"},
}  # fmt: skip
Answer = tuple[int, Object]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


@dataclass
class Kept:
    """What a key was used for, and what was answered."""

    request: tuple[str, str]
    at: int
    answer: Answer | None = None


@dataclass
class FakeStripe(Account):
    """`trouble` holds what goes wrong with the next calls of an operation: see `bad_day`."""

    url: str = ""
    trouble: deque[tuple[str, str]] = field(default_factory=deque)
    # Each request that asks for an effect: operation and key.
    calls: list[tuple[str, str]] = field(default_factory=list)
    keys: dict[str, Kept] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.RLock)

    def bad_day(self, operation: str, *hows: str) -> None:
        """The next calls go wrong: "lost" (nothing happens), "unheard" (it happens), "500", "500
        after", "html", "429", "401", "busy".
        """
        self.trouble.extend((operation, how) for how in hows)

    def signed(self, event: Object, *, at: int | None = None) -> tuple[bytes, str]:
        """An event as it goes over the wire: body and signature."""
        body = json.dumps(event, indent=2).encode()
        sent_at = self.now() if at is None else at
        mac = hmac.new(SECRET.encode(), f"{sent_at}.".encode() + body, sha256).hexdigest()
        return body, f"t={sent_at},v1={mac},v0={'0' * 64}"

    def last(self, kind: str) -> Object:
        """The newest event of this kind."""
        return [event for event in self.events if event["type"] == kind][-1]

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one WSGI request."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        size = int(environ.get("CONTENT_LENGTH") or 0)
        sent = environ["wsgi.input"].read(size).decode() or environ.get("QUERY_STRING", "")
        if path.startswith("/c/pay/"):
            return self._page(method, path.rpartition("/")[2], sent, start_response)
        try:
            status, body = self._api(method, path, sent, environ)
        except Refused as refused:
            status, body = refused.status, refused.body
        text = "<html>Bad gateway</html>" if body.get("_html") else json.dumps(body)
        start_response(f"{status} .", [("Content-Type", "application/json"), ("Request-Id", "r")])
        return [text.encode()]

    def _api(self, method: str, path: str, sent: str, environ: dict[str, Any]) -> Answer:
        if environ.get("HTTP_AUTHORIZATION") != f"Bearer {KEY}":
            raise Refused(401, "Invalid API Key")
        if environ.get("HTTP_STRIPE_VERSION") != VERSION:
            raise Refused(400, "Another version of the API than these answers are written for")
        operation, names = _route(method, path.removeprefix("/v1/").split("/"))
        params = nested(sent)
        expand = list(params.pop("expand", {}).values())
        if unknown := set(params) - _ALLOWED.get(operation, set()):
            raise Refused(400, f"Received unknown parameters: {unknown}", code="parameter_unknown")
        how = self._trouble(operation)
        if how == "lost":
            raise ConnectionAbortedError
        if how in {"429", "401"}:
            raise Refused(int(how), "Not now", type_="api_error")
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "") if method == "POST" else ""
        act = lambda: self._act(operation, names, params, how)  # noqa: E731
        answer = self._once(key, (path, sent), act, how) if key else act()
        if method == "POST":
            self.calls.append((operation, key))
        if how == "unheard":
            raise ConnectionAbortedError
        if how == "html":
            return 200, {"_html": True}
        return answer[0], self._expanded(answer[1], expand) if answer[0] == 200 else answer[1]

    def _once(self, key: str, request: tuple[str, str], act: Any, how: str) -> Answer:
        """Stripe's rule: the first answer, also a 500, is given again for a day."""
        with self.lock:
            kept = self.keys.get(key)
            if kept and self.now() - kept.at >= DAY:
                kept = None
            if kept and kept.request != request:
                raise Refused(400, "The key was used otherwise", type_="idempotency_error")
            if how == "busy" or (kept and kept.answer is None):
                raise Refused(409, "The key is in use", code="idempotency_key_in_use")
            if kept and kept.answer:
                return kept.answer
            self.keys[key] = kept = Kept(request, self.now())
        try:
            kept.answer = act()
        except Refused as refused:
            kept.answer = refused.status, refused.body
        return kept.answer

    def _act(self, operation: str, names: list[str], params: Object, how: str) -> Answer:
        broken = 500, {"error": {"type": "api_error", "message": "An unknown error occurred"}}
        if how == "500":
            return broken
        with self.lock:
            self.pass_time()
            body = self._do(operation, names, params)
            return broken if how == "500 after" else (200, shown(json.loads(json.dumps(body))))

    def _do(self, operation: str, names: list[str], params: Object) -> Object:
        subject = names[0] if names else ""
        match operation:
            case "sessions.create":
                return self.open_session(params, self.url)
            case "sessions.retrieve":
                return find(self.sessions, subject)
            case "sessions.expire":
                return self.expire(find(self.sessions, subject))
            case "intents.retrieve":
                return find(self.intents, subject)
            case "intents.capture":
                return self.capture(find(self.intents, subject), params)
            case "intents.cancel":
                return self.cancel(find(self.intents, subject))
            case "refunds.create":
                return self.refund(params)
            case "refunds.list":
                wanted = params.get("payment_intent")
                rows = [row for row in self.refunds.values() if row["payment_intent"] == wanted]
                return page_of(rows, params, "/v1/refunds")
            case "events.list":
                return page_of(self.events, params, "/v1/events")
            case _:
                return find({event["id"]: event for event in self.events}, subject)

    def _expanded(self, body: Object, expand: list[str]) -> Object:
        body = json.loads(json.dumps(body))
        for path in expand:
            place = body
            for name in path.split("."):
                if isinstance(place.get(name), str):
                    rows = self.charges | self.intents
                    place[name] = json.loads(json.dumps(shown(rows[place[name]])))
                place = place.get(name) or {}
        return body

    def _trouble(self, operation: str) -> str:
        if self.trouble and self.trouble[0][0] in {"*", operation}:
            return self.trouble.popleft()[1]
        return ""

    def _page(
        self, method: str, name: str, sent: str, start_response: StartResponse
    ) -> Iterable[bytes]:
        """The page customers see, without a line of JavaScript."""
        session = self.sessions.get(name)
        if session is None or session["status"] != "open":
            start_response("410 .", [("Content-Type", "text/html")])
            return [b"<h1>This page is closed</h1>"]
        if method == "POST" and "pay" in dict(parse_qsl(sent)):
            with self.lock:
                self.pay(name)
            start_response("303 .", [("Location", session["success_url"])])
            return [b""]
        says = "<p role=alert>Your card was declined.</p>" if method == "POST" else ""
        html = (
            f"<!doctype html><title>Pay</title>{says}<p>{session['amount_total']}"
            f" {session['currency']}</p><form method=post><button name=pay value=1>Pay</button>"
            "<button name=decline value=1>Declined card</button></form>"
            f"<a href='{session['cancel_url']}'>Back</a>"
        )
        start_response("200 .", [("Content-Type", "text/html")])
        return [html.encode()]


def _route(method: str, parts: list[str]) -> tuple[str, list[str]]:
    match method, parts:
        case "POST", ["checkout", "sessions"]:
            return "sessions.create", []
        case "GET", ["checkout", "sessions", name]:
            return "sessions.retrieve", [name]
        case "POST", ["checkout", "sessions", name, "expire"]:
            return "sessions.expire", [name]
        case "GET", ["payment_intents", name]:
            return "intents.retrieve", [name]
        case "POST", ["payment_intents", name, ("capture" | "cancel") as verb]:
            return f"intents.{verb}", [name]
        case "POST", ["refunds"]:
            return "refunds.create", []
        case "GET", [("refunds" | "events") as kind]:
            return f"{kind}.list", []
        case "GET", ["events", name]:
            return "events.retrieve", [name]
    raise Refused(404, f"Unrecognized request URL ({method}: /v1/{'/'.join(parts)})")


def nested(sent: str) -> Object:
    """Form fields such as line_items[0][quantity] as the tree they mean."""
    tree: Object = {}
    for name, value in parse_qsl(sent, keep_blank_values=True):
        *path, last = name.replace("]", "").split("[")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return tree


def page_of(rows: list[Object], params: Object, url: str) -> Object:
    """Newest first, a page of them."""
    newest = [shown(row) for row in reversed(rows)]
    after = params.get("starting_after")
    start = next((i + 1 for i, row in enumerate(newest) if row["id"] == after), 0)
    limit = int(params.get("limit", 10))
    more = len(newest) > start + limit
    return {"object": "list", "url": url, "has_more": more,
            "data": newest[start : start + limit]}  # fmt: skip


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        """The test looks at `calls`."""


@contextmanager
def running() -> Iterator[FakeStripe]:
    """A fake that listens on this machine, in a thread."""
    fake = FakeStripe()
    with make_server("127.0.0.1", 0, fake, server_class=Server, handler_class=_Quiet) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        try:
            yield fake
        finally:
            server.shutdown()

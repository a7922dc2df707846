"""`/_control/`: trouble on request, and the judge's truth. JSON over POST; a page for people.

Every action is a method that takes a JSON object and returns one, so that tests in the same process
can call it directly. There is no authentication: the sandbox listens on the loopback only, and
POSTs must be `application/json`, which a foreign web page cannot send.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from partner_api.sandbox.account import money
from partner_api.sandbox.control_page import render
from partner_api.sandbox.esims import WALK, Package
from partner_api.sandbox.faults import Faults
from partner_api.sandbox.forgeries import FORGERIES
from partner_api.sandbox.outbox import MODES, Outbox
from partner_api.sandbox.plans import check
from partner_api.sandbox.seen import Seen
from partner_api.sandbox.settling import settle
from partner_api.sandbox.wire import Json, Refused, Request, Response
from partner_api.sandbox.world import DUPLICATES, World

Action = Callable[[Json], Json]


class Control:
    """What a test or a person can see and do behind the partner's back."""

    def __init__(self, world: World, faults: Faults, outbox: Outbox, seen: Seen) -> None:
        """Take the parts of one sandbox."""
        self._world = world
        self._faults = faults
        self._outbox = outbox
        self._seen = seen

    def answer(self, request: Request) -> Response:
        """Answer a request below /_control. Errors are JSON with a message."""
        name = request.path.removeprefix("/_control").strip("/")
        try:
            if request.method in {"GET", "HEAD"}:
                return self._read(name)
            return Response(payload=self._act(request, name))
        except Refused as refusal:
            return Response(refusal.status, refusal.payload)
        except (ValueError, TypeError, KeyError, ArithmeticError) as error:
            return Response(422, {"message": str(error) or type(error).__name__})

    def _read(self, name: str) -> Response:
        if name == "":
            html = render(self.ledger(), self.state())
            return Response(raw=html.encode(), content_type="text/html; charset=utf-8")
        views: dict[str, Callable[[], Json]] = {
            "ledger": self.ledger,
            "state": self.state,
            "faults": lambda: {"faults": self._faults.view()},
            "plan": lambda: {"plans": self._world.plans.view()},
        }
        if name not in views:
            raise Refused(404, "There is no such control.")
        return Response(payload=views[name]())

    def _act(self, request: Request, name: str) -> Json:
        if request.method == "DELETE" and name == "faults":
            self._faults.clear()
            return {"faults": []}
        if request.method == "DELETE" and name == "plan":
            self._world.plans.clear()
            return {"plans": []}
        if request.method != "POST":
            raise Refused(405, "Controls are read with GET and used with POST.")
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            raise Refused(415, "Send application/json.")
        return self._action(name)(request.json())

    def _action(self, name: str) -> Action:
        actions: dict[str, Action] = {
            "reset": self.reset,
            "faults": self.fault,
            "plan": self.plan,
            "balance": self.balance,
            "webhooks": self.webhooks,
            "webhooks/send": self.send_webhook,
            "time": self.time,
            "catalog": self.catalog,
        }
        if name in actions:
            return actions[name]
        found = re.fullmatch(r"(orders|esims)/(.+)", name)
        if not found:
            raise Refused(404, "There is no such control.")
        return partial(self.order if found[1] == "orders" else self.esim, found[2])

    def ledger(self) -> Json:
        """Return the truth: orders with their charges, ledger rows, requests, webhooks."""
        with self._world.lock:
            orders = self._world.newest_first()[::-1]
            rows = list(self._world.account.rows)
            charges = [row for row in rows if row.type == "charge"]
            return {
                "orders": [
                    {
                        **order.truth(),
                        "iccid": order.iccid,
                        "charges": sum(row.order_id == order.id for row in charges),
                        "refunded": order.refunded,
                        "reserved": order.reserved,
                    }
                    for order in orders
                ],
                "charges": [row.view() for row in charges],
                "ledger": [row.view() for row in rows],
                "balance": self._world.account.view(),
                "requests": [note.view() for note in self._seen.notes()],
                "webhooks": [item.view() for item in list(self._outbox.deliveries)],
            }

    def state(self) -> Json:
        """Return how the sandbox is set: faults, plans, webhooks, clock."""
        world = self._world
        return {
            "faults": self._faults.view(),
            "plans": world.plans.view(),
            "duplicates": world.duplicates,
            "webhooks": {"mode": self._outbox.mode, "url": self._outbox.url},
            "time": {"scale": world.clock.scale, "offset": world.clock.offset},
            "esims": {iccid: esim.state for iccid, esim in world.esims.items()},
        }

    def reset(self, _order: Json) -> Json:
        """Begin anew: no orders, a full account, no faults, plans, webhooks or requests."""
        self._world.reset()
        self._faults.clear()
        self._outbox.reset()
        self._seen.clear()
        self._world.clock.offset = 0.0
        return {"reset": True}

    def fault(self, order: Json) -> Json:
        """Add a fault (keys: see `faults`), or set what duplicates get (`dup`)."""
        if "dup" in order:
            if order["dup"] not in DUPLICATES:
                raise ValueError(f"dup is one of {', '.join(DUPLICATES)}")
            self._world.duplicates = str(order["dup"])
        if "fault" in order or "dup" not in order:
            self._faults.add(order)
        return {"faults": self._faults.view(), "duplicates": self._world.duplicates}

    def plan(self, order: Json) -> Json:
        """Say how the next orders turn out (keys: see `plans`; `next`: how many, null for all)."""
        count = order.get("next", 1)
        outcome = {key: value for key, value in order.items() if key != "next"}
        with self._world.lock:
            self._world.plans.add(outcome, count=None if count is None else int(count))
            return {"plans": self._world.plans.view()}

    def order(self, key: str, change: Json) -> Json:
        """Alter an order, named by id or external_id; keys as in a plan."""
        check(change)
        with self._world.change():
            order = self._world.find_order(key)
            if order is None:
                raise Refused(404, "There is no such order.")
            settle(self._world, order, change)
            return {"order": order.truth()}

    def balance(self, change: Json) -> Json:
        """Set balance, reserved, overdraft_limit, allow_overdraft; `topup` adds money.

        The difference is a ledger row, unless `silent` is true.
        """
        with self._world.change():
            account, now = self._world.account, self._world.clock.now()
            wanted = money(change.get("balance", account.balance)) + money(change.get("topup", 0))
            difference = wanted - account.balance
            if difference and change.get("silent"):
                account.balance = wanted
            elif difference > 0:
                account.book("topup", difference, at=now, payment_method="bank_transfer")
            elif difference:
                account.book("adjustment", difference, at=now)
            account.reserved = money(change.get("reserved", account.reserved))
            account.overdraft_limit = money(change.get("overdraft_limit", account.overdraft_limit))
            account.allow_overdraft = bool(change.get("allow_overdraft", account.allow_overdraft))
            return account.view()

    def webhooks(self, change: Json) -> Json:
        """Set `url`, `mode`, its options (`seconds`, `kind` of forgery), the signing `secret`."""
        mode = str(change.get("mode", self._outbox.mode))
        kind = str(change.get("kind", "data"))
        if mode not in MODES or kind not in FORGERIES:
            raise ValueError(f"mode: {', '.join(MODES)}; kind: {', '.join(FORGERIES)}")
        self._outbox.mode = mode
        self._outbox.options = {key: change[key] for key in ("seconds", "kind") if key in change}
        self._outbox.url = change.get("url", self._outbox.url)
        self._outbox.secret = str(change.get("secret", self._outbox.secret))
        return {"mode": mode, "url": self._outbox.url}

    def send_webhook(self, change: Json) -> Json:
        """Send a webhook of an `order` now, with any `status` and `key`, forged by `kind`."""
        order = self._world.find_order(str(change["order"]))
        if order is None:
            raise Refused(404, "There is no such order.")
        delivery = self._outbox.prepare(order, status=change.get("status"), key=change.get("key"))
        if "kind" in change:
            FORGERIES[str(change["kind"])](delivery)
        self._outbox.send(delivery)
        return {"idempotency_key": delivery.body["idempotency_key"]}

    def time(self, change: Json) -> Json:
        """Set `scale` (a factor on waits) and `offset` (seconds the clock is wrong by)."""
        clock = self._world.clock
        clock.scale = float(change.get("scale", clock.scale))
        clock.offset = float(change.get("offset", clock.offset))
        return {"scale": clock.scale, "offset": clock.offset}

    def catalog(self, change: Json) -> Json:
        """Change one `sku`: price, rate, stock, max_per_order, currency, hidden."""
        amounts = ("price", "rate", "markup_percent", "markup_fixed")
        plain = ("stock", "max_per_order", "currency", "hidden")
        unknown = set(change) - {"sku", *amounts, *plain}
        if unknown:
            raise ValueError(f"unknown for a SKU: {', '.join(sorted(unknown))}")
        sku_id = str(change["sku"])
        self._world.catalog.sku(sku_id)
        changes: Json = {key: change[key] for key in plain if key in change}
        changes.update({key: money(change[key]) for key in amounts if key in change})
        with self._world.change() as touched:
            touched.skus.add(sku_id)
            self._world.shelf.change(sku_id, **changes)
        return {"sku": sku_id, **changes}

    def esim(self, iccid: str, change: Json) -> Json:
        """Move an eSIM: `state` (or "next"), `remaining_gb`, `topup_gb`, `can_renew`, `status`."""
        with self._world.change() as touched:
            esim = self._world.esims.get(iccid)
            if esim is None:
                raise Refused(404, "There is no such eSIM.")
            now = self._world.clock.now()
            state = change.get("state")
            if state is not None:
                state = esim.step() if state == "next" else str(state)
                if state not in WALK:
                    raise ValueError(f"state: next, {', '.join(WALK)}")
                esim.move(state, now=now)
            if "topup_gb" in change:
                size = Decimal(money(change["topup_gb"]))
                name = f"{size} GB added"
                esim.add(Package(f"pkg_{len(esim.packages) + 1}", name, size, size, 30), now=now)
            if "remaining_gb" in change and esim.packages:
                esim.packages[-1].remaining = money(change["remaining_gb"])
            esim.renewable = bool(change.get("can_renew", esim.renewable))
            esim.status_text = change.get("status", esim.status_text)
            touched.esims[iccid] = esim
            return {"esim": esim.view()}

"""The account: sessions, intents, charges, refunds and events, and what may be done to each."""

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

Object = dict[str, Any]
HALF_AN_HOUR, DAY = 1800, 86_400


class Refused(Exception):  # noqa: N818  the failure is the name
    """An answer with an error in it, as Stripe words them."""

    def __init__(
        self, status: int, message: str, *, code: str = "", type_: str = "invalid_request_error"
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {"type": type_, "message": message} | ({"code": code} if code else {})
        }


@dataclass
class Account:
    """One account and its money. `offset` moves its clock; `livemode` is what its objects say."""

    livemode: bool = False
    offset: float = 0.0
    fee: int = 59
    sessions: dict[str, Object] = field(default_factory=dict)
    intents: dict[str, Object] = field(default_factory=dict)
    charges: dict[str, Object] = field(default_factory=dict)
    refunds: dict[str, Object] = field(default_factory=dict)
    events: list[Object] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def now(self) -> int:
        """Seconds since 1970 by this account's clock."""
        return int(time.time() + self.offset)

    # --- What the shop asks for -------------------------------------------------------------------

    def open_session(self, params: Object, url: str) -> Object:
        """A page where somebody pays."""
        lines = [params["line_items"][key] for key in sorted(params["line_items"], key=int)]
        currencies = {line["price_data"]["currency"] for line in lines}
        sums = [int(line["price_data"]["unit_amount"]) * int(line["quantity"]) for line in lines]
        ends = int(params["expires_at"]) - self.now()
        if len(currencies) != 1 or min(sums) <= 0:
            raise Refused(400, "The lines have no sum of money", code="parameter_invalid_integer")
        if not HALF_AN_HOUR <= ends <= DAY:
            raise Refused(400, "expires_at must be 30 minutes to 24 hours away")
        session = self._new("cs_test_", "checkout.session") | {
            "status": "open",
            "payment_status": "unpaid",
            "mode": params["mode"],
            "amount_total": sum(sums),
            "currency": currencies.pop(),
            "client_reference_id": params.get("client_reference_id"),
            "customer_email": params.get("customer_email"),
            "success_url": params["success_url"],
            "cancel_url": params.get("cancel_url"),
            "expires_at": int(params["expires_at"]),
            "metadata": params.get("metadata", {}),
            "payment_intent": None,
        }
        session["url"] = f"{url}/c/pay/{session['id']}"
        session["_wishes"] = params.get("payment_intent_data", {})
        self.sessions[session["id"]] = session
        return session

    def expire(self, session: Object) -> Object:
        """Nobody pays there any more."""
        if session["status"] != "open":
            raise Refused(400, f"Only open Sessions can be expired, not {session['status']} ones.")
        session |= {"status": "expired", "url": None}
        self.tell("checkout.session.expired", session)
        return session

    def pass_time(self) -> None:
        """Pages close by themselves."""
        for session in self.sessions.values():
            if session["status"] == "open" and session["expires_at"] <= self.now():
                self.expire(session)

    def capture(self, intent: Object, params: Object) -> Object:
        """Take what is held, or a part of it, once."""
        self._must_be(intent, "requires_capture", "capture")
        amount = int(params.get("amount_to_capture") or intent["amount_capturable"])
        if not 0 < amount <= intent["amount_capturable"]:
            raise Refused(400, "Not that much is held", code="amount_too_large")
        self._take(intent, amount)
        return intent

    def cancel(self, intent: Object) -> Object:
        """Let go of what is held."""
        self._must_be(intent, "requires_capture", "cancel")
        intent |= {"status": "canceled", "amount_capturable": 0}
        self.tell("payment_intent.canceled", intent)
        return intent

    def refund(self, params: Object) -> Object:
        """Give back what was taken, as far as any is left."""
        intent = find(self.intents, params["payment_intent"])
        charge = self.charges[intent["latest_charge"]]
        left = intent["amount_received"] - charge["amount_refunded"]
        if charge["disputed"]:
            raise Refused(400, "The charge is disputed", code="charge_disputed")
        if left == 0:
            raise Refused(400, "Nothing is left", code="charge_already_refunded")
        amount = int(params.get("amount") or left)
        if not 0 < amount <= left:
            raise Refused(400, f"Refund amount is greater than {left}")
        charge["amount_refunded"] += amount
        made = self._new("re_", "refund") | {
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "charge": charge["id"],
            "status": "succeeded",
            "failure_reason": None,
            "metadata": params.get("metadata", {}),
        }
        self.refunds[made["id"]] = made
        self.tell("charge.refunded", charge)
        return made

    # --- What customers, banks and time do --------------------------------------------------------

    def pay(self, session_id: str, *, amount: int | None = None, currency: str = "") -> Object:
        """The customer pays: as asked, or another sum. Held where the shop wished so."""
        session = self.sessions[session_id]
        self.pass_time()
        if session["status"] != "open":
            raise Refused(400, "This page is closed")
        total = session["amount_total"] if amount is None else amount
        intent = self._new("pi_", "payment_intent") | {
            "status": "requires_capture",
            "amount": total,
            "amount_capturable": total,
            "amount_received": 0,
            "currency": currency or session["currency"],
            "capture_method": session["_wishes"].get("capture_method", "automatic"),
            "metadata": session["_wishes"].get("metadata", {}),
        }
        charge = self._new("ch_", "charge") | {
            "payment_intent": intent["id"],
            "amount_refunded": 0,
            "disputed": False,
            "balance_transaction": None,
        }
        intent["latest_charge"] = charge["id"]
        self.charges[charge["id"]], self.intents[intent["id"]] = charge, intent
        if intent["capture_method"] != "manual":
            self._take(intent, total)
            session["payment_status"] = "paid"
        session |= {"status": "complete", "payment_intent": intent["id"], "url": None}
        self.tell("checkout.session.completed", session)
        return intent

    def lapse(self, intent: Object) -> None:
        """The bank lets go of a hold nobody took in time."""
        self.cancel(intent)

    def dispute(self, intent: Object) -> Object:
        """The customer's bank takes the money back."""
        self.charges[intent["latest_charge"]]["disputed"] = True
        dispute = self._new("dp_", "dispute") | self._about(intent)
        return self.tell("charge.dispute.created", dispute | {"status": "needs_response"})

    def warn(self, intent: Object) -> Object:
        """The card's issuer suspects fraud."""
        warning = self._new("issfr_", "radar.early_fraud_warning") | self._about(intent)
        return self.tell("radar.early_fraud_warning.created", warning | {"actionable": True})

    def tell(self, kind: str, about: Object) -> Object:
        """Something happened: an event as Stripe sends it."""
        event = self._new("evt_", "event") | {"type": kind, "data": {"object": shown(about)}}
        self.events.append(event)
        return event

    # --- What everything shares -------------------------------------------------------------------

    def _new(self, prefix: str, kind: str) -> Object:
        name = f"{prefix}{next(self._numbers):024d}"
        return {"id": name, "object": kind, "created": self.now(), "livemode": self.livemode}

    def _about(self, intent: Object) -> Object:
        return {
            "payment_intent": intent["id"],
            "charge": intent["latest_charge"],
            "amount": intent["amount_received"],
            "currency": intent["currency"],
        }

    def _take(self, intent: Object, amount: int) -> None:
        intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
        self.charges[intent["latest_charge"]]["balance_transaction"] = self._new(
            "txn_", "balance_transaction"
        ) | {"amount": amount, "fee": self.fee, "currency": intent["currency"]}
        self.tell("payment_intent.succeeded", intent)

    def _must_be(self, intent: Object, status: str, verb: str) -> None:
        if intent["status"] != status:
            raise Refused(
                400,
                f"You cannot {verb} this PaymentIntent: it is {intent['status']}",
                code="payment_intent_unexpected_state",
            )


def find(rows: dict[str, Object], name: str) -> Object:
    """The object of this name. Raises Refused as Stripe does."""
    if name not in rows:
        raise Refused(404, f"No such object: {name}", code="resource_missing")
    return rows[name]


def shown(row: Object) -> Object:
    """What Stripe shows of an object: all but what only the fake remembers."""
    return {key: value for key, value in row.items() if not key.startswith("_")}

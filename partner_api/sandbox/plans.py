"""How the next orders turn out, when a test asked for something else than "completed at once".

A plan is a JSON object. Its keys:
- `status`: the status the order gets at once (any text; an unknown one is kept as it is)
- `after`: seconds (scaled) until it moves by itself; `then`: where to (a status, or an object as
  `/_control/orders/<id>` takes); default completed
- `delivered`: units delivered by a partially completed order (default: half); the rest is refunded
- `short`: codes missing from a completed order that was charged in full
- `duplicate_code`: "within" (the same code twice in the order) or "across" (a code sold before)
- `echo`: wrong values in the answers, by key (external_id, sku_id, quantity, currency, ...)
- `order`, `item`: values laid over the answer's order and item; `without`: keys left out
- `items`: replaces the list of items (null, [], ...); `int_ids`: ids as integers
- `total`: charged and answered instead of the right sum; `error`: the item's error_message
- `charge`: "on_completion" reserves the sum until the order completes
- `esim`: the delivery keys of an eSIM order: "both" (default), "qr_code", "lpa", "parts", "iccid"
"""

from collections import deque
from dataclasses import dataclass

from partner_api.sandbox.account import money
from partner_api.sandbox.wire import Json

#: The keys that change only how an order is written, not what happened.
QUIRKS = ("echo", "order", "item", "without", "items", "int_ids")
#: All keys.
KEYS = frozenset(
    {"status", "after", "then", "delivered", "short", "duplicate_code", "total", "error", "charge"}
    | {"esim", *QUIRKS}
)


def check(outcome: Json) -> None:
    """Raise ValueError or TypeError unless every key is known and every value usable."""
    unknown = set(outcome) - KEYS
    if unknown:
        raise ValueError(f"unknown in a plan: {', '.join(sorted(unknown))}")
    for name in ("delivered", "short"):
        if type(outcome.get(name, 0)) is not int or outcome.get(name, 0) < 0:
            raise ValueError(f"{name} is a number of units")
    if float(outcome.get("after", 0)) < 0:
        raise ValueError("after is a number of seconds")
    money(outcome.get("total", 0))
    for name in ("echo", "order", "item"):
        if not isinstance(outcome.get(name, {}), dict):
            raise TypeError(f"{name} is an object")
    if isinstance(outcome.get("then"), dict):
        check(outcome["then"])


@dataclass(slots=True)
class Plan:
    """One plan and how many orders it is still for (None: until cleared)."""

    outcome: Json
    left: int | None = 1


class Plans:
    """The plans in the order they were asked for. The caller holds the world's lock."""

    def __init__(self) -> None:
        """Start with none: every order completes at once."""
        self._waiting: deque[Plan] = deque()

    def add(self, outcome: Json, *, count: int | None = 1) -> None:
        """Plan the next `count` orders. ValueError for an unknown key."""
        check(outcome)
        self._waiting.append(Plan(outcome, count))

    def take(self) -> Json:
        """Return the outcome of the order that is being created."""
        if not self._waiting:
            return {}
        plan = self._waiting[0]
        if plan.left is not None:
            plan.left -= 1
            if plan.left <= 0:
                self._waiting.popleft()
        return plan.outcome

    def clear(self) -> None:
        """Forget every plan."""
        self._waiting.clear()

    def view(self) -> list[Json]:
        """Return what is waiting."""
        return [{"next": plan.left, **plan.outcome} for plan in self._waiting]

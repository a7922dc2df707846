"""Which fault the next calls meet: rules by endpoint, taken one by one.

A rule says what goes wrong (`fault`), for which endpoint ("*" for all), for how many calls (`next`,
null until cleared), after how many good ones (`skip`), on which page of a list (`page`), and how
often (`chance`, 0 to 1, from a seeded generator). What a fault does is in `trouble` (the wire), in
`spoil` (the catalog's data) and, for `lag` and `prefix`, in the orders' endpoints.
"""

import random
import threading
from collections.abc import Container
from dataclasses import dataclass, field

from partner_api.sandbox.wire import Json

#: Faults that change what is found instead of how it is sent; several may hold at once.
_RESERVED = {"endpoint", "fault", "next", "skip", "page", "chance"}
#: What stands after the colon of `late:30`, by fault.
SHORT = {"429": "retry_after", "price": "kind", "stock": "kind", "shrink": "percent"}


@dataclass(slots=True)
class Rule:
    """One asked-for fault."""

    endpoint: str
    fault: str
    params: Json = field(default_factory=dict)
    left: int | None = 1
    skip: int = 0
    page: int | None = None
    chance: float = 1.0

    def view(self) -> Json:
        """Return the rule as it could be asked for again."""
        return {
            "endpoint": self.endpoint,
            "fault": self.fault,
            "next": self.left,
            "skip": self.skip,
            "page": self.page,
            "chance": self.chance,
            **self.params,
        }


@dataclass(slots=True)
class Met:
    """What one call meets: at most one fault of the wire, any number of soft ones."""

    wire: Rule | None = None
    soft: dict[str, Json] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Return the faults' names, for the record."""
        return ([self.wire.fault] if self.wire else []) + list(self.soft)


class Faults:
    """The rules in force, thread-safe."""

    def __init__(
        self,
        *,
        endpoints: Container[str],
        wire: Container[str],
        soft: Container[str],
        seed: int = 1,
    ) -> None:
        """Take the names of all endpoints and of all faults there are."""
        self._endpoints = endpoints
        self._wire = wire
        self._soft = soft
        self._seed = seed
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._random = random.Random(seed)  # noqa: S311  repeatable on purpose

    def add(self, order: Json) -> Rule:
        """Add a rule as the control API takes it. ValueError when it makes no sense."""
        fault, _, short = str(order.get("fault", "")).partition(":")
        if fault not in self._wire and fault not in self._soft:
            raise ValueError(f"no such fault: {fault or 'nothing was named'}")
        endpoint = str(order.get("endpoint", "*"))
        if endpoint != "*" and endpoint not in self._endpoints:
            raise ValueError(f"no such endpoint: {endpoint}")
        params = {key: value for key, value in order.items() if key not in _RESERVED}
        if short:
            params.setdefault(SHORT.get(fault, "seconds"), _number(short))
        page = order.get("page")
        # A fault that changes what is found is a condition, not an accident: it stays.
        lasting = fault in self._soft or page is not None
        left = order.get("next", None if lasting else 1)
        rule = Rule(
            endpoint=endpoint,
            fault=fault,
            params=params,
            left=None if left is None else int(left),
            skip=int(order.get("skip", 0)),
            page=None if page is None else int(page),
            chance=float(order.get("chance", 1)),
        )
        with self._lock:
            self._rules.append(rule)
        return rule

    def take(self, endpoint: str, *, page: int) -> Met:
        """Return what a call meets, and count it."""
        met = Met()
        with self._lock:
            for rule in list(self._rules):
                is_soft = rule.fault in self._soft
                if (met.wire is None or is_soft) and self._applies(rule, endpoint, page):
                    if is_soft:
                        met.soft[rule.fault] = rule.params
                    else:
                        met.wire = rule
        return met

    def clear(self) -> None:
        """Forget every rule, and begin the chances anew."""
        with self._lock:
            self._rules.clear()
            self._random.seed(self._seed)

    def view(self) -> list[Json]:
        """Return the rules in force."""
        with self._lock:
            return [rule.view() for rule in self._rules]

    def _applies(self, rule: Rule, endpoint: str, page: int) -> bool:
        if rule.endpoint not in {endpoint, "*"} or rule.page not in {None, page}:
            return False
        if rule.skip > 0:
            rule.skip -= 1
            return False
        if rule.chance < 1 and self._random.random() >= rule.chance:
            return False
        if rule.left is not None:
            rule.left -= 1
            if rule.left <= 0:
                self._rules.remove(rule)
        return True


def _number(text: str) -> object:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text

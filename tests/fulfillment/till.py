"""A payment provider that keeps books and has bad days, for tests.

It holds, captures, voids and refunds like a real one: an effect happens once per key, the same key
with other amounts is refused loudly. Registered in the shop's table of providers by a fixture.
"""
# ruff: noqa: ARG002  the signatures are the protocol's

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from storefront.payments.providers import HoldGone, ProviderRefusal, ProviderTrouble
from storefront.payments.providers.protocol import Asked, Books, Fee, Started, State, Word


class Crash(BaseException):
    """The process dies here: no handler of the shop may see it."""


@dataclass(frozen=True)
class Effect:
    """Something that happened to held money."""

    kind: str
    reference: str
    amount: Decimal


@dataclass
class Till:
    """`trouble` holds what goes wrong with the next calls, in order: see `bad_day`."""

    holds: dict[str, Decimal] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    trouble: deque[tuple[str, str]] = field(default_factory=deque)
    late: list[tuple[str, Effect]] = field(default_factory=list)
    # Holds that the customer's bank let go of.
    lapsed: set[str] = field(default_factory=set)
    name: str = "till"
    # Called before and after each effect.
    fuse: Callable[[], object] = lambda: None

    def clear(self) -> None:
        """Forget everything."""
        for books in (self.holds, self.effects, self.calls, self.trouble, self.late):
            books.clear()
        self.lapsed.clear()

    def hold(self, reference: str, amount: Decimal) -> None:
        """A customer's money is held."""
        self.holds[reference] = amount

    def bad_day(self, *hows: str, kind: str = "*") -> None:
        """The next calls (of a kind) fail: "before" or "after" the effect, "late" (the effect comes
        with `catch_up`), "refuse" for good.
        """
        self.trouble.extend((kind, how) for how in hows)

    def catch_up(self) -> None:
        """What was late happens now."""
        while self.late:
            self._happen(*self.late.pop())

    def sum_of(self, kind: str, reference: str) -> Decimal:
        """How much of held money had this done to it."""
        found = [
            row for row in self.effects.values() if (row.kind, row.reference) == (kind, reference)
        ]
        return sum((row.amount for row in found), Decimal(0))

    def start(self, asked: Asked, *, key: str) -> Started:
        return Started("", f"/till/{asked.payment_id}/")

    def confirm(self, session: str) -> Word:
        return Word(state=State.OPEN)

    def end(self, session: str) -> Word:
        return Word(state=State.EXPIRED)

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Fee | None:
        assert currency == "USD"
        if reference in self.lapsed:
            raise HoldGone("capture: the hold is gone")
        self._call("capture", reference, amount, key)
        return None

    def void(self, reference: str, *, key: str) -> None:
        self._call("void", reference, self.holds[reference], key)

    def refund(self, reference: str, amount: Decimal | None, currency: str, *, key: str) -> None:
        assert currency == "USD"
        self._call("refund", reference, amount or self.sum_of("capture", reference), key)

    def look_up(self, reference: str, currency: str) -> Books:
        """The books are always open; what is late is not in them."""
        refunds = {
            key: row.amount
            for key, row in self.effects.items()
            if (row.kind, row.reference) == ("refund", reference)
        }
        taken = self.sum_of("capture", reference) or None
        gone = reference in self.lapsed or self.sum_of("void", reference)
        return Books(is_held=not (taken or gone), taken=taken, refunds=refunds)

    def _call(self, kind: str, reference: str, amount: Decimal, key: str) -> None:
        self.fuse()
        self.calls.append((kind, key))
        how = self._trouble(kind)
        if how == "refuse":
            raise ProviderRefusal(f"{kind}: the hold is gone")
        if how == "before":
            raise ProviderTrouble(f"{kind}: no answer")
        if how == "late":
            self.late.append((key, Effect(kind, reference, amount)))
            raise ProviderTrouble(f"{kind}: no answer yet")
        self._happen(key, Effect(kind, reference, amount))
        self.fuse()
        if how == "after":
            raise ProviderTrouble(f"{kind}: the answer got lost")

    def _trouble(self, kind: str) -> str:
        if self.trouble and self.trouble[0][0] in {"*", kind}:
            return self.trouble.popleft()[1]
        return ""

    def _happen(self, key: str, effect: Effect) -> None:
        if key in self.effects:
            assert self.effects[key] == effect, f"{key} came again with other values"
            return
        self.effects[key] = effect
        held, reference = self.holds[effect.reference], effect.reference
        captured, refunded = self.sum_of("capture", reference), self.sum_of("refund", reference)
        assert refunded <= captured <= held, f"{reference}: {held} {captured} {refunded}"
        kinds = [row.kind for row in self.effects.values() if row.reference == reference]
        assert kinds.count("capture") + kinds.count("void") <= 1, f"{reference}: {kinds}"

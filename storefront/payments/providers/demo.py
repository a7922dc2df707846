"""The demonstration's provider: a page of ours that accepts or declines. No money exists.

Settings refuse it for a real shop; its page refuses too.
"""
# ruff: noqa: ARG002  the signatures are the protocol's, and nothing here depends on what is asked

from decimal import Decimal

from django.urls import reverse

from storefront.payments.providers.protocol import Asked, Books, Fee, Started, State, Word


class Demo:
    """Holds, takes and gives back nothing, and says it worked."""

    name = "demo"

    def start(self, asked: Asked, *, key: str) -> Started:
        """Our own page, in the reader's language, where one chooses how the payment goes."""
        return Started("", reverse("checkout:pay", args=[asked.payment_id]))

    def confirm(self, session: str) -> Word:
        """Nobody but our own page knows, and that tells at once."""
        return Word(state=State.OPEN)

    def end(self, session: str) -> Word:
        """Our own page looks at the payment before it decides."""
        return Word(state=State.EXPIRED)

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Fee | None:
        """Nothing to take, and nobody who keeps a part of it."""
        return None

    def void(self, reference: str, *, key: str) -> None:
        """Nothing to release."""

    def refund(self, reference: str, amount: Decimal | None, currency: str, *, key: str) -> None:
        """Nothing to give back."""

    def look_up(self, reference: str, currency: str) -> Books:
        """No books are kept: whatever is asked for again happens again, to no money."""
        return Books(is_held=True)

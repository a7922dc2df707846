"""The demonstration's provider: a page of ours that accepts or declines. No money exists.

Settings refuse it for a real shop; its page refuses too.
"""

from decimal import Decimal
from uuid import UUID

from django.urls import reverse


class Demo:
    """Holds, takes and gives back nothing, and says it worked."""

    name = "demo"

    def page(self, payment_id: UUID) -> str:
        """Our own page, where one chooses how the payment goes."""
        return reverse("checkout:pay", args=[payment_id])

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> None:
        """Nothing to take."""

    def void(self, reference: str, *, key: str) -> None:
        """Nothing to release."""

    def refund(self, reference: str, amount: Decimal, currency: str, *, key: str) -> None:
        """Nothing to give back."""

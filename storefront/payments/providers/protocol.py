"""What every payment provider can do, and the words it answers in.

Each effect carries an idempotency key; with the same key it happens once. Amounts are in major
units of the payment's currency. Every call raises ProviderTrouble when it is not known whether the
effect happened, and ProviderRefusal when it did not and never will.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class ProviderTrouble(Exception):  # noqa: N818  the failure is the name
    """The provider did not answer, or not clearly: the same call with the same key comes again."""


class ProviderRefusal(Exception):  # noqa: N818  the failure is the name
    """The provider said no and will not say anything else: a closed account, a disputed charge."""


class HoldGone(ProviderRefusal):
    """The money is not held any more: it lapsed, or somebody released it at the provider."""


class NoProvider(Exception):  # noqa: N818  the failure is the name
    """The shop cannot take money: its provider is not one this version has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One line of what is paid for: the price is for one."""

    name: str
    price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All a provider needs for its page. The same payment always asks the same."""

    payment_id: UUID
    order_number: str
    goods: list[Goods]
    currency: str
    email: str
    locale: str
    # Where the customer comes back to after paying, and after turning round.
    return_url: str
    back_url: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """The provider's page: what it is called and where it is."""

    session: str
    url: str


class State(StrEnum):
    """What a provider says of its page."""

    OPEN = "open"  # the customer may still pay
    PENDING = "pending"  # paid, as far as the customer can; the provider waits for the bank
    HELD = "held"
    TAKEN = "taken"  # charged at once, where the method cannot be held
    DECLINED = "declined"
    EXPIRED = "expired"  # nobody paid, nobody can any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What the provider keeps, in the currency it settles in."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The provider's own answer about a page: what came of it, and of which money."""

    state: State
    reference: str = ""
    minor: int = 0
    currency: str = ""
    # Whether it is money of the kind this shop takes: real in a real shop.
    is_right_mode: bool = True
    # What about the answer does not fit together: a person looks at it.
    oddity: str = ""
    fee: Fee | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The provider's own record of money: whether it is held, what was taken, refunds by key."""

    is_held: bool
    taken: Decimal | None = None
    # Its currency, where it is not the one that was asked about.
    currency: str = ""
    refunds: dict[str, Decimal] = field(default_factory=dict)
    fee: Fee | None = None


class Provider(Protocol):
    """One way to be paid."""

    name: str

    def start(self, asked: Asked, *, key: str) -> Started:
        """Open a page where the customer pays."""

    def confirm(self, session: str) -> Word:
        """Ask the provider itself what came of the page."""

    def end(self, session: str) -> Word:
        """Close the page, unless it was paid; what came of it."""

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Fee | None:
        """Take held money, or a part of it; the rest of the hold is released. Raises HoldGone."""

    def void(self, reference: str, *, key: str) -> None:
        """Release held money; released already means done."""

    def refund(self, reference: str, amount: Decimal | None, currency: str, *, key: str) -> None:
        """Give taken money back; all of it when no amount is named."""

    def look_up(self, reference: str, currency: str) -> Books:
        """The provider's record of this money."""

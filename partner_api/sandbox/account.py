"""The partner's money: one balance with overdraft and reservations, and a ledger that explains it.

Every change of the balance is one row, and `balance_after` chains, unless a test asks for a silent
change. Amounts are Decimals in one currency. It knows nothing of orders but their ids.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from partner_api.sandbox.clock import stamp
from partner_api.sandbox.wire import Json

START = Decimal(10000)
OVERDRAFT_LIMIT = Decimal(100)
CURRENCY = "USD"


@dataclass(slots=True)
class Row:
    """One change of the balance: charge (negative), refund, topup or adjustment."""

    type: str
    amount: Decimal
    balance_after: Decimal
    created_at: datetime
    number: int
    order_id: str | None = None
    payment_method: str | None = None

    def view(self) -> Json:
        """Return the row as the reference shows it; the number stays with us."""
        return {
            "type": self.type,
            "amount": self.amount,
            "balance_after": self.balance_after,
            "currency": CURRENCY,
            "created_at": stamp(self.created_at),
            "order_id": self.order_id,
            "payment_method": self.payment_method,
            "fee_amount": 0,
            "original_amount": None,
            "original_currency": None,
            "exchange_rate": None,
        }


@dataclass(slots=True)
class Account:
    """The balance and its rows, oldest first. The caller holds the world's lock."""

    balance: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    allow_overdraft: bool = True
    overdraft_limit: Decimal = OVERDRAFT_LIMIT
    rows: list[Row] = field(default_factory=list)

    @property
    def available(self) -> Decimal:
        """Return what can be spent: balance - reserved + overdraft."""
        overdraft = self.overdraft_limit if self.allow_overdraft else Decimal(0)
        return self.balance - self.reserved + overdraft

    def book(
        self,
        kind: str,
        amount: Decimal,
        *,
        at: datetime,
        order_id: str | None = None,
        payment_method: str | None = None,
    ) -> Row:
        """Change the balance and write the row that says why."""
        self.balance += amount
        number = self.rows[-1].number + 1 if self.rows else 1
        row = Row(kind, amount, self.balance, at, number, order_id, payment_method)
        self.rows.append(row)
        return row

    def view(self) -> Json:
        """Return the balance as the reference shows it."""
        return {
            "balance": self.balance,
            "currency": CURRENCY,
            "reserved_amount": self.reserved,
            "available_balance": self.available,
            "allow_overdraft": self.allow_overdraft,
            "overdraft_limit": self.overdraft_limit,
            "is_overdrafted": self.balance < 0,
        }


def money(value: object) -> Decimal:
    """Return a Decimal of what a control call gave. ValueError when it is no finite number."""
    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        raise ValueError(f"{value!r} is not an amount") from None
    if not amount.is_finite():
        raise ValueError(f"{value!r} is not an amount")
    return amount

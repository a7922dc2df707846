"""Reads the partner's own account: who we are to them, the balance, the ledger."""

from decimal import Decimal

from partner_api.models import Balance, BalanceTransaction, Partner
from partner_api.reading.row import Row

_NONE = Decimal(0)


def read_partner(value: object, where: str) -> Partner:
    """The partner behind the token, with its balance."""
    row = Row(Row(value, where).values.get("partner"), f"{where}.partner")
    return Partner(
        uuid=row.text("uuid"),
        name=row.loose_text("name") or "",
        email=row.loose_text("email") or "",
        currency=row.text("currency"),
        is_active=row.maybe_flag("is_active") is not False,
        balance=read_balance(row.values.get("balance"), row.at("balance")),
    )


def read_balance(value: object, where: str) -> Balance:
    """The figures. Balance, currency and what is available must be there; the rest may not."""
    row = Row(value, where)
    balance = row.number("balance")
    overdrafted = row.maybe_flag("is_overdrafted")
    return Balance(
        balance=balance,
        currency=row.text("currency"),
        reserved_amount=row.maybe_number("reserved_amount") or _NONE,
        available_balance=row.number("available_balance"),
        allow_overdraft=row.maybe_flag("allow_overdraft") or False,
        overdraft_limit=row.maybe_number("overdraft_limit") or _NONE,
        is_overdrafted=balance < 0 if overdrafted is None else overdrafted,
    )


def read_transaction(value: object, where: str) -> BalanceTransaction:
    """One row of the ledger; without its type, amounts, currency or time it can't be read."""
    row = Row(value, where)
    return BalanceTransaction(
        type=row.text("type"),
        amount=row.number("amount"),
        balance_after=row.number("balance_after"),
        currency=row.text("currency"),
        created_at=row.moment("created_at"),
        order_id=row.maybe_text("order_id"),
        payment_method=row.loose_text("payment_method"),
        fee_amount=row.maybe_number("fee_amount"),
        original_amount=row.maybe_number("original_amount"),
        original_currency=row.loose_text("original_currency"),
        exchange_rate=row.maybe_number("exchange_rate"),
    )

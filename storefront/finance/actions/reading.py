"""Asking the partner for the balance, and writing what it said with our own figures beside it."""

from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from django.db import transaction

from partner_api import PartnerClient, PartnerError
from partner_api.models import Balance
from storefront import partner
from storefront.finance.actions.alerting import judge
from storefront.finance.models.balance import BalanceReading
from storefront.finance.queries import balance as queries
from storefront.fulfillment.queries import claims
from storefront.partner import circuits

log = structlog.get_logger(__name__)

# Nobody asks again sooner for a page alone.
FRESH = timedelta(minutes=1)


def read_balance(*, client: PartnerClient, now: datetime) -> BalanceReading:
    """Ask once and write the answer, or why there was none. No transaction is open meanwhile."""
    try:
        said = client.balance()
    except PartnerError as error:
        log.warning("no balance", error=str(error))
        words = str(error) or type(error).__name__
        return BalanceReading.objects.create(at=now, error=words[:300])
    with transaction.atomic():
        reading = _written(said, client.clock_skew, now)
        judge(reading=reading, now=now)
    return reading


def freshen(*, now: datetime) -> None:
    """Ask if nobody did lately, for a page behind which somebody waits: for HASTE at most."""
    last = queries.last_reading()
    is_fresh = last is not None and last.at > now - FRESH
    if not is_fresh and circuits.wait(circuits.Capability.READ, now=now) is None:
        read_balance(client=partner.hasty_client(), now=now)


def _written(said: Balance, skew: float | None, now: datetime) -> BalanceReading:
    under_way = queries.under_way(said.currency)
    return BalanceReading.objects.create(
        at=now,
        currency=said.currency,
        balance=said.balance,
        available=said.available_balance,
        reserved=said.reserved_amount,
        is_overdraft_allowed=said.allow_overdraft,
        overdraft_limit=said.overdraft_limit,
        is_overdrafted=said.is_overdrafted or said.balance < 0,
        claimed=claims(currency=said.currency),
        under_way=under_way,
        expected=_expected(queries.last_answer(), said.currency, under_way, now),
        clock_skew=None if skew is None else round(skew),
    )


def _expected(
    before: BalanceReading | None, currency: str, under_way: Decimal, now: datetime
) -> Decimal | None:
    """The balance less the reserved as our books have it, from the figures before.

    Whether the partner reserves or charges when it takes an order makes no difference to it.
    """
    if before is None or before.currency != currency or before.at > now:
        return None
    booked = queries.spent(currency, after=before.at, until=now)
    return before.free - booked - (under_way - (before.under_way or queries.ZERO))

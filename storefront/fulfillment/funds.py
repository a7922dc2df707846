"""The float: what of our balance at the partner is not yet spoken for. Asked before a payment."""

from dataclasses import dataclass
from decimal import Decimal

import structlog

from partner_api import PartnerError
from storefront import partner
from storefront.fulfillment.queries import claims

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Funds:
    """What can be spent, by the partner's own figure, in its currency."""

    available: Decimal
    currency: str

    def cover(self, costs: dict[str, Decimal]) -> bool:
        """Whether goods of this cost, by currency, can be bought beside all that is paid for.

        A cost in another currency than the balance's can't be compared, and counts as covered.
        """
        cost = costs.get(self.currency, Decimal(0))
        return self.available - claims(currency=self.currency) >= cost


def ask() -> Funds | None:
    """The balance now, or None when there is no answer within the client's haste.

    No row is touched: it may be asked in a thread of its own.
    """
    try:
        balance = partner.hasty_client().balance()
    except PartnerError as error:
        log.warning("no balance", error=str(error))
        return None
    return Funds(balance.available_balance, balance.currency)

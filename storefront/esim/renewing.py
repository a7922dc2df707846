"""Whether data may be added to an eSIM, asked once more before anybody pays for it."""

from datetime import datetime, timedelta

from storefront import partner
from storefront.esim import actions
from storefront.esim.models import Esim
from storefront.partner import circuits

# Of several clicks one asks.
_JUST_NOW = timedelta(seconds=10)


def may_renew(*, esim: Esim, known_for: timedelta, now: datetime) -> bool:
    """What the partner says now; where it does not answer, what it said within `known_for`.

    No transaction may be open: it waits for the network.
    """
    if circuits.wait(circuits.Capability.READ, now=now) is None:
        client = partner.hasty_client()
        actions.ask(esim_id=esim.pk, client=client, now=now, not_within=_JUST_NOW)
        esim.refresh_from_db()
    is_known = esim.checked_at is not None and now - esim.checked_at <= known_for
    return bool(is_known and esim.can_renew)

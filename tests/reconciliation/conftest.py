"""The bench of fulfilment, without its own look at the invariants in the end: here books differ."""

from tests.audit.conftest import shop
from tests.fulfillment.conftest import _django_db_helper, partner, partner_client, till

__all__ = ["_django_db_helper", "partner", "partner_client", "shop", "till"]

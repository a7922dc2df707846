"""How long work has been due: the one sign that nobody does it, however processes look."""

from datetime import datetime, timedelta

from django.db import connection

from storefront.fulfillment.states import ACTIVE

# Nothing due waits longer than this while workers work, WAIT_SCALE or not.
LONGEST = timedelta(minutes=5)

# Each asks for the oldest row in the index of what is due. A lease does not excuse it: one that is
# over is due, too.
_OLDEST = {
    "purchases": "SELECT min(greatest(due_at, lease_until)) FROM fulfillment_purchase"
    " WHERE due_at IS NOT NULL AND status = ANY(%(active)s)",
    "orders": "SELECT min(greatest(settle_due_at, settle_lease_until)) FROM orders_order"
    " WHERE settle_due_at IS NOT NULL",
    "payments": "SELECT min(due_at) FROM payments_payment WHERE due_at IS NOT NULL",
    "webhooks": "SELECT min(due_at) FROM webhooks_partnerevent WHERE due_at IS NOT NULL",
}


def overdue(*, now: datetime) -> dict[str, timedelta]:
    """By kind of work: for how long the oldest has been due. What is not due is left out."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in _OLDEST.items():
            cursor.execute(query, {"active": sorted(ACTIVE)})
            ((oldest,),) = cursor.fetchall()
            if oldest is not None and oldest < now:
                found[name] = now - oldest
    return found

"""Webhooks: INV-18, INV-19 and INV-21, as far as the inbox tells."""

from storefront.audit.check import Check
from storefront.webhooks.actions import MOST_COPIES

CHECKS = (
    Check(
        invariant=18,
        says="an event led to no more than a question about an order of ours",
        query="""
            SELECT 'webhook ' || e.id || ' was followed and speaks of no order of ours'
            FROM webhooks_partnerevent e WHERE e.status = 'applied' AND NOT EXISTS (
              SELECT FROM fulfillment_purchase p
              WHERE (e.external_id <> '' AND p.external_id = e.external_id)
                 OR (e.partner_order_id <> '' AND p.partner_order_id = e.partner_order_id))
        """,
    ),
    Check(
        invariant=19,
        says="an event that was accepted is followed, or its end is written down",
        query="""
            SELECT 'webhook ' || id || ' is ' || status || ', due '
              || coalesce(due_at::text, 'never')
            FROM webhooks_partnerevent WHERE (status = 'received') <> (due_at IS NOT NULL)
        """,
    ),
    Check(
        invariant=21,
        says="altered copies of one delivery cost no more than a few questions",
        query=f"""
            SELECT 'the delivery ' || idempotency_key || ' was kept in ' || count(*) || ' forms'
            FROM webhooks_partnerevent GROUP BY idempotency_key HAVING count(*) > {MOST_COPIES}
        """,  # noqa: S608  a number of ours
    ),
)

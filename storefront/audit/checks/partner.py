"""Our rows against the partner's own orders and ledger: what `books` has copied beside them."""

from storefront.audit.check import Check

CHECKS = (
    Check(
        invariant=1,
        says="the partner has at most one order that may bring a code for each chunk",
        query="""
            SELECT 'chunk ' || p.chunk || ' of line ' || p.line_id || ' was bought ' || count(*)
              || ' times'
            FROM partner_orders s JOIN fulfillment_purchase p USING (external_id)
            WHERE s.status NOT IN ('failed', 'cancelled')
            GROUP BY p.line_id, p.chunk HAVING count(*) > 1
        """,
    ),
    Check(
        invariant=2,
        says="the partner has no order that we did not write down as sent",
        query="""
            SELECT p.external_id || ' is at the partner and was never sent'
            FROM partner_orders s JOIN fulfillment_purchase p USING (external_id)
            WHERE p.posts = 0
        """,
    ),
    Check(
        invariant=4,
        says="the partner has no order of ours that nobody knows",
        query="""
            SELECT 'nobody knows ' || s.external_id FROM partner_orders s
            WHERE s.external_id ~ %(ours)s
              AND coalesce(s.created_at < %(orphan)s, %(orphan)s IS NULL) AND NOT EXISTS (
              SELECT FROM fulfillment_purchase p WHERE p.external_id = s.external_id)
        """,
    ),
    Check(
        invariant=7,
        says="what we delivered is what the partner sold for it",
        query="""
            SELECT p.external_id || ' delivered ' || p.delivered || ' of ' || p.sku_id
              || ', the partner says ' || s.status || ' with ' || s.units || ' of '
              || coalesce(s.sku_id, 'nothing')
            FROM partner_orders s JOIN fulfillment_purchase p USING (external_id)
            WHERE p.delivered > 0 AND p.finished_at <= %(settled)s AND (
              s.status NOT IN ('completed', 'partially_completed') OR s.sku_id <> p.sku_id::text
              OR s.quantity <> p.quantity
              OR (s.units <> p.delivered AND s.units > 0))
            UNION ALL
            SELECT p.external_id || ' delivered ' || p.delivered || ', the partner lists nothing'
            FROM fulfillment_purchase p WHERE p.delivered > 0 AND p.finished_at <= %(settled)s
              AND (SELECT bool_and(since < p.created_at) FROM partner_window)
              AND NOT EXISTS (SELECT FROM partner_orders s WHERE s.external_id = p.external_id)
        """,
    ),
    Check(
        invariant=7,
        says="what the customer got back is not at the partner as sold",
        query="""
            SELECT p.external_id || ' is ' || p.status || ', the partner says ' || s.status
            FROM partner_orders s JOIN fulfillment_purchase p USING (external_id)
            WHERE p.status IN ('failed', 'not_placed')
              AND p.finished_at <= %(settled)s AND s.units > 0
              AND s.status IN ('completed', 'partially_completed') AND NOT EXISTS (
                SELECT FROM fulfillment_purchaseevent e
                WHERE e.purchase_id = p.id AND e.note LIKE 'given up by %%')
        """,
    ),
    Check(
        invariant=16,
        says="what the partner kept for an order is the cost we booked",
        query="""
            SELECT p.external_id || ' cost ' || coalesce(k.kept, 0) || ' at the partner, booked '
              || coalesce(e.amount, 0)
            FROM fulfillment_purchase p
            JOIN LATERAL (SELECT -sum(c.amount) AS kept FROM partner_charges c
              JOIN partner_orders s ON s.partner_id = c.order_id
              WHERE s.external_id = p.external_id) k ON true
            LEFT JOIN ledger_entry e ON e.kind = 'cost' AND e.reference = p.external_id
            WHERE p.finished_at <= %(settled)s AND coalesce(k.kept, 0) <> coalesce(e.amount, 0)
              AND (SELECT bool_and(since < p.created_at) FROM partner_window)
        """,
    ),
)

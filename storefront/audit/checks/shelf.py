"""The catalog and what is sold from it: INV-27, INV-29 to INV-31, as far as rows tell."""

from storefront.audit.check import Check

CHECKS = (
    Check(
        invariant=27,
        says="only a run that was whole has published prices",
        query="""
            SELECT 'prices are said to be of ' || s.priced_at || ', when no whole run began'
            FROM catalog_catalogstate s WHERE s.priced_at IS NOT NULL AND NOT EXISTS (
              SELECT FROM catalog_syncrun r
              WHERE r.status = 'published' AND r.started_at <= s.priced_at)
        """,
    ),
    Check(
        invariant=29,
        says="nothing is sold below what it costs",
        query="""
            SELECT o.number || ' sells at ' || l.unit_amount || ' what costs ' || l.unit_cost
            FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
            WHERE l.currency = l.cost_currency AND l.unit_amount < l.unit_cost
        """,
    ),
    Check(
        invariant=30,
        says="what is bought is what was ordered, in chunks the partner takes",
        query="""
            SELECT p.external_id || ' buys ' || p.quantity || ' of ' || p.sku_id
              || ', its line has ' || l.max_per_order || ' a time of ' || l.sku_id
            FROM fulfillment_purchase p JOIN orders_orderline l ON l.id = p.line_id
            WHERE p.quantity > l.max_per_order OR p.sku_id <> l.sku_id
            UNION ALL
            SELECT o.number || ' was paid for ' || l.quantity || ', bought are ' || b.quantity
            FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
            JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS quantity FROM (
              SELECT DISTINCT ON (chunk) quantity FROM fulfillment_purchase
              WHERE line_id = l.id ORDER BY chunk, attempt DESC) live) b ON true
            WHERE o.paid_at IS NOT NULL AND l.quantity <> b.quantity
        """,
    ),
    Check(
        invariant=31,
        says="no description can run, load, send or lead anywhere",
        query=r"""
            SELECT 'product ' || id || ' has more than text in its description'
            FROM catalog_product
            WHERE description_en || description_ru ~*
              '<\s*(script|iframe|object|embed|form|input|img|svg|link|meta|base|style|a)\M'
              OR description_en || description_ru ~* '<[^>]*\s(on\w+|style|hx-[\w-]+|srcdoc)\s*='
        """,
    ),
)

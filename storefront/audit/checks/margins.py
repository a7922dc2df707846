"""What finance reads: INV-16, that its figures are sums of the ledger."""

from storefront.audit.check import Check

CHECKS = (
    Check(
        invariant=16,
        says="the shares of an entry add up to it, and margins are sums of shares",
        query="""
            SELECT 'entry ' || e.id || ' of ' || e.amount || ' has shares of ' || s.total
            FROM ledger_entry e JOIN (
              SELECT entry_id, min(currency) AS currency, sum(amount) AS total
              FROM finance_share GROUP BY entry_id
            ) s ON s.entry_id = e.id
            WHERE s.currency = e.currency AND s.total <> e.amount
            UNION ALL
            SELECT 'the margin of product ' || coalesce(product_id::text, 'none') || ' on ' || day
              || ' is ' || coalesce(d.margin, 0) || ', its shares say ' || coalesce(s.margin, 0)
            FROM (SELECT coalesce(product_id, '00000000-0000-0000-0000-000000000000') AS product_id,
                day, currency, margin FROM finance_dailymargin) d
            FULL JOIN (
              SELECT coalesce(product_id, '00000000-0000-0000-0000-000000000000') AS product_id,
                day, currency, sum(CASE kind WHEN 'sale' THEN amount ELSE -amount END) AS margin
              FROM finance_share GROUP BY 1, 2, 3
            ) s USING (product_id, day, currency)
            WHERE d.margin IS DISTINCT FROM s.margin
            UNION ALL
            SELECT 'the margin of ' || order_number || ' is ' || coalesce(o.margin, 0)
              || ', its shares say ' || coalesce(s.margin, 0)
            FROM finance_ordermargin o FULL JOIN (
              SELECT e.order_number, s.currency,
                sum(CASE s.kind WHEN 'sale' THEN s.amount ELSE -s.amount END) AS margin
              FROM finance_share s JOIN ledger_entry e ON e.id = s.entry_id GROUP BY 1, 2
            ) s USING (order_number, currency)
            WHERE o.margin IS DISTINCT FROM s.margin
        """,
    ),
)

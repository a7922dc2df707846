"""Money: INV-9 to INV-17, in our own books."""

from storefront.audit.check import Check

CHECKS = (
    Check(
        invariant=9,
        says="a payment asks for exactly what its order's lines cost, and takes no more",
        query="""
            SELECT 'payment ' || p.id || ' of ' || p.amount || ' ' || p.currency || ' captured '
              || p.captured_amount || ' for an order of ' || l.price || ' ' || o.currency
            FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
            JOIN LATERAL (SELECT coalesce(sum(unit_amount * quantity), 0) AS price,
                bool_and(currency = o.currency) AS agrees
              FROM orders_orderline WHERE order_id = o.id) l ON true
            WHERE p.amount <> l.price OR p.currency <> o.currency OR o.total_amount <> l.price
              OR NOT l.agrees OR p.captured_amount NOT BETWEEN 0 AND p.amount
        """,
    ),
    Check(
        invariant=9,
        says="an order is paid once",
        query="""
            SELECT o.number || ' was paid ' || count(*) || ' times'
            FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
            WHERE p.status IN ('authorised', 'captured') GROUP BY o.id HAVING count(*) > 1
        """,
    ),
    Check(
        invariant=10,
        says="of an order at rest, what was taken is what was delivered and what was given back",
        query="""
            SELECT o.number || ' (' || o.status || ') took ' || m.taken || ', delivered '
              || g.value || ', returned ' || m.returned || ' for what did not come'
            FROM orders_order o
            JOIN LATERAL (SELECT coalesce(sum(p.captured_amount), 0) AS taken, coalesce(sum(
                (SELECT sum(r.amount) FROM payments_refund r WHERE r.payment_id = p.id
                 AND r.status <> 'failed' AND r.reference LIKE 'undelivered-%%')), 0) AS returned
              FROM payments_payment p WHERE p.order_id = o.id) m ON true
            JOIN LATERAL (SELECT coalesce(sum(l.unit_amount * b.delivered), 0) AS value
              FROM orders_orderline l JOIN fulfillment_purchase b ON b.line_id = l.id
              WHERE l.order_id = o.id) g ON true
            WHERE o.paid_at IS NOT NULL AND o.status = ANY(%(settled_orders)s)
              AND o.frozen_because <> 'hold_lost' AND m.taken <> g.value + m.returned
        """,
    ),
    Check(
        invariant=10,
        says="an order at rest has nothing going on and hides no code that was paid for",
        query="""
            SELECT o.number || ' is ' || o.status || ' while ' || p.external_id || ' goes on'
            FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
            JOIN fulfillment_purchase p ON p.line_id = l.id
            WHERE o.status = ANY(%(settled_orders)s) AND p.finished_at IS NULL
            UNION ALL
            SELECT o.number || ' is ' || o.status || ' and hides a code that was paid for'
            FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
            JOIN orders_delivery d ON d.line_id = l.id
            WHERE o.status IN ('completed', 'partially_completed') AND d.released_at IS NULL
              AND o.frozen_at IS NULL
        """,
    ),
    Check(
        invariant=11,
        says="no more is given back than was taken, what is pending included",
        query="""
            SELECT 'payment ' || p.id || ' took ' || p.captured_amount || ', says '
              || p.refunded_amount || ' given back, gives back ' || r.given
            FROM payments_payment p JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS given
              FROM payments_refund WHERE payment_id = p.id AND status <> 'failed') r ON true
            WHERE r.given <> p.refunded_amount OR r.given > p.captured_amount
        """,
    ),
    Check(
        invariant=12,
        says="what was taken is one finished intent of that amount, and the other way round",
        query="""
            SELECT 'payment ' || p.id || ' is ' || p.status || ' with ' || p.captured_amount
              || ' taken, its intent says ' || coalesce(c.status || ' ' || c.amount, 'nothing')
            FROM payments_payment p LEFT JOIN payments_capture c ON c.payment_id = p.id
            WHERE (p.status = 'captured') <> coalesce(c.status = 'done', false)
              OR (p.status = 'captured' AND p.captured_amount <> c.amount)
            UNION ALL
            SELECT 'refund ' || id || ' is ' || status || ', done ' || coalesce(done_at::text, '-')
            FROM payments_refund WHERE (status = 'done') <> (done_at IS NOT NULL)
        """,
    ),
    Check(
        invariant=13,
        says="nothing is bought, delivered or shown that was not paid for",
        query="""
            SELECT o.number || ' was never paid and ' || p.external_id || ' exists'
            FROM fulfillment_purchase p JOIN orders_orderline l ON l.id = p.line_id
            JOIN orders_order o ON o.id = l.order_id
            WHERE o.paid_at IS NULL OR NOT EXISTS (SELECT FROM payments_payment m
              WHERE m.order_id = o.id AND m.provider_reference <> '')
            UNION ALL
            SELECT o.number || ' shows codes worth ' || s.value || ' for ' || m.taken || ' taken'
            FROM orders_order o
            JOIN LATERAL (SELECT coalesce(sum(l.unit_amount), 0) AS value FROM orders_delivery d
              JOIN orders_orderline l ON l.id = d.line_id
              WHERE l.order_id = o.id AND d.released_at IS NOT NULL) s ON true
            JOIN LATERAL (SELECT coalesce(sum(captured_amount), 0) AS taken
              FROM payments_payment WHERE order_id = o.id) m ON true
            WHERE s.value > m.taken
            UNION ALL
            SELECT 'delivery ' || d.id || ' was seen before it was released'
            FROM orders_reveal r JOIN orders_delivery d ON d.id = r.delivery_id
            WHERE d.released_at IS NULL OR r.at < d.released_at
        """,
    ),
    Check(
        invariant=14,
        says="what was given back whole is not looked at afterwards",
        query="""
            SELECT o.number || ' was refunded whole, and a code of it was seen after that'
            FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
            JOIN LATERAL (SELECT max(created_at) AS at FROM payments_refund
              WHERE payment_id = p.id AND status <> 'failed') f ON true
            JOIN orders_orderline l ON l.order_id = o.id
            JOIN orders_delivery d ON d.line_id = l.id
            JOIN LATERAL (SELECT min(at) AS at FROM orders_reveal WHERE delivery_id = d.id) r
              ON true
            WHERE p.captured_amount > 0 AND p.refunded_amount = p.captured_amount AND r.at > f.at
        """,
    ),
    Check(
        invariant=14,
        says="codes of an order that is frozen are not looked at for the first time",
        query="""
            SELECT o.number || ' is frozen (' || o.frozen_because || '), and a code was seen'
            FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
            JOIN orders_delivery d ON d.line_id = l.id
            JOIN LATERAL (SELECT min(at) AS at FROM orders_reveal WHERE delivery_id = d.id) r
              ON true
            WHERE r.at > o.frozen_at
            UNION ALL
            SELECT o.number || ' lost its hold, and took ' || p.captured_amount
            FROM orders_order o JOIN payments_payment p ON p.order_id = o.id
            WHERE o.frozen_because = 'hold_lost' AND p.captured_amount > 0
        """,
    ),
    Check(
        invariant=15,
        says="payments never go back, each move with its event",
        query="""
            SELECT 'payment ' || e.payment_id || ' went ' || e.from_status || ' -> '
              || e.to_status || ' while ' || e.before
            FROM (SELECT *, lag(to_status, 1, 'open') OVER w AS before
                  FROM payments_paymentevent WINDOW w AS (PARTITION BY payment_id ORDER BY id)
            ) e WHERE e.from_status <> e.before
              OR e.from_status || '>' || e.to_status <> ALL(%(payment_moves)s)
            UNION ALL
            SELECT 'payment ' || p.id || ' is ' || p.status || ', its events end at ' || e.at_last
            FROM payments_payment p CROSS JOIN LATERAL (SELECT coalesce(
              (SELECT to_status FROM payments_paymentevent WHERE payment_id = p.id
               ORDER BY id DESC LIMIT 1), 'open') AS at_last) e
            WHERE p.status <> e.at_last
        """,
    ),
    Check(
        invariant=16,
        says="the ledger tells of every effect exactly once, and of no other",
        query="""
            SELECT coalesce(e.kind, f.kind) || ' ' || coalesce(e.reference, f.reference)
              || ': the ledger says ' || coalesce(e.amount::text, 'nothing') || ', the effect is '
              || coalesce(f.amount::text, 'none')
            FROM (SELECT kind, reference, amount FROM ledger_entry
                  WHERE kind IN ('sale', 'refund') AND reference NOT LIKE 'return-%%') e
            FULL JOIN (SELECT 'sale' AS kind, id::text AS reference, amount FROM payments_capture
                       WHERE status = 'done' UNION ALL
                       SELECT 'refund', id::text, amount FROM payments_refund
                       WHERE status = 'done') f USING (kind, reference)
            WHERE e.amount IS DISTINCT FROM f.amount
            UNION ALL
            SELECT 'payment ' || p.id || ' was returned and the ledger has ' || count(e.id)
              || ' entries of it'
            FROM payments_payment p LEFT JOIN ledger_entry e ON e.reference = 'return-' || p.id
              AND e.kind IN ('sale', 'refund')
            WHERE p.status = 'returned' GROUP BY p.id
            HAVING count(e.id) <> 2 OR max(e.amount) <> min(e.amount)
            UNION ALL
            SELECT p.external_id || ' delivered and its cost is not in the ledger'
            FROM fulfillment_purchase p WHERE p.delivered > 0 AND NOT EXISTS (
              SELECT FROM ledger_entry WHERE kind = 'cost' AND reference = p.external_id)
        """,
    ),
    Check(
        invariant=17,
        says="no table of ours keeps a float, and quantities and prices are above nothing",
        query="""
            SELECT table_name || '.' || column_name || ' is a float'
            FROM information_schema.columns WHERE table_schema = current_schema()
              AND data_type IN ('real', 'double precision')
            UNION ALL
            SELECT 'line ' || id || ' has ' || quantity || ' at ' || unit_amount
            FROM orders_orderline WHERE quantity < 1 OR unit_amount <= 0 OR unit_cost <= 0
            UNION ALL
            SELECT 'the database does not refuse what ' || wanted || ' refuses'
            FROM unnest(ARRAY['lines_have_quantities', 'lines_have_prices',
              'purchases_have_quantities', 'payments_have_amounts', 'refunds_within_captures',
              'captures_within_payments', 'deliveries_within_quantities']) AS wanted
            WHERE NOT EXISTS (SELECT FROM pg_constraint
              WHERE conname = wanted AND contype = 'c' AND convalidated)
        """,
    ),
)

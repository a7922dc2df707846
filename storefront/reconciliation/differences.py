"""The differences, as queries over the three books. Each row of an answer is one difference:
(kind, subject, order number, amount in our favour, currency, both sides in words, when it was).

The partner's orders and charges lie beside ours as temporary tables (`books.beside`), as do, from
`MATCHED`, our purchases with what the partner says of each. Nothing is younger than `settled`,
because lists may lag and charges come later, and nothing older than `since`.
"""

MATCHED = """
    CREATE TEMP TABLE matched ON COMMIT DROP AS
    SELECT p.id, p.external_id, o.number, p.status, p.delivered, p.quantity, p.sku_id::text,
      p.cost_currency, p.created_at, coalesce(e.amount, 0) AS booked, e.id IS NOT NULL AS is_booked,
      s.orders, s.alive, s.status AS their_status, s.sku_id AS their_sku,
      s.quantity AS their_quantity, s.units, coalesce(k.kept, 0) AS kept,
      coalesce(k.charges, 0) AS charges, k.currency
    FROM fulfillment_purchase p
    JOIN orders_orderline l ON l.id = p.line_id JOIN orders_order o ON o.id = l.order_id
    LEFT JOIN (SELECT external_id, count(*) AS orders,
        count(*) FILTER (WHERE status NOT IN ('failed', 'cancelled')) AS alive,
        max(status) AS status, max(sku_id) AS sku_id, max(quantity) AS quantity,
        max(units) AS units
      FROM partner_orders GROUP BY external_id) s USING (external_id)
    LEFT JOIN (SELECT s.external_id, -sum(c.amount) AS kept, max(c.currency) AS currency,
        count(*) FILTER (WHERE c.amount < 0) AS charges
      FROM partner_charges c JOIN partner_orders s ON s.partner_id = c.order_id
      GROUP BY s.external_id) k USING (external_id)
    LEFT JOIN ledger_entry e ON e.kind = 'cost' AND e.reference = p.external_id
    WHERE p.created_at >= %(since)s AND p.finished_at <= %(settled)s
"""

# A difference of goods names its money along with it.
_GOODS = """
    SELECT kind, external_id, number, booked - kept, cost_currency, left(CASE kind
        WHEN 'order_missing' THEN 'we delivered ' || delivered || ', the partner lists nothing'
        WHEN 'bought_twice' THEN 'one purchase, ' || alive || ' orders at the partner'
        WHEN 'goods_differ' THEN quantity || ' of ' || sku_id || ' here, '
          || coalesce(their_quantity, 0) || ' of ' || coalesce(their_sku, 'nothing') || ' there'
        ELSE delivered || ' codes here (' || status || '), '
          || units || ' there (' || their_status || ')' END, 300), created_at
    FROM (SELECT *, CASE
        WHEN alive > 1 THEN 'bought_twice'
        WHEN orders IS NULL AND delivered > 0 THEN 'order_missing'
        WHEN alive = 0 AND delivered > 0 THEN 'not_sold'
        WHEN delivered = 0 AND alive > 0 AND units > 0 THEN 'sold_after_all'
        WHEN delivered > 0 AND (their_sku <> sku_id OR their_quantity <> quantity)
          THEN 'goods_differ'
        WHEN delivered > 0 AND units > 0 AND units <> delivered THEN 'units_differ'
      END AS kind FROM matched) m WHERE kind IS NOT NULL
"""

_CHARGES = """
    SELECT CASE
        WHEN charges > 0 AND currency <> cost_currency THEN 'currency_differs'
        WHEN delivered > 0 AND NOT is_booked THEN 'cost_unbooked'
        WHEN kept > booked AND their_status IN ('failed', 'cancelled') THEN 'refund_missing'
        WHEN kept > booked AND charges > 1 THEN 'charged_twice'
        WHEN kept > booked AND their_status = 'partially_completed' THEN 'refund_missing'
        WHEN charges = 0 THEN 'charge_missing'
        ELSE 'charge_differs' END,
      external_id, number, booked - kept, cost_currency,
      trim_scale(booked) || ' ' || cost_currency || ' booked here, ' || trim_scale(kept) || ' '
        || coalesce(currency, cost_currency) || ' kept there in ' || charges || ' charges',
      created_at
    FROM matched
    WHERE orders = 1 AND (kept <> booked OR currency <> cost_currency
      OR (delivered > 0 AND NOT is_booked))
      AND NOT (alive = 0 AND delivered > 0) AND NOT (delivered = 0 AND alive > 0 AND units > 0)
"""

_STRANGE_ORDERS = """
    SELECT CASE WHEN s.external_id ~ %(ours)s THEN 'order_unknown' ELSE 'order_foreign' END,
      left(coalesce(nullif(s.external_id, ''), s.partner_id), 120), '', coalesce(k.amount, 0),
      coalesce(k.currency, ''), left('the partner has it as ' || s.partner_id || ', '
        || s.status, 300), coalesce(s.created_at, %(settled)s)
    FROM partner_orders s LEFT JOIN LATERAL (SELECT sum(amount) AS amount,
      max(currency) AS currency FROM partner_charges WHERE order_id = s.partner_id) k ON true
    WHERE coalesce(s.created_at, %(settled)s) BETWEEN %(since)s AND %(settled)s
      AND NOT EXISTS (SELECT FROM fulfillment_purchase p WHERE p.external_id = s.external_id)
"""

_STRANGE_CHARGES = """
    SELECT 'charge_unknown', m.order_id, '', sum(m.amount), max(m.currency),
      count(*) || ' rows of the ledger name it', min(m.created_at)
    FROM reconciliation_mirroredtransaction m
    WHERE m.order_id <> '' AND m.amount < 0 AND m.missing_since IS NULL
      AND m.created_at BETWEEN %(since)s AND %(settled)s
      AND NOT EXISTS (SELECT FROM partner_orders s WHERE s.partner_id = m.order_id)
      AND NOT EXISTS (SELECT FROM fulfillment_purchase p WHERE p.partner_order_id = m.order_id)
    GROUP BY m.order_id
"""

_LEDGER_ROWS = """
    SELECT CASE WHEN missing_since IS NULL THEN 'unexplained' ELSE 'row_gone' END, 'row ' || id, '',
      CASE WHEN missing_since IS NULL THEN amount ELSE -amount END, currency,
      type || ' of ' || trim_scale(amount) || ' ' || currency
        || CASE WHEN order_id = '' THEN '' ELSE ' for ' || order_id END, created_at
    FROM reconciliation_mirroredtransaction
    WHERE missing_since IS NOT NULL OR (created_at >= %(since)s
      AND (type NOT IN ('charge', 'refund', 'topup') OR (type = 'charge' AND order_id = '')))
"""

_PAYMENTS = """
    SELECT kind, number, number, amount, currency, says, paid_at FROM (
      SELECT o.number, o.paid_at, o.currency, m.taken - g.value - m.returned AS amount,
        CASE WHEN m.taken > g.value + m.returned THEN 'kept_too_much' ELSE 'gave_too_much' END
          AS kind,
        m.taken || ' taken, ' || g.value || ' delivered, ' || m.returned || ' given back' AS says
      FROM orders_order o
      JOIN LATERAL (SELECT coalesce(sum(p.captured_amount), 0) AS taken, coalesce(sum(
          (SELECT sum(r.amount) FROM payments_refund r WHERE r.payment_id = p.id
           AND r.status <> 'failed' AND r.reference LIKE 'undelivered-%%')), 0) AS returned
        FROM payments_payment p WHERE p.order_id = o.id) m ON true
      JOIN LATERAL (SELECT coalesce(sum(l.unit_amount * b.delivered), 0) AS value
        FROM orders_orderline l JOIN fulfillment_purchase b ON b.line_id = l.id
        WHERE l.order_id = o.id) g ON true
      WHERE o.paid_at BETWEEN %(since)s AND %(settled)s AND o.status = ANY(%(settled_orders)s)
        AND m.taken <> g.value + m.returned AND (m.taken > 0 OR g.value = 0)
      UNION ALL
      SELECT o.number, o.paid_at, max(p.cost_currency), -sum(e.amount), 'bought_unpaid',
        sum(e.amount) || ' paid to the partner, nothing taken'
      FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
      JOIN fulfillment_purchase p ON p.line_id = l.id
      JOIN ledger_entry e ON e.kind = 'cost' AND e.reference = p.external_id AND e.amount > 0
      WHERE o.paid_at BETWEEN %(since)s AND %(settled)s AND o.status = ANY(%(settled_orders)s)
        AND NOT EXISTS (SELECT FROM payments_payment y
          WHERE y.order_id = o.id AND y.captured_amount > 0)
      GROUP BY o.id
    ) found
"""

_OUR_LEDGER = """
    SELECT f.kind || '_differs', f.reference, o.number, coalesce(e.amount, 0) - f.amount,
      o.currency, f.amount || ' by the payment, ' || coalesce(e.amount::text, 'nothing')
        || ' in the ledger', f.done_at
    FROM (SELECT 'sale' AS kind, c.id::text AS reference, c.amount, c.done_at, c.payment_id
          FROM payments_capture c WHERE c.status = 'done' AND c.done_at >= %(since)s UNION ALL
          SELECT 'refund', r.id::text, r.amount, r.done_at, r.payment_id
          FROM payments_refund r WHERE r.status = 'done' AND r.done_at >= %(since)s) f
    JOIN payments_payment p ON p.id = f.payment_id JOIN orders_order o ON o.id = p.order_id
    LEFT JOIN ledger_entry e ON e.kind = f.kind AND e.reference = f.reference
    WHERE e.amount IS DISTINCT FROM f.amount
    UNION ALL
    SELECT e.kind || '_differs', e.reference, e.order_number, e.amount, e.currency,
      'nothing was done, ' || e.amount || ' in the ledger', e.at
    FROM ledger_entry e WHERE e.kind IN ('sale', 'refund') AND e.reference NOT LIKE 'return-%%'
      AND e.at >= %(since)s
      AND NOT EXISTS (SELECT FROM payments_capture WHERE id::text = e.reference AND status = 'done')
      AND NOT EXISTS (SELECT FROM payments_refund WHERE id::text = e.reference AND status = 'done')
"""

QUERIES = (
    _GOODS, _CHARGES, _STRANGE_ORDERS, _STRANGE_CHARGES, _LEDGER_ROWS, _PAYMENTS, _OUR_LEDGER,
)  # fmt: skip

"""Placing orders: INV-1 to INV-8, as far as our own rows tell."""

from collections.abc import Iterator

from storefront.audit.check import Check, Moment
from storefront.core.refs import environment, external_id
from storefront.fulfillment.actions.starting import leg
from storefront.fulfillment.models import Purchase


def _ids(_: Moment) -> Iterator[str]:
    rows = Purchase.objects.values_list("external_id", "line_id", "chunk", "attempt")
    for known, line_id, chunk, attempt in rows.iterator(chunk_size=2000):
        if known != external_id(leg(line_id, chunk), attempt, environment=environment()):
            yield f"{known} is not the id of chunk {chunk} of line {line_id}"


CHECKS = (
    Check(
        invariant=1,
        says="of each chunk of a line, one purchase at most may bring a code",
        query="""
            SELECT 'line ' || line_id || ' chunk ' || chunk || ' has ' || count(*) || ' purchases'
            FROM fulfillment_purchase WHERE status NOT IN ('failed', 'not_placed')
            GROUP BY line_id, chunk HAVING count(*) > 1
        """,
    ),
    Check(
        invariant=2,
        says="every request was committed, with its number, before it left",
        query="""
            SELECT p.external_id || ' was sent ' || p.posts || ' times, written down '
              || count(e.id)
            FROM fulfillment_purchase p LEFT JOIN fulfillment_purchaseevent e
              ON e.purchase_id = p.id AND e.to_status = 'sent' AND e.note LIKE 'request %%'
            GROUP BY p.id HAVING p.posts <> count(e.id)
        """,
    ),
    Check(invariant=3, says="ids follow from the leg and the attempt", walk=_ids),
    Check(
        invariant=3,
        says="a new attempt comes only after a definite no",
        query="""
            SELECT p.external_id || ' follows none that failed'
            FROM fulfillment_purchase p WHERE p.attempt > 1 AND NOT EXISTS (
              SELECT FROM fulfillment_purchase q WHERE q.line_id = p.line_id
              AND q.chunk = p.chunk AND q.attempt = p.attempt - 1
              AND q.status IN ('failed', 'not_placed'))
        """,
    ),
    Check(
        invariant=5,
        says="purchases move as declared, each move with its event",
        query="""
            SELECT p.external_id || ' went ' || e.from_status || ' -> ' || e.to_status
              || ' while ' || e.before
            FROM (SELECT *, lag(to_status, 1, 'ready') OVER w AS before
                  FROM fulfillment_purchaseevent WINDOW w AS (PARTITION BY purchase_id ORDER BY id)
            ) e JOIN fulfillment_purchase p ON p.id = e.purchase_id
            WHERE e.from_status <> e.before OR (e.from_status <> e.to_status
              AND e.from_status || '>' || e.to_status <> ALL(%(purchase_moves)s))
            UNION ALL
            SELECT p.external_id || ' is ' || p.status || ', its events end at ' || e.at_last
            FROM fulfillment_purchase p CROSS JOIN LATERAL (SELECT coalesce(
              (SELECT to_status FROM fulfillment_purchaseevent
               WHERE purchase_id = p.id ORDER BY id DESC LIMIT 1), 'ready') AS at_last) e
            WHERE p.status <> e.at_last
        """,
    ),
    Check(
        invariant=5,
        says="orders move as declared, each move with its event",
        query="""
            SELECT o.number || ' went ' || e.from_status || ' -> ' || e.to_status
              || ' while ' || e.before
            FROM (SELECT *, lag(to_status, 1, 'awaiting_payment') OVER w AS before
                  FROM orders_orderevent WHERE kind = 'moved'
                  WINDOW w AS (PARTITION BY order_id ORDER BY id)
            ) e JOIN orders_order o ON o.id = e.order_id
            WHERE e.from_status <> e.before
              OR e.from_status || '>' || e.to_status <> ALL(%(order_moves)s)
            UNION ALL
            SELECT o.number || ' is ' || o.status || ', its events end at ' || e.at_last
            FROM orders_order o CROSS JOIN LATERAL (SELECT coalesce(
              (SELECT to_status FROM orders_orderevent WHERE order_id = o.id AND kind = 'moved'
               ORDER BY id DESC LIMIT 1), 'awaiting_payment') AS at_last) e
            WHERE o.status <> e.at_last
        """,
    ),
    Check(
        invariant=6,
        says="“never placed” was concluded late enough, after two clean look-ups well apart",
        query="""
            SELECT external_id || ', sent ' || coalesce(last_post_at::text, 'never')
              || ', first missed ' || coalesce(first_miss_at::text, 'never')
              || ', was given up ' || finished_at
            FROM fulfillment_purchase WHERE status = 'not_placed' AND NOT coalesce(
              misses >= 2 AND first_miss_at - last_post_at >= %(not_placed)s
              AND finished_at - first_miss_at >= %(between_lookups)s, false)
        """,
    ),
    Check(
        invariant=7,
        says="a purchase delivered what its row says, and completed means all of it",
        query="""
            SELECT p.external_id || ' is ' || p.status || ' with ' || p.delivered || ' of '
              || p.quantity || ', there are ' || count(d.id)
            FROM fulfillment_purchase p LEFT JOIN orders_delivery d
              ON d.source = p.id AND d.line_id = p.line_id
            GROUP BY p.id HAVING count(d.id) <> p.delivered
              OR (p.status = 'completed') <> (p.delivered = p.quantity)
              OR (p.status = 'partial') <> (p.delivered > 0 AND p.delivered < p.quantity)
            UNION ALL
            SELECT 'delivery ' || d.id || ' came from no purchase of its line'
            FROM orders_delivery d WHERE NOT EXISTS (SELECT FROM fulfillment_purchase p
              WHERE p.id = d.source AND p.line_id = d.line_id)
        """,
    ),
    Check(
        invariant=8,
        says="whatever goes on is due, or before a person",
        query="""
            SELECT external_id || ' is ' || status || ' and nothing is due'
            FROM fulfillment_purchase
            WHERE finished_at IS NULL AND due_at IS NULL AND status <> 'in_review'
            UNION ALL
            SELECT o.number || ' is ' || o.status || ', all has ended and nothing is due'
            FROM orders_order o WHERE o.status = ANY(%(under_way)s) AND o.settle_due_at IS NULL
              AND NOT EXISTS (SELECT FROM fulfillment_purchase p
                JOIN orders_orderline l ON l.id = p.line_id
                WHERE l.order_id = o.id AND p.finished_at IS NULL)
        """,
    ),
    Check(
        invariant=8,
        says="nothing that is due is left lying",
        query="""
            SELECT external_id || ' is due since ' || due_at FROM fulfillment_purchase
            WHERE due_at < %(idle)s AND coalesce(lease_until < %(idle)s, true)
            UNION ALL
            SELECT number || ' is to be settled since ' || settle_due_at FROM orders_order
            WHERE settle_due_at < %(idle)s AND coalesce(settle_lease_until < %(idle)s, true)
            UNION ALL
            SELECT 'webhook ' || id || ' is due since ' || due_at FROM webhooks_partnerevent
            WHERE due_at < %(idle)s
        """,
    ),
    Check(
        invariant=8,
        says="what a person must look at has an open case",
        query="""
            SELECT external_id || ' is in review and no case tells of it'
            FROM fulfillment_purchase p WHERE status = 'in_review' AND due_at IS NULL
              AND NOT EXISTS (SELECT FROM cases_case c
                WHERE c.subject = p.external_id AND c.closed_at IS NULL)
        """,
    ),
)

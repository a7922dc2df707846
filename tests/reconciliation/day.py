"""A day of many orders, in our books and in the partner's, that agree to the cent.

Ours are made by the database; the partner's from ours, each with its rows in the ledger.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from partner_api.sandbox.orders import Order as Sold
from partner_api.sandbox.world import World
from tests.partner_api.sandbox.goods import CARD

COST, PRICE = Decimal("9.70"), Decimal("10.50")

# By the last of twenty: two of them are twos, one is partly delivered, one failed, one was given
# back to a customer for goodwill, one is still held for funds.
_FILL = """
create temp table day as select i, gen_random_uuid() as o, gen_random_uuid() as l,
  gen_random_uuid() as b, gen_random_uuid() as p, gen_random_uuid() as c,
  'N' || lpad(i::text, 8, '0') as number,
  'GD-AAAA' || translate(lpad(i::text, 8, '0'), '0189', 'WXYZ') || '-01-X' as external_id,
  case when i %% 20 in (14, 15, 16) then 2 else 1 end as quantity,
  case i %% 20 when 16 then 1 when 17 then 0 when 19 then 0 when 14 then 2 when 15 then 2 else 1 end
    as delivered,
  case i %% 20 when 16 then 'partial' when 17 then 'failed' when 19 then 'held'
    else 'completed' end as status,
  %(now)s - interval '2 hours' - i * interval '7 seconds' as at
from generate_series(1, %(many)s) as i;
insert into orders_order (id, number, email, locale, status, total_amount, currency, created_at,
  paid_at, frozen_because)
select o, number, 'a@example.com', 'en', case status when 'completed' then 'completed'
  when 'partial' then 'partially_completed' when 'held' then 'waiting' else 'failed' end,
  10.5 * quantity, 'USD', at, at, '' from day;
insert into orders_orderline (id, order_id, position, sku_id, product_name, sku_name, quantity,
  max_per_order, unit_amount, currency, unit_cost, cost_currency, face_currency, fields)
select l, o, 1, %(sku)s, 'Product', 'SKU', quantity, 3, 10.5, 'USD', 9.7, 'USD', '', '{}' from day;
insert into fulfillment_purchase (id, line_id, chunk, attempt, external_id, sku_id, quantity,
  fields, expected_cost, cost_currency, status, created_at, fence, has_news, posts, unanswered,
  is_refused, is_claimed, hold_reason, misses, polls, failures, partner_order_id, partner_status,
  delivered, finished_at, due_at, last_post_at)
select b, l, 1, 1, external_id, %(sku)s, quantity, '{}', 9.7 * quantity, 'USD', status, at, 1,
  false, 1, 0, false, false, case status when 'held' then 'funds' else '' end, 0, 1, 0,
  case status when 'held' then '' else b::text end, '', delivered,
  case status when 'held' then null else at end, case status when 'held' then at end, at from day;
insert into payments_payment (id, order_id, provider, status, amount, currency, created_at,
  session_reference, session_url, provider_reference, captured_amount, refunded_amount)
select p, o, 'demo', case when delivered > 0 then 'captured' when status = 'held' then 'authorised'
  else 'voided' end, 10.5 * quantity, 'USD', at, '', '', 'demo-' || i, 10.5 * delivered,
  case i %% 20 when 18 then 5 else 0 end from day;
insert into payments_capture (id, payment_id, status, amount, created_at, sent_at, done_at)
select c, p, 'done', 10.5 * delivered, at, at, at from day where delivered > 0;
insert into payments_refund (id, payment_id, status, amount, created_at, sent_at, done_at,
  reference, reason, by)
select l, p, 'done', 5, at, at, at, 'goodwill-' || number, 'sorry', 'bob' from day
where i %% 20 = 18;
insert into ledger_entry (kind, reference, order_number, amount, currency, at)
select 'cost', external_id, number, 9.7 * delivered, 'USD', at from day where delivered > 0
union all select 'sale', c::text, number, 10.5 * delivered, 'USD', at from day where delivered > 0
union all select 'refund', l::text, number, 5, 'USD', at from day where i %% 20 = 18
"""


@dataclass
class Day:
    """Both sides of it, and what was planted: the kinds by what they are about."""

    world: World
    now: datetime
    sold: dict[int, Sold]
    planted: dict[str, str] = field(default_factory=dict)

    def charge(self, order: Sold, amount: Decimal, *, kind: str = "charge") -> None:
        """One row of the ledger about the order, in time."""
        self.world.account.book(kind, amount, at=order.created_at, order_id=order.id)


def make(world: World, *, many: int) -> Day:
    """So many orders, the oldest first in the partner's books."""
    now = datetime.now(UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_FILL, {"now": now, "many": many, "sku": CARD})
        cursor.execute("SELECT i, external_id, b, quantity, delivered, status, at FROM day"
                       " ORDER BY i DESC")  # fmt: skip
        rows = cursor.fetchall()
        cursor.execute("DROP TABLE day; ANALYZE")
    account = world.account
    account.rows.clear()
    account.balance = Decimal(0)
    account.book("topup", COST * 3 * many, at=now - timedelta(days=2))
    day = Day(world, now, {})
    for i, external_id, key, quantity, delivered, status, at in rows:
        if status == "held":
            continue
        order = Sold(
            id=str(key), number=len(day.sold) + 1, external_id=external_id, sku_id=CARD,
            sku_name="card", quantity=quantity, price=COST, total=COST * quantity, currency="USD",
            status={"partial": "partially_completed"}.get(status, status), metadata=None,
            created_at=at.replace(microsecond=0),
            delivery=[{"pin": f"{i}-{unit}"} for unit in range(delivered)],
        )  # fmt: skip
        day.sold[i] = order
        world.add(order)
        day.charge(order, -order.total)
        if delivered < quantity:
            day.charge(order, COST * (quantity - delivered), kind="refund")
    return day

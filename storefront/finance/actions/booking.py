"""From the ledger to margins: each entry is cut into shares of products, once.

What was sold, given back and kept as a fee belongs to an order; its lines share it by what they
cost the customer. A sale of exactly what came is shared by what came, a refund of exactly what did
not come by what did not. A cost belongs to one purchase, so to one product.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from storefront.finance.models.margin import Booking
from storefront.ledger.models import Entry

# Entries a statement takes; so many seconds are enough for it on the smallest machine.
BATCH = 5000
# For so long an entry may be invisible though newer ones are not: no transaction lasts as long.
LATE = timedelta(minutes=15)

_BOOK = """
WITH entry AS (
  SELECT entry.*, (entry.at AT TIME ZONE 'UTC')::date AS day, rated.rate
  FROM ledger_entry AS entry
  CROSS JOIN LATERAL (
    SELECT 1::numeric AS rate WHERE entry.currency = %(shop)s
    UNION ALL (
      SELECT rate FROM catalog_exchangerate AS known
      WHERE known.base = entry.currency AND known.quote = %(shop)s
        AND known.on <= (entry.at AT TIME ZONE 'UTC')::date
      ORDER BY known.on DESC LIMIT 1
    )
  ) AS rated
  WHERE entry.id > %(floor)s
    AND NOT EXISTS (SELECT FROM finance_share AS share WHERE share.entry_id = entry.id)
  ORDER BY entry.id LIMIT %(batch)s
), line AS (
  SELECT entry.id, entry.kind, entry.amount, sku.product_id,
    sum(line.unit_amount * line.quantity) AS ordered,
    sum(line.unit_amount * coalesce(got.units, 0)) AS came
  FROM entry
  JOIN orders_order AS sold ON sold.number = entry.order_number
  JOIN orders_orderline AS line ON line.order_id = sold.id
  JOIN catalog_sku AS sku ON sku.id = line.sku_id
  LEFT JOIN LATERAL (
    SELECT sum(delivered) AS units FROM fulfillment_purchase AS purchase
    WHERE purchase.line_id = line.id
  ) AS got ON true
  WHERE entry.kind <> 'cost'
  GROUP BY entry.id, entry.kind, entry.amount, sku.product_id
), weighed AS (
  SELECT id, product_id, CASE
      WHEN kind = 'sale' AND amount > 0 AND amount = sum(came) OVER entry_s THEN came
      WHEN kind = 'refund' AND amount > 0 AND amount = sum(ordered - came) OVER entry_s
        THEN ordered - came
      ELSE ordered
    END AS weight, NULL::numeric AS expected
  FROM line WINDOW entry_s AS (PARTITION BY id)
  UNION ALL
  SELECT entry.id, sku.product_id, 1,
    CASE WHEN purchase.cost_currency <> entry.currency THEN NULL
      WHEN purchase.status = 'partial'
        THEN purchase.expected_cost * purchase.delivered / purchase.quantity
      ELSE purchase.expected_cost END
  FROM entry
  JOIN fulfillment_purchase AS purchase ON purchase.external_id = entry.reference
  JOIN orders_orderline AS line ON line.id = purchase.line_id
  JOIN catalog_sku AS sku ON sku.id = line.sku_id
  WHERE entry.kind = 'cost'
), heaped AS (
  SELECT entry.id, entry.kind, entry.day, entry.order_number, weighed.product_id,
    entry.amount * entry.rate AS value, coalesce(weighed.weight, 1) AS weight,
    coalesce(weighed.expected, entry.amount) * entry.rate AS expected,
    sum(coalesce(weighed.weight, 1)) OVER (
      PARTITION BY entry.id ORDER BY weighed.product_id NULLS LAST
    ) AS heap,
    sum(coalesce(weighed.weight, 1)) OVER (PARTITION BY entry.id) AS whole
  FROM entry LEFT JOIN weighed ON weighed.id = entry.id
), made AS (
  INSERT INTO finance_share (entry_id, product_id, day, kind, amount, expected, currency)
  SELECT id, product_id, day, kind,
    round(value * heap / whole, 4) - round(value * (heap - weight) / whole, 4),
    CASE WHEN kind = 'cost' THEN round(expected, 4) ELSE 0 END, %(shop)s
  FROM heaped WHERE weight > 0
  RETURNING *
), daily AS (
  INSERT INTO finance_dailymargin AS kept
    (day, product_id, currency, sold, cost, expected, fees, refunded)
  SELECT day, product_id, currency, {sums} FROM made GROUP BY day, product_id, currency
  ON CONFLICT (day, product_id, currency) DO UPDATE SET {more}
), by_order AS (
  INSERT INTO finance_ordermargin AS kept
    (order_number, day, currency, sold, cost, expected, fees, refunded)
  SELECT entry.order_number, min(made.day), made.currency, {sums}
  FROM made JOIN entry ON entry.id = made.entry_id
  GROUP BY entry.order_number, made.currency
  ON CONFLICT (order_number, currency) DO UPDATE
    SET day = least(kept.day, excluded.day), {more}
)
SELECT count(*), max(id) FROM entry
"""
_COLUMNS = ("sold", "cost", "expected", "fees", "refunded")
_OF = "coalesce(sum(made.{column}) FILTER (WHERE made.kind = '{kind}'), 0)"
_SUMS = ", ".join(
    _OF.format(column=column, kind=kind)
    for column, kind in (
        ("amount", "sale"), ("amount", "cost"), ("expected", "cost"), ("amount", "fee"),
        ("amount", "refund"),
    )
)  # fmt: skip
_MORE = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in _COLUMNS)
_STATEMENT = _BOOK.format(sums=_SUMS, more=_MORE)


def book(*, now: datetime, is_whole: bool = False) -> int:
    """Book what is not yet, a batch at most; how many entries that were. Fewer than BATCH: all.

    `is_whole` looks at the whole ledger, also for what had no rate before. Safe from anywhere at
    once: whoever comes second waits, and finds what is left.
    """
    with transaction.atomic():
        Booking.objects.get_or_create(pk=1)
        booking = Booking.objects.select_for_update().get(pk=1)
        given: dict[str, str | int] = {
            "shop": settings.STORE_CURRENCY,
            "floor": 0 if is_whole else booking.floor,
            "batch": BATCH,
        }
        with connection.cursor() as cursor:
            cursor.execute(_STATEMENT, given)
            ((count, last),) = cursor.fetchall()
        is_done = count < BATCH
        if is_done or not is_whole:
            _note(booking, None if is_done else last, now=now)
        if is_done and is_whole:
            _count_unrated(booking)
    return int(count)


def _note(booking: Booking, last: int | None, *, now: datetime) -> None:
    """Begin above the `last` entry next time, or above all there were; but never above one beside
    which others may still appear.
    """
    settled = Entry.objects.filter(at__lt=now - LATE)
    if last is None:
        booking.booked_at = now
    else:
        settled = settled.filter(pk__lte=last)
    booking.floor = settled.order_by("-pk").values_list("pk", flat=True).first() or booking.floor
    booking.save()


def _count_unrated(booking: Booking) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_entry AS entry WHERE NOT EXISTS"
            " (SELECT FROM finance_share AS share WHERE share.entry_id = entry.id)"
        )
        ((booking.unrated,),) = cursor.fetchall()
    booking.save()

"""`python -m bench.admin [--orders 1000000]`: pages of the admin and of finance in a big shop.

Rows are made by the database itself. Each page is asked for as a browser would, by a member of
staff; what is printed is the time on the clock (median and p95) and how many questions it asked.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

from bench.processes import database, environment, manage

ORDERS, ROUNDS = 1_000_000, 20
# Goals: seconds, and questions a list; a page of many parts may ask a few more.
P95, QUERIES = 0.300, 12

# A shop's rows in the proportions of a healthy one: 1 in 200 under way, 1 in 5,000 in review.
FILL = """
set session_replication_role = replica;
insert into catalog_category (id, name_en, name_ru, slug, attributes)
select i, 'Category ' || i, '', 'category-' || i, '[]' from generate_series(1, 40) as i;
create temp table goods as select i, gen_random_uuid() as p, gen_random_uuid() as s
from generate_series(1, 2000) as i;
insert into catalog_product (id, slug, type, denomination_type, name_en, name_ru, description_en,
  description_ru, description_raw, image, category_id, country, brand, attributes, fields,
  recipient, hold_reason, is_hidden, missing_runs, first_seen_at, changed_at, is_available,
  from_currency, face_currency)
select p, 'product-' || i, 'voucher', 'fixed', 'Product ' || i, '', '', '', '{}', '', 1 + i %% 40,
  'US', '', '[]', '[]', 'none', '', false, 0, now(), now(), false, '', '' from goods;
insert into catalog_sku (id, product_id, name_en, name_ru, position, image, attributes,
  denomination_type, face_currency, stock, hold_reason, price_currency, cost, cost_currency,
  first_seen_at, changed_at, is_hidden, missing_runs)
select s, p, 'SKU', '', 1, '', '[]', 'fixed', '', 1, 'no_price', '', 9.7, 'USD', now(), now(),
  false, 0
from goods;
create temp table n as select i, gen_random_uuid() as o, gen_random_uuid() as l,
  'BN' || upper(substr(md5(i::text), 1, 2)) || '-' || lpad(i::text, 8, '0') as number,
  case when i % 5000 = 0 then 'in_review' when i % 200 = 0 then 'processing'
       when i % 40 = 0 then 'refunded' else 'completed' end as status,
  now() - i * interval '7 seconds' as at,
  -- Some goods sell much more than others.
  1 + floor(2000 * (i::bigint * 48271 %% 9973 / 9973.0) ^ 2)::int as good
from generate_series(1, %(orders)s) as i;
insert into orders_order (id, number, email, locale, status, total_amount, currency, created_at,
  paid_at, frozen_because)
select o, number, 'customer' || i %% 300000 || '@example.com', 'en', status, 10.5, 'USD', at, at, ''
from n;
insert into orders_orderline (id, order_id, position, sku_id, product_name, sku_name, quantity,
  max_per_order, unit_amount, currency, unit_cost, cost_currency, face_currency, fields)
select l, o, 1, goods.s, 'Product', 'SKU', 1, 1, 10.5, 'USD', 9.7, 'USD', '', '{}'
from n join goods on goods.i = n.good;
insert into fulfillment_purchase (id, line_id, chunk, attempt, external_id, sku_id, quantity,
  fields, expected_cost, cost_currency, status, created_at, fence, has_news, posts, unanswered,
  is_refused, is_claimed, hold_reason, misses, polls, failures, partner_order_id, partner_status,
  delivered, finished_at, due_at, last_post_at)
select gen_random_uuid(), l, 1, 1, 'k-' || number, gen_random_uuid(), 1, '{}', 9.7, 'USD',
  case status when 'in_review' then status when 'processing' then 'placed' else 'completed' end,
  at, 1, false, 1, 0, false, false, '', 0, 1, 0, 'p-' || i, 'completed', 1,
  case when status in ('in_review', 'processing') then null else at end,
  case when status = 'processing' then now() + interval '1 hour' end, at from n;
insert into payments_payment (id, order_id, provider, status, amount, currency, created_at,
  session_reference, session_url, provider_reference, captured_amount, refunded_amount)
select gen_random_uuid(), o, 'demo', 'captured', 10.5, 'USD', at, '', '', 'demo-' || i, 10.5, 0
from n;
insert into mail_message (id, kind, reference, "to", locale, context, status, attempts, error,
  created_at, due_at, sent_at, sealed)
select gen_random_uuid(), 'order_ready', number, 'customer' || i %% 300000 || '@example.com', 'en',
  '{}', 'sent', 1, '', at, at, at, '' from n;
insert into orders_orderevent (order_id, at, by, kind, from_status, to_status, data)
select o, at, 'bench', 'moved', 'processing', 'completed', '{}' from n;
insert into ledger_entry (kind, reference, order_number, amount, currency, at)
select 'sale', 'sale-' || i, number, 10.5, 'USD', at from n
union all
select 'cost', 'k-' || number, number, case when i %% 997 = 0 then 11 else 9.7 end, 'USD', at from n
union all
select 'fee', 'fee-' || i, number, 0.3, 'USD', at from n
union all
select 'refund', 'refund-' || i, number, 10.5, 'USD', least(at + interval '5 days', now()) from n
where status = 'refunded';
insert into finance_balancereading (at, error, currency, balance, available, reserved,
  is_overdraft_allowed, overdraft_limit, is_overdrafted, claimed, under_way, expected)
select now() - i * interval '5 minutes', '', 'USD', i %% 5000, i %% 5000, 0, false, 0, false,
  0, 0, 0
from generate_series(1, 105000) as i;
insert into webhooks_partnerevent (idempotency_key, body_hash, event, external_id, partner_order_id,
  status, received_at, note)
select gen_random_uuid(), '', 'order.completed', 'k-' || number, 'p-' || i, 'applied', at, ''
from n;
insert into cases_case (kind, subject, summary, opened_at, closed_by)
select 'stuck', 'k-' || number, 'A step failed.', at, '' from n where status = 'in_review';
"""


def main() -> None:
    """Fill a shop, then ask."""
    parser = argparse.ArgumentParser(prog="python -m bench.admin", description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--ask", action="store_true", help="measure the shop that is there")
    options = parser.parse_args()
    if options.ask:
        ask()
        return
    variables = environment() | {"DATABASE_URL": database("bench_admin")}
    manage(["collectstatic", "--noinput", "-v0"], variables)
    manage(["migrate", "-v0"], variables)
    fill(variables["DATABASE_URL"], options.orders)
    words = [sys.executable, "-m", "bench.admin", "--ask"]
    subprocess.run(words, env=variables, check=True)


def fill(url: str, orders: int) -> None:
    """The rows, and what the planner knows of them."""
    import psycopg  # noqa: PLC0415  the other half of this file needs none

    began = time.monotonic()
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in FILL.split(";\n"):
            if statement.strip():
                text = statement.replace("%(orders)s", str(orders)).replace("%%", "%")
                connection.execute(text.encode())
        connection.execute("analyze")
    print(f"{orders:,} orders made in {time.monotonic() - began:.0f} s", flush=True)


def ask() -> None:
    """Each page so often; the figures of each."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "storefront.settings"
    import django  # noqa: PLC0415  with the environment of the shop

    django.setup()
    from django.db import connection  # noqa: PLC0415  as above
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from storefront.accounts.models import User  # noqa: PLC0415
    from storefront.orders.models import Order  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1")
    email = "bench@shop.example"
    user = User.objects.filter(email=email).first() or User.objects.create_superuser(email)
    client.force_login(user)
    order = Order.objects.order_by("created_at")[1000]
    book_all()
    for name, path in pages(order.number, order.email, str(order.pk)):
        times, questions = [], 0
        for _ in range(ROUNDS):
            with CaptureQueriesContext(connection) as asked:
                began = time.perf_counter()
                answer = client.get(path)
                times.append(time.perf_counter() - began)
            assert answer.status_code == 200, (path, answer.status_code)
            questions = len(asked)
        times.sort()
        p95 = times[int(len(times) * 0.95) - 1]
        verdict = "" if p95 <= P95 and questions <= QUERIES else "  OVER"
        half = statistics.median(times)
        print(
            f"{name:34} {half * 1000:6.0f} ms  p95 {p95 * 1000:6.0f} ms  {questions:3} questions"
            f"{verdict}",
            flush=True,
        )


def book_all() -> None:
    """What the finance pages sum up; a real shop books it minute by minute."""
    from django.utils.timezone import now  # noqa: PLC0415  with the environment of the shop

    from storefront.finance import actions  # noqa: PLC0415  as above

    began, count = time.monotonic(), 0
    while booked := actions.book(now=now()):
        count += booked
    print(f"{count:,} entries booked in {time.monotonic() - began:.0f} s", flush=True)


def pages(number: str, email: str, key: str) -> list[tuple[str, str]]:
    """What staff open all day."""
    orders = "/admin/orders/order/"
    return [
        ("inbox", "/admin/"),
        ("orders", orders),
        ("orders, page 100", f"{orders}?p=100"),
        ("orders in review", f"{orders}?status__exact=in_review"),
        ("orders that failed (none)", f"{orders}?status__exact=failed"),
        ("orders, locked (none)", f"{orders}?frozen_at__isempty=0"),
        ("orders by number", f"{orders}?q={number}"),
        ("orders by address", f"{orders}?q={email}"),
        ("orders by our id", f"{orders}?q=k-{number}"),
        ("orders by nothing known", f"{orders}?q=nothing-known"),
        ("an order", f"{orders}{key}/change/"),
        ("purchases", "/admin/fulfillment/purchase/"),
        ("purchases in review", "/admin/fulfillment/purchase/?status__exact=in_review"),
        ("payments", "/admin/payments/payment/"),
        ("mails", "/admin/mail/message/"),
        ("mails that failed (none)", "/admin/mail/message/?status__exact=failed"),
        ("webhooks", "/admin/webhooks/partnerevent/"),
        ("ledger", "/admin/ledger/entry/"),
        ("cases", "/admin/cases/case/"),
        *finance_pages(number),
    ]


def finance_pages(number: str) -> list[tuple[str, str]]:
    """The float and the margins, of a month and of all time."""
    from django.utils.timezone import now  # noqa: PLC0415  with the environment of the shop

    margin, always = "/finance/margin/?by=", "&since=2000-01-01"
    entries, today = "/finance/margin/entries/", now().date()
    return [
        ("float", "/finance/"),
        ("float, 90 days", "/finance/?days=90"),
        *((f"margin by {by}", margin + by) for by in ("product", "category", "order", "day")),
        *(
            (f"margin by {by}, always", margin + by + always)
            for by in ("product", "category", "order", "day")
        ),
        ("margin by order, page 2", f"{margin}order{always}&after=-10.3:100"),
        ("margin by order, one day", f"{margin}order&since={today}&until={today}"),
        ("entries", entries),
        ("entries, always", f"{entries}?{always}"),
        ("entries of an order", f"{entries}?order={number}"),
    ]


if __name__ == "__main__":
    main()

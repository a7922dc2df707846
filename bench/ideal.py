"""The least that buying one code takes: a task, a signed request, two small transactions.

A Celery application of its own (`celery -A bench.ideal worker`), with the shop's client and without
Django: one row becomes "sent", the partner is asked, one row is done and one code is kept. Nothing
looks after a failure, takes money, writes history or tells anybody.
"""

import os
from functools import cache
from typing import Any
from uuid import uuid4

import psycopg
from celery import Celery
from kombu import Exchange, Queue

from bench.processes import IDEAL
from partner_api import PartnerClient

TABLES = """
create table ideal_purchase (id text primary key, status text not null, at timestamptz);
create table ideal_code (purchase text unique references ideal_purchase, code text not null);
"""
SKU = "00000000-0000-4000-8000-000000000001"

app = Celery(IDEAL)
# As the shop's: acknowledged when done, one at a time, no results.
app.conf.update(
    broker_url=os.environ.get("REDIS_URL"),
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    task_default_queue=IDEAL,
    task_queues=[Queue(IDEAL, Exchange(IDEAL), routing_key=IDEAL)],
    worker_hijack_root_logger=False,
)


@cache
def _connection() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["DATABASE_URL"])


@cache
def _client() -> PartnerClient:
    return PartnerClient(
        base_url=os.environ["PARTNER_API_URL"],
        token=os.environ["PARTNER_API_TOKEN"],
        secret=os.environ["PARTNER_API_SECRET"].split(",")[0],
    )


@app.task(name="ideal.buy")
def buy(key: str) -> None:
    """Buy one code."""
    with _connection().transaction():
        _connection().execute("update ideal_purchase set status = 'sent' where id = %s", [key])
    order = _client().create_order(external_id=key, sku_id=SKU, quantity=1)
    code = order.items[0].deliveries[0].pin
    assert code is not None
    with _connection().transaction():
        _connection().execute("insert into ideal_code values (%s, %s)", [key, code.reveal()])
        _connection().execute(
            "update ideal_purchase set status = 'done', at = clock_timestamp() where id = %s", [key]
        )


def fill(count: int) -> None:
    """So many to buy, in the table and in the queue."""
    keys = [f"B{uuid4().hex[:24]}" for _ in range(count)]
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("drop table if exists ideal_code, ideal_purchase")
        connection.execute(TABLES.encode())
        connection.cursor().executemany(
            "insert into ideal_purchase values (%s, 'ready')", [[key] for key in keys]
        )
    for key in keys:
        buy.delay(key)

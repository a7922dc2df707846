"""`python -m bench.fulfilment`: from a payment to a code, beside the least that buying one takes.

The partner answers at once. `bench.ideal` and the shop work off full queues in turn, each with a
Celery worker of two processes, and what counts is the ratio of codes a second between the first
and the last of them. Mails wait in their own queue in both. Then one order at a time is paid, and
the clock runs until its code may be seen.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

import psycopg

from bench.processes import IDEAL, database, environment, manage, running
from devtools import services, shop

ORDERS, SINGLES, ROUNDS = 400, 100, 3
# Goals: codes a second beside the ideal's, seconds from payment to code.
RATE, P95 = 0.35, 0.300
PATIENCE = 60.0

OURS_DONE = """select count(*), extract(epoch from max(at) - min(at)) from orders_orderevent
  where to_status = 'completed' and order_id in (select order_id from orders_orderline)"""
IDEAL_DONE = """select count(*), extract(epoch from max(at) - min(at)) from ideal_purchase
  where status = 'done'"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.fulfilment", description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    report(orders=options.orders, rounds=options.rounds)


def report(*, orders: int = ORDERS, rounds: int = ROUNDS) -> None:
    """Bursts in turn, then one by one."""
    port = shop.free_port(8750)
    variables = environment() | {
        "PARTNER_API_URL": f"http://{shop.HOST}:{port}",
        "PARTNER_RATE": "0",
        "DJANGO_SETTINGS_MODULE": "storefront.settings",
    }
    least, ours = list[float](), list[float]()
    with running(["bench.seller", str(port)], variables):
        for _ in range(rounds):
            fresh = variables | {"DATABASE_URL": database("bench_buying")}
            manage(["migrate", "-v0"], fresh)
            least.append(_ideal(fresh, orders))
            ours.append(_shop(fresh, orders))
        singles = _singles(fresh)
    floor, rate = statistics.median(least), statistics.median(ours)
    p50, p95 = statistics.median(singles), statistics.quantiles(singles, n=20)[-1]
    print(
        f"ideal fulfilment {floor:.0f} codes a second, the shop {rate:.1f}:"
        f" {rate / floor:.2f} of it (goal: at least {RATE})\n"
        f"payment to code, one at a time: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
        f" (goal: at most {P95 * 1000:.0f})",
        flush=True,
    )


def _ideal(variables: dict[str, str], orders: int) -> float:
    _python(["-c", f"from bench import ideal; ideal.fill({orders})"], variables)
    with running([*_worker("bench.ideal"), "-Q", IDEAL], variables):
        return _rate(variables, IDEAL_DONE, orders)


def _shop(variables: dict[str, str], orders: int) -> float:
    _python(["-m", "bench.buying", "fill", str(orders)], variables)
    with running([*_worker("storefront"), "-Q", "buy,poll"], variables):
        return _rate(variables, OURS_DONE, orders)


def _singles(variables: dict[str, str]) -> list[float]:
    with running([*_worker("storefront"), "-Q", "buy,poll"], variables):
        _python(["-m", "bench.buying", "one", "10"], variables)
        told = _python(["-m", "bench.buying", "one", str(SINGLES)], variables)
    took: list[float] = json.loads(told)
    return took


def _worker(application: str) -> list[str]:
    words = f"celery -A {application} worker --concurrency 2 --loglevel ERROR"
    return [*words.split(), "--without-gossip", "--without-mingle"]


def _rate(variables: dict[str, str], query: str, orders: int) -> float:
    """Codes a second, once all are there."""
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(variables["DATABASE_URL"], autocommit=True) as connection:
        while time.monotonic() < deadline:
            count, seconds = connection.execute(query.encode()).fetchone() or (0, 0)
            if count >= orders:
                return float((orders - 1) / seconds)
            time.sleep(0.2)
    raise SystemExit(f"only {count} of {orders} codes came: this run is no result")


def _python(words: list[str], variables: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=services.ROOT,
        env=variables,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    return done.stdout


if __name__ == "__main__":
    main()

"""`python -m bench.sync [--products 10000]`: a full sync against the ideal one, in turn.

Both ask the same partner, which answers from memory, into databases of one server. Each sync is a
process of its own; its start does not count. What is compared is processor time, its own and its
database connection's: steadier than the clock on a busy machine. The first run fills an empty
database, the second one finds nothing changed.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psutil
import psycopg

from bench import ideal_sync, processes
from devtools import services, shop

GOAL, FLAT = 1.3, 1.15
ROUNDS = 3
# Enough pages for memory to show; `--products 10000` is the size of the goal.
PRODUCTS, FEW = 2_000, 500
DATABASES = {"ideal": "bench_ideal", "shop": "bench_sync"}


class Cost(NamedTuple):
    """What one sync took: processor seconds, seconds on the clock, bytes of log, peak bytes."""

    cpu: float
    clock: float
    log: int
    memory: int


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.sync", description=__doc__)
    parser.add_argument("--products", type=int, default=PRODUCTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--child", choices=list(CHILDREN), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(CHILDREN[options.child]()))
    else:
        report(products=options.products, rounds=options.rounds)


def report(*, products: int = PRODUCTS, rounds: int = ROUNDS) -> None:
    """Both syncs in turn, then the shop's with a few products alone for its memory."""
    print(f"Syncing {products:,} products with ten SKUs each, {rounds} rounds", flush=True)
    costs: dict[tuple[str, str], list[Cost]] = {}
    with answering(products) as environment:
        for _ in range(rounds):
            for who in DATABASES:
                environment["DATABASE_URL"] = empty(who, environment)
                for run in ("first", "unchanged"):
                    costs.setdefault((who, run), []).append(cost_of(who, environment))
    for run in ("first", "unchanged"):
        _compare(run, costs["ideal", run], costs["shop", run])
    with answering(FEW) as environment:
        environment["DATABASE_URL"] = empty("shop", environment)
        few = cost_of("shop", environment).memory
    many = max(cost.memory for cost in costs["shop", "first"])
    print(
        f"peak memory {many / 2**20:.0f} MiB, with {FEW} products {few / 2**20:.0f} MiB: "
        f"{many / few:.2f} (goal: at most {FLAT})",
        flush=True,
    )


def _compare(run: str, ideal: list[Cost], ours: list[Cost]) -> None:
    for name, costs in (("ideal sync", ideal), ("full sync", ours)):
        cpu, clock, log = (
            statistics.median(getattr(cost, part) for cost in costs)
            for part in ("cpu", "clock", "log")
        )
        print(
            f"{name + ', ' + run:<22}{cpu:7.2f} s of processor{clock:8.2f} s on the clock"
            f"{log / 1e6:9.1f} MB of log"
        )
    for part in ("cpu", "clock"):
        ratio = statistics.median(getattr(cost, part) for cost in ours) / statistics.median(
            getattr(cost, part) for cost in ideal
        )
        print(f"{run}: ratio of {part} {ratio:.2f} (goal: at most {GOAL})", flush=True)


@contextmanager
def answering(products: int) -> Iterator[dict[str, str]]:
    """A partner that has every page in memory; the environment of whoever asks it."""
    port = shop.free_port(8711)
    environment = processes.environment() | {
        "PARTNER_API_URL": f"http://{shop.HOST}:{port}",
        "PARTNER_RATE": "0",
        "BENCH_PRODUCTS": str(products),
    }
    words = ["gunicorn", "bench.partner:application", "--bind", f"{shop.HOST}:{port}"]
    words += ["--worker-class", "gthread", "--threads", "4", "--timeout", "120"]
    with processes.running([*words, "--log-level", "error"], environment):
        while shop.is_free(port):
            time.sleep(0.1)
        # It works out the first page of each list when somebody asks; what follows is known then.
        environment["DATABASE_URL"] = empty("ideal", environment)
        cost_of("ideal", environment)
        yield environment


def empty(who: str, environment: dict[str, str]) -> str:
    """An empty database with that sync's tables."""
    url = processes.database(DATABASES[who])
    if who == "ideal":
        with psycopg.connect(url, autocommit=True) as connection:
            ideal_sync.prepare(connection)
    else:
        processes.manage(["migrate", "--verbosity", "0"], environment | {"DATABASE_URL": url})
    return url


def cost_of(who: str, environment: dict[str, str]) -> Cost:
    """One sync by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.sync", "--child", who],
        cwd=services.ROOT, env=environment, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def _ideal() -> Cost:
    url, token = os.environ["PARTNER_API_URL"], os.environ["PARTNER_API_TOKEN"]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        return _measured(connection, lambda: ideal_sync.sync(connection, url=url, token=token))


def _shop() -> Cost:
    os.environ["DJANGO_SETTINGS_MODULE"] = "storefront.settings"
    import django  # noqa: PLC0415  only this child needs it

    django.setup()
    from django.db import connection  # noqa: PLC0415  as above
    from django.utils.timezone import now  # noqa: PLC0415  as above

    from storefront.catalog import actions  # noqa: PLC0415  as above
    from storefront.catalog.models import SyncRun  # noqa: PLC0415  as above

    def sync() -> None:
        run = actions.sync(by="bench", now=now())
        if run.status != SyncRun.Status.PUBLISHED:
            raise SystemExit(f"the sync was {run.status}: {run.error}: this run is no result")

    connection.ensure_connection()
    return _measured(connection.connection, sync)


def _measured(connection: psycopg.Connection, work: Callable[[], object]) -> Cost:
    backend = psutil.Process(connection.info.backend_pid)
    before, database, started = time.process_time(), _spent(backend), time.perf_counter()
    written = _log(connection)
    work()
    return Cost(
        cpu=time.process_time() - before + _spent(backend) - database,
        clock=time.perf_counter() - started,
        log=_log(connection) - written,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _log(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    return int(row[0]) if row else 0


CHILDREN = {"ideal": _ideal, "shop": _shop}

if __name__ == "__main__":
    main()

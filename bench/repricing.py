"""`python -m bench.repricing [--products 10000]`: every SKU priced anew, ten to a product.

Beside it stands the least that rewriting as many prices takes: one UPDATE that multiplies them.
Processor time of the database's own process; the tables are as they were before each round.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal

import psutil
from django.db import connection, transaction

from bench import processes

ROUNDS = 3
PRODUCTS = 10_000
_FLOOR = "UPDATE catalog_sku SET price = round(price * 1.01, 2)"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.repricing", description=__doc__)
    parser.add_argument("--products", type=int, default=PRODUCTS)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _measure()
        return
    made = {"DATABASE_URL": processes.database("bench_prices")}
    environment = processes.environment() | made | {"DJANGO_SETTINGS_MODULE": "storefront.settings"}
    processes.manage(["migrate", "--verbosity", "0"], environment)
    for words in (["bench.catalog", str(options.products)], ["bench.repricing", "--child"]):
        out = subprocess.DEVNULL if "bench.catalog" in words else None
        subprocess.run([sys.executable, "-m", *words], env=environment, check=True, stdout=out)


def _measure() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
    import django  # noqa: PLC0415  only this child needs it

    django.setup()
    from django.utils.timezone import now  # noqa: PLC0415  as above

    from storefront.catalog.models import PriceRule, Sku  # noqa: PLC0415  as above
    from storefront.catalog.repricing import reprice  # noqa: PLC0415  as above

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_FLOOR)

    def by_rule() -> None:
        PriceRule.objects.create(scope="shop", percent=Decimal(25), rounding="99", currency="USD")
        if reprice(now=now()) != Sku.objects.count():
            raise SystemExit("not every price changed: this run is no result")

    reprice(now=now())
    works = {"floor": floor, "every price": by_rule, "no price": lambda: reprice(now=now())}
    spent: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, work in works.items():
            spent.setdefault(name, []).append(_spent(work))
    print(f"repricing {Sku.objects.count():,} SKUs, seconds of the database's processor")
    least = statistics.median(spent["floor"])
    for name, seconds in spent.items():
        middle = statistics.median(seconds)
        print(f"{name:<12}{middle:7.2f} s{middle / least:8.2f} x the floor")


def _spent(work: Callable[[], object]) -> float:
    """What it costs; then it is taken back."""
    connection.ensure_connection()
    backend = psutil.Process(connection.connection.info.backend_pid)
    with transaction.atomic():
        before = backend.cpu_times()
        work()
        after = backend.cpu_times()
        transaction.set_rollback(True)
    return float(after.user + after.system - before.user - before.system)


if __name__ == "__main__":
    main()

"""`make bench`: the product list page against its floor, in turn, in one run.

Machines are noisy and differ; figures of one run do not compare with those of another. So the
floor and the shop are asked in alternating rounds, and only their ratio counts. What is compared is
processor time per answer, which is steadier than time on the clock. A run with a failed answer is
no result.
"""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import psycopg

from devtools import services, shop
from devtools.live import CONTRACT

ROUNDS, ANSWERS, WARM_UP = 10, 60, 30
PRODUCTS = 2_000
GOAL = 0.8
# The last of the test server's queues, which no test run takes.
BROKER = 63


@dataclass
class Server:
    """One gunicorn with one worker, and what its answers cost."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    size: int = 0
    cpu_seconds: float = 0
    rounds: list[float] = field(default_factory=list)

    def ask(self, times: int) -> None:
        connection = http.client.HTTPConnection(shop.HOST, self.port, timeout=30)
        for _ in range(times):
            connection.request("GET", self.path)
            answer = connection.getresponse()
            self.size = len(answer.read())
            if answer.status != 200:
                raise SystemExit(f"{self.name} answered {answer.status}: this run is no result")
        connection.close()

    def round(self) -> None:
        cpu, started = self._spent(), time.perf_counter()
        self.ask(ANSWERS)
        self.rounds.append((time.perf_counter() - started) / ANSWERS)
        self.cpu_seconds += self._spent() - cpu

    def cpu_per_answer(self) -> float:
        return self.cpu_seconds / (ANSWERS * len(self.rounds))

    def __str__(self) -> str:
        clock = statistics.median(self.rounds)
        return (
            f"{self.name:<22}{self.cpu_per_answer() * 1000:7.2f} ms of processor"
            f"{clock * 1000:8.2f} ms on the clock{self.size / 1024:8.1f} KiB"
        )

    def _spent(self) -> float:
        """Seconds of processor time of the worker, the server's only child."""
        times = psutil.Process(self.process.pid).children()[0].cpu_times()
        return float(times.user + times.system)


@contextmanager
def running(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", *words], cwd=services.ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def serving(
    name: str, application: str, path: str, environment: dict[str, str]
) -> Iterator[Server]:
    port = shop.free_port(8700)
    words = ["gunicorn", application, "--bind", f"{shop.HOST}:{port}", "--workers", "1"]
    with running([*words, "--log-level", "error"], environment) as process:
        server = Server(name, port, path, process)
        deadline = time.monotonic() + 30
        while shop.is_free(port):
            if time.monotonic() > deadline:
                raise SystemExit(f"{name} did not start: this run is no result")
            time.sleep(0.1)
        server.ask(WARM_UP)
        yield server


def database(name: str) -> str:
    """An empty database of that name beside those of the tests."""
    url = services.ensure_database("test").rpartition("/")[0]
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)".encode())
        connection.execute(f"create database {name}".encode())
    return f"{url}/{name}"


def fill_the_shop(environment: dict[str, str], partner_port: int) -> None:
    """A migrated database with a catalog of a real shop's size."""
    manage = [sys.executable, "manage.py"]
    for words in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "-v", "0"]):
        subprocess.run([*manage, *words], cwd=services.ROOT, env=environment, check=True)
    sandbox = ["partner_api.sandbox", "--port", str(partner_port), "--products", str(PRODUCTS)]
    with running(sandbox, environment):
        while shop.is_free(partner_port):
            time.sleep(0.1)
        subprocess.run(
            [*manage, "sync_catalog"],
            cwd=services.ROOT,
            env=environment,
            check=True,
            stderr=subprocess.DEVNULL,
        )
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("vacuum analyze")


def main() -> int:
    partner_port = shop.free_port(8701)
    bare = {name: value for name, value in os.environ.items() if name not in CONTRACT}
    floor_environment = bare | {"DATABASE_URL": database("bench_floor")}
    shop_environment = bare | shop.kept_secrets(services.STATE / "secrets.json")
    shop_environment |= {
        "DEMO": "1",
        "DATABASE_URL": database("bench_shop"),
        "REDIS_URL": services.ensure_broker("test").rpartition("/")[0] + f"/{BROKER}",
        "PARTNER_API_URL": f"http://{shop.HOST}:{partner_port}",
    }
    print(f"Filling: a floor of 10,000 rows, a shop of {PRODUCTS:,} products", flush=True)
    fill_floor = [sys.executable, "-c", "from bench import floor; floor.fill()"]
    subprocess.run(fill_floor, cwd=services.ROOT, env=floor_environment, check=True)
    fill_the_shop(shop_environment, partner_port)
    with (
        serving("floor of a list page", "bench.floor:application", "/", floor_environment) as floor,
        serving("product list", "storefront.wsgi", "/products/", shop_environment) as page,
    ):
        for _ in range(ROUNDS):
            floor.round()
            page.round()
    print(floor, page, sep="\n")
    ratio = floor.cpu_per_answer() / page.cpu_per_answer()
    print(f"ratio {ratio:.2f} (goal: at least {GOAL})")
    return 0


if __name__ == "__main__":
    sys.exit(main())

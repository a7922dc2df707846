"""`make bench`: the product list page against its floor, then a sync (`bench.sync`), each in turn.

Machines are noisy and differ; figures of one run do not compare with those of another. So the
floor and the shop are asked in alternating rounds, and only their ratio counts. What is compared is
processor time per answer, which is steadier than time on the clock. A run with a failed answer is
no result.
"""

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import psycopg

from bench import sync
from bench.processes import bare, database, environment, manage, running
from devtools import services, shop

ROUNDS, ANSWERS, WARM_UP = 10, 60, 30
PRODUCTS = 2_000
GOAL = 0.8


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


def fill_the_shop(environment: dict[str, str], partner_port: int) -> None:
    """A migrated database with a catalog of a real shop's size."""
    manage(["migrate", "--verbosity", "0"], environment)
    manage(["collectstatic", "--no-input", "-v", "0"], environment)
    sandbox = ["partner_api.sandbox", "--port", str(partner_port), "--products", str(PRODUCTS)]
    with running(sandbox, environment):
        while shop.is_free(partner_port):
            time.sleep(0.1)
        manage(["sync_catalog"], environment)
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("vacuum analyze")


def main() -> int:
    partner_port = shop.free_port(8701)
    floor_environment = bare() | {"DATABASE_URL": database("bench_floor")}
    shop_environment = environment() | {
        "DATABASE_URL": database("bench_shop"),
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
    sync.report()
    return 0


if __name__ == "__main__":
    sys.exit(main())

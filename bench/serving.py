"""A server to measure, gunicorn with one worker, and what its answers cost.

The cost of an answer is processor time, of the worker and of its database connection: steadier than
the clock on a busy machine.
"""

import http.client
import itertools
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil
import psycopg

from bench.processes import running
from devtools import shop

WARM_UP, ANSWERS = 20, 40
# Body and headers.
Letter = tuple[bytes, dict[str, str]]


@dataclass
class Row:
    """One kind of answer: the addresses asked for in turn, and what they cost. `{n}` in an
    address is another number each time, so that no page kept for it answers."""

    name: str
    server: "Server"
    paths: list[str]
    # What is sent there, made anew for each; nothing is sent by most.
    letter: Callable[[], Letter] | None = None
    answers: int = 0
    size: int = 0
    cpu_seconds: float = 0
    clocks: list[float] = field(default_factory=list)

    def round(self) -> None:
        """Ask so many times; a failed answer ends the run."""
        before = self.server.spent()
        for _ in range(ANSWERS):
            path = self.paths[self.answers % len(self.paths)].format(n=next(self.server.numbers))
            started = time.perf_counter()
            self.size = self.server.ask(path, self.letter)
            self.clocks.append(time.perf_counter() - started)
            self.answers += 1
        self.cpu_seconds += self.server.spent() - before

    @property
    def cpu(self) -> float:
        """Processor seconds an answer."""
        return self.cpu_seconds / self.answers

    @property
    def p95(self) -> float:
        """Seconds on the clock within which 95 of 100 answers came."""
        return statistics.quantiles(self.clocks, n=20)[-1]

    def __str__(self) -> str:
        clock = statistics.median(self.clocks)
        return (
            f"{self.name:<42}{self.cpu * 1000:8.2f} ms of processor"
            f"{clock * 1000:8.2f} ms on the clock{self.size / 1024:8.1f} KiB"
        )


class Server:
    """A running one, and its port."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], database: str) -> None:
        self.numbers = itertools.count()
        # Who is asking; nobody unless somebody says so.
        self.cookies = ""
        self.port = port
        self.process = process
        self.database = database
        self._spent: dict[int, float] = {}
        self._connection = http.client.HTTPConnection(shop.HOST, port, timeout=60)

    def ask(self, path: str, letter: Callable[[], Letter] | None = None) -> int:
        """The size of the answer in bytes; whoever fails ends the run."""
        known = {"Cookie": self.cookies} if self.cookies else {}
        if letter is None:
            self._connection.request("GET", path, headers=known)
        else:
            body, headers = letter()
            self._connection.request("POST", path, body, headers | known)
        answer = self._connection.getresponse()
        size = len(answer.read())
        # What was sent may lead elsewhere; what was asked for is there.
        if answer.status != 200 and (letter is None or answer.status != 302):
            raise SystemExit(f"{path} answered {answer.status}: this run is no result")
        return size

    def row(self, name: str, *paths: str, letter: Callable[[], Letter] | None = None) -> Row:
        """A kind of answer, asked for a few times so that the first ones do not count."""
        row = Row(name, self, list(paths), letter)
        for at in range(WARM_UP):
            self.ask(paths[at % len(paths)].format(n=next(self.numbers)), letter)
        return row

    def spent(self) -> float:
        """Seconds of processor time of the worker, the server's only child, and its connections,
        those that it gave up since the last time among them."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            others = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchall()
        worker = psutil.Process(self.process.pid).children()[0].pid
        for pid in (worker, *(pid for (pid,) in others)):
            with suppress(psutil.NoSuchProcess):  # given up just now
                spent = psutil.Process(pid).cpu_times()
                self._spent[pid] = spent.user + spent.system
        return sum(self._spent.values())


@contextmanager
def serving(application: str, environment: dict[str, str], *, workers: int = 1) -> Iterator[Server]:
    """The application behind one worker (what is measured is the first), for the block's length."""
    port = shop.free_port(8700)
    words = ["gunicorn", application, "--bind", f"{shop.HOST}:{port}", "--workers", str(workers)]
    with running([*words, "--log-level", "error"], environment) as process:
        deadline = time.monotonic() + 30
        while shop.is_free(port):
            if time.monotonic() > deadline:
                raise SystemExit(f"{application} did not start: this run is no result")
            time.sleep(0.1)
        yield Server(port, process, environment["DATABASE_URL"])

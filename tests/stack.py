"""The whole shop as real processes, for tests: sandbox partner, web, worker and beat over a
database and a broker of their own. Killing any of them is what it is for.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import redis
import requests

from devtools import prepare, services
from tests.template import migrated, named
from tests.wire import Address, Wire

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
START_SECONDS = 60
# Says in a database of the broker that a shop uses it.
TAKEN = "kiosk-stack"


@dataclass
class Stack:
    """A running shop. `processes` are by name; each one's output is in `folder`/<name>.log.

    A second one of a kind is named with a number: "worker-2". The shop reaches its database and its
    broker through `wires`, which tests may cut; the tests themselves go past them.
    """

    folder: Path
    environment: dict[str, str]
    database_url: str
    redis_url: str
    wires: dict[str, Wire]
    web_port: int
    partner_port: int
    spare_port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The shop's address."""
        return f"http://127.0.0.1:{self.web_port}"

    def start(self, name: str, *command: str, **environment: str) -> None:
        """Start one process of the shop (or this command), in a session of its own."""
        # Append, so that what a killed predecessor wrote is kept.
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command or self._command(name),
                cwd=ROOT,
                env=self.environment | environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """kill -9 the process and all its children, at once."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def terminate(self, name: str, *, group: bool = False) -> None:
        """Ask one process to end (or its children too, at once), and wait until it has."""
        process = self.processes[name]
        (os.killpg if group else os.kill)(process.pid, signal.SIGTERM)
        process.wait(timeout=START_SECONDS)
        self.kill(name)

    def freeze(self, name: str) -> None:
        """Let the process and its children stand still until `thaw`."""
        os.killpg(self.processes[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let them go on."""
        os.killpg(self.processes[name].pid, signal.SIGCONT)

    def stop(self) -> None:
        """End everything, politely first."""
        for process in self.processes.values():
            process.terminate()
        for name in list(self.processes):
            with suppress(subprocess.TimeoutExpired):
                self.processes[name].wait(timeout=5)
            self.kill(name)

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run a management command; its standard output. Raises with its errors when it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the shop's database."""
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query, values).fetchall()

    def broker(self) -> redis.Redis:
        """The shop's own database of the broker."""
        return redis.from_url(self.redis_url)

    def wipe_broker(self) -> None:
        """Everything in the broker is gone, but that this database of it is ours."""
        with self.broker() as broker, broker.pipeline(transaction=True) as steps:
            steps.flushdb().set(TAKEN, "taken").execute()

    def calm(self) -> None:
        """The partner behaves again, and both wires carry."""
        for name in ("faults", "plan"):
            url = f"http://127.0.0.1:{self.partner_port}/_control/{name}"
            requests.delete(url, timeout=10).raise_for_status()
        self.control("webhooks", {"mode": "normal"})
        for wire in self.wires.values():
            wire.mend()

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the sandbox's control page, or tell it something."""
        url = f"http://127.0.0.1:{self.partner_port}/_control/{path}"
        answer = (
            requests.get(url, timeout=10)
            if body is None
            else requests.post(url, json=body, timeout=10)
        )
        answer.raise_for_status()
        return answer.json()

    def answers(self, path: str) -> bool:
        """Whether the shop answers this with a page."""
        return _answers(self.url + path)

    def logs(self) -> str:
        """Everything all processes have written."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def _command(self, name: str) -> list[str]:
        celery = [str(BIN / "celery"), "-A", "storefront"]
        return {
            "partner": [
                sys.executable,
                "-m",
                "partner_api.sandbox",
                "--port",
                str(self.partner_port),
                "--webhook-url",
                f"{self.url}/webhooks/partner/",
            ],
            "web": [
                str(BIN / "gunicorn"),
                "storefront.wsgi",
                "--bind",
                f"127.0.0.1:{self.web_port}",
                "--workers",
                "2",
                "--log-level",
                "warning",
                "--access-logfile",
                "-",
            ],
            "worker": [
                *celery,
                "worker",
                "--hostname",
                f"{name}@%h",
                "--concurrency",
                "2",
                "--without-mingle",
                "--loglevel",
                "INFO",
            ],
            "beat": [*celery, "beat", "--loglevel", "INFO"],
        }[name.partition("-")[0]]


@contextmanager
def running(folder: Path, *processes: str, **environment: str) -> Iterator[Stack]:
    """A shop with these processes (all four when none is named), its catalog synced."""
    web_port, partner_port, spare_port = _free_ports(3)
    with (
        _database() as database_url,
        _broker() as redis_url,
        Wire(_address(database_url, 5432)) as database_wire,
        Wire(_address(redis_url, 6379)) as broker_wire,
    ):
        stack = Stack(
            folder,
            {
                **os.environ,
                "DATABASE_URL": _through(database_wire, database_url),
                "REDIS_URL": _through(broker_wire, redis_url),
                "SITE_URL": f"http://127.0.0.1:{web_port}",
                "PARTNER_API_URL": f"http://127.0.0.1:{partner_port}",
                "EMAIL_URL": f"file://{folder}/mail",
                **environment,
            },
            database_url,
            redis_url,
            {"database": database_wire, "broker": broker_wire},
            web_port,
            partner_port,
            spare_port,
        )
        try:
            _collect_static_files(stack)
            stack.start("partner")
            wait_for(lambda: _answers(f"http://127.0.0.1:{partner_port}/_control/"))
            stack.manage("sync_catalog")
            for name in processes or ("web", "worker", "beat"):
                stack.start(name)
            if "web" in stack.processes:
                wait_for(lambda: stack.answers("/health/ready"))
            yield stack
        finally:
            stack.stop()


def _collect_static_files(stack: Stack) -> None:
    """Once for all test processes: two at a time would take each other's files away."""
    services.STATE.mkdir(parents=True, exist_ok=True)
    with (services.STATE / "collecting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if prepare.static_files_are_stale():
            stack.manage("collectstatic", "--no-input", "--verbosity", "0")


def wait_for(condition: Callable[[], Any], seconds: float = START_SECONDS) -> Any:
    """The condition's first true value; fails when none comes in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return value


def _answers(url: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(url, timeout=2).ok
    return False


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def _address(url: str, port: int) -> Address:
    """Where a server of this URL listens: on a port, or on PostgreSQL's socket in a folder."""
    host = unquote(urlsplit(url).hostname or "127.0.0.1")
    number = urlsplit(url).port or port
    return f"{host}/.s.PGSQL.{number}" if host.startswith("/") else (host, number)


def _through(wire: Wire, url: str) -> str:
    """The same URL by way of the wire."""
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}{at}127.0.0.1:{wire.port}"))


@contextmanager
def _database() -> Iterator[str]:
    """A fresh database beside the tests' own."""
    url = os.environ["DATABASE_URL"]
    template, name = migrated(url), f"stack_{uuid4().hex[:12]}"
    _order(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield named(url, name)
    finally:
        _order(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _order(url: str, statement: str) -> None:
    """On a connection of its own: the server may have been restarted since the last one."""
    with psycopg.connect(named(url, "postgres"), autocommit=True) as server:
        server.execute(statement.encode())


@contextmanager
def _broker() -> Iterator[str]:
    """A database of the broker that nobody else uses: the highest empty one."""
    base = os.environ["REDIS_URL"].rpartition("/")[0]
    for number in range(15, 0, -1):
        with redis.from_url(f"{base}/{number}") as client:
            if client.set(TAKEN, "taken", nx=True):
                try:
                    yield f"{base}/{number}"
                finally:
                    client.flushdb()
                return
    raise RuntimeError("no database of the broker is free")

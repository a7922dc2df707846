"""The whole shop as real processes, for tests: sandbox partner, web, worker and beat over a
database and a broker of their own. Killing any of them is what it is for.
"""

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
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import redis
import requests

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
START_SECONDS = 60


@dataclass
class Stack:
    """A running shop. `processes` are by name; each one's output is in `folder`/<name>.log."""

    folder: Path
    environment: dict[str, str]
    web_port: int
    partner_port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The shop's address."""
        return f"http://127.0.0.1:{self.web_port}"

    def start(self, name: str) -> None:
        """Start one process of the shop, in a session of its own."""
        # Append, so that what a killed predecessor wrote is kept.
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._command(name),
                cwd=ROOT,
                env=self.environment,
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

    def stop(self) -> None:
        """End everything, politely first."""
        for process in self.processes.values():
            process.terminate()
        for name in list(self.processes):
            with suppress(subprocess.TimeoutExpired):
                self.processes[name].wait(timeout=5)
            self.kill(name)

    def manage(self, *arguments: str) -> str:
        """Run a management command; its standard output. Raises with its errors when it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the shop's database."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            return connection.execute(query, values).fetchall()

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
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
            "beat": [*celery, "beat", "--loglevel", "INFO"],
        }[name]


@contextmanager
def running(folder: Path, *processes: str, **environment: str) -> Iterator[Stack]:
    """A shop with these processes (all four when none is named), its catalog synced."""
    web_port, partner_port = _free_ports(2)
    with _database() as database_url, _broker() as redis_url:
        stack = Stack(
            folder,
            {
                **os.environ,
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "SITE_URL": f"http://127.0.0.1:{web_port}",
                "PARTNER_API_URL": f"http://127.0.0.1:{partner_port}",
                "EMAIL_URL": f"file://{folder}/mail",
                **environment,
            },
            web_port,
            partner_port,
        )
        try:
            stack.manage("migrate", "--verbosity", "0")
            stack.manage("collectstatic", "--no-input", "--verbosity", "0")
            stack.start("partner")
            wait_for(lambda: _answers(f"http://127.0.0.1:{partner_port}/_control/"))
            stack.manage("sync_catalog")
            for name in processes or ("web", "worker", "beat"):
                stack.start(name)
            if "web" in stack.processes:
                wait_for(lambda: _answers(f"{stack.url}/health/ready"))
            yield stack
        finally:
            stack.stop()


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


@contextmanager
def _database() -> Iterator[str]:
    """A fresh database beside the tests' own."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"stack_{uuid4().hex[:12]}"
    with psycopg.connect(urlunsplit(url._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield urlunsplit(url._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def _broker() -> Iterator[str]:
    """A database of the broker that nobody else uses: the highest empty one."""
    base = os.environ["REDIS_URL"].rpartition("/")[0]
    for number in range(15, 0, -1):
        with redis.from_url(f"{base}/{number}") as client:
            if client.set("kiosk-stack", "taken", nx=True):
                try:
                    yield f"{base}/{number}"
                finally:
                    client.flushdb()
                return
    raise RuntimeError("no database of the broker is free")

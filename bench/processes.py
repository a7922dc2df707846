"""What the measurements run: databases and processes of their own, on the test servers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from devtools import services, shop
from devtools.live import CONTRACT

# The last of the test server's queues, which no test run takes.
BROKER = 63
# The name of the ideal fulfilment, and of its queue.
IDEAL = "ideal"


def bare() -> dict[str, str]:
    """This process's environment without a word about a shop."""
    return {name: value for name, value in os.environ.items() if name not in CONTRACT}


def environment() -> dict[str, str]:
    """A demonstration shop's, but for its database and its partner."""
    return {
        **bare(),
        **shop.kept_secrets(services.STATE / "secrets.json"),
        "DEMO": "1",
        "REDIS_URL": services.ensure_broker("test").rpartition("/")[0] + f"/{BROKER}",
    }


def database(name: str) -> str:
    """An empty database of that name beside those of the tests."""
    url = services.ensure_database("test").rpartition("/")[0]
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)".encode())
        connection.execute(f"create database {name}".encode())
    return f"{url}/{name}"


@contextmanager
def running(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m` these words, for the length of the block."""
    process = subprocess.Popen([sys.executable, "-m", *words], cwd=services.ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def manage(words: list[str], environment: dict[str, str]) -> None:
    """A management command, quietly; raises when it fails."""
    subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=services.ROOT,
        env=environment,
        check=True,
        stderr=subprocess.DEVNULL,
    )

"""`make run` as a person meets it: it opens, says where, closes, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from devtools import guard, processes, services
from devtools.live import CONTRACT

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]


@dataclass
class Run:
    """One `make run`, with a state folder and ports of its own."""

    state: Path
    environment: dict[str, str]
    process: subprocess.Popen[str]

    def output(self) -> str:
        return (self.state / "output").read_text(encoding="utf-8")

    def until(self, what: str, *, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while what not in self.output():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.1)


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


@contextmanager
def runner(state: Path) -> Iterator[Run]:
    environment = {name: value for name, value in os.environ.items() if name not in CONTRACT}
    environment |= {"KIOSK_STATE": str(state), "PORT": free_port(), "SANDBOX_PORT": free_port()}
    with (state / "output").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "devtools.run"],
            cwd=services.ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,
        )
        try:
            yield Run(state, environment, process)
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kiosk-run-"))
    yield folder
    shutil.rmtree(folder)


def left(state: Path) -> list[psutil.Process]:
    """Whatever still runs of that run, its servers and keepers included."""
    mentioning = [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(state) in word for word in process.info["cmdline"] or [])
    ]
    return processes.wait([*guard.started_by(state), *mentioning], seconds=0)


def test_the_shop_opens_says_where_and_closes_without_a_trace(state: Path) -> None:
    with runner(state) as run:
        run.until("Ctrl-C closes the shop")
        shop = f"http://127.0.0.1:{run.environment['PORT']}/"
        assert shop in run.output()
        assert "owner@example.com" in run.output()
        assert requests.get(shop, timeout=10).status_code == 200

        second = subprocess.run(
            [sys.executable, "-m", "devtools.run"],
            cwd=services.ROOT,
            env=run.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert second.returncode == 1
        assert "running already" in second.stderr
        assert shop.rstrip("/") in second.stderr

        beside = subprocess.run(
            [sys.executable, "manage.py", "sync_catalog"],
            cwd=services.ROOT,
            env=run.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert beside.returncode == 0, beside.stderr
        assert len(beside.stdout.splitlines()) == 1

        os.killpg(run.process.pid, signal.SIGINT)
        assert run.process.wait(timeout=40) == 0
        assert "The shop is closed" in run.output()
    assert left(state) == []
    assert not (state / "run.env").exists()


def test_nothing_stays_behind_when_it_is_killed(state: Path) -> None:
    with runner(state) as run:
        run.until("Ctrl-C closes the shop")
        assert len(left(state)) > 8
        run.process.kill()
        run.process.wait()
        deadline = time.monotonic() + 40
        while left(state) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert left(state) == []


@pytest.mark.slow
def test_one_ended_process_ends_the_rest_and_is_named(state: Path) -> None:
    with runner(state) as run:
        run.until("Ctrl-C closes the shop")
        for process in guard.started_by(state):
            if "worker" in process.cmdline():
                process.kill()
        assert run.process.wait(timeout=40) == 1
        assert "one of its processes ended: worker" in run.output()
        assert left(state) == []


def test_a_port_that_is_taken_is_said_by_name(state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = str(somebody.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "devtools.run"],
            cwd=services.ROOT,
            env=os.environ | {"KIOSK_STATE": str(state), "PORT": taken},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert done.returncode == 1
    assert f"PORT={taken}" in done.stderr

"""The embedded servers: shared by all, hurt by nobody's death."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from devtools import processes, services

USER = """
import sys
from devtools import services
print(services.ensure_database(), services.ensure_broker(), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """A checkout's state of our own; the servers outlive single tests, as in real life."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-services-"))
    patch = pytest.MonkeyPatch()
    patch.setattr(services, "STATE", folder)
    yield folder
    assert services.release()
    patch.undo()
    shutil.rmtree(folder)


@pytest.fixture
def running(state: Path) -> services.Services:
    return services.Services(services.ensure_database(), services.ensure_broker())


@pytest.fixture
def neighbour(state: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts another process of the same checkout that uses the servers until it is killed."""
    started = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", USER],
            cwd=services.ROOT,
            env=os.environ | {"KIOSK_STATE": str(state)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def postmaster(state: Path) -> psutil.Process:
    data = state / "run" / "postgres" / "data"
    found = processes.running(data / "postmaster.pid", mentions=data)
    assert found is not None
    return found


def valkey(state: Path) -> psutil.Process:
    folder = state / "run" / "valkey"
    found = processes.running(folder / "valkey.pid", mentions=folder)
    assert found is not None
    return found


def keepers(state: Path) -> list[psutil.Process]:
    found = psutil.process_iter(["cmdline"])
    return [p for p in found if {"devtools.keeper", str(state)} <= set(_words(p.info["cmdline"]))]


def kill(victims: list[psutil.Process]) -> None:
    for victim in victims:
        victim.kill()
    assert processes.wait(victims, seconds=5) == []


def _words(command: list[str] | None) -> list[str]:
    return [part for word in command or [] for part in (word, word.rpartition("/run/")[0])]


def eventually(ready: Callable[[], object], *, within: float = 15) -> object:
    deadline = time.monotonic() + within
    while True:
        try:
            if answer := ready():
                return answer
        except (psycopg.OperationalError, redis.ConnectionError):
            pass
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def rows(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("select word from notes").fetchall()


@pytest.fixture
def note(running: services.Services) -> Iterator[None]:
    with psycopg.connect(running.database_url) as connection:
        connection.execute("create table notes (word text)")
        connection.execute("insert into notes values ('kept')")
    yield
    with psycopg.connect(running.database_url) as connection:
        connection.execute("drop table notes")


def test_the_database_knows_cyrillic_letters(running: services.Services) -> None:
    with psycopg.connect(running.database_url) as connection:
        assert connection.execute("select lower('ЖУК')").fetchone() == ("жук",)


def test_only_this_machine_can_reach_the_servers(running: services.Services, state: Path) -> None:
    served = [*postmaster(state).net_connections(), *valkey(state).net_connections()]
    listening = {c.laddr.ip for c in served if c.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to run it as")
def test_as_root_the_database_runs_as_a_user_of_its_own(
    running: services.Services, state: Path
) -> None:
    assert postmaster(state).uids().effective != 0


def test_processes_that_start_at_once_share_one_pair_of_servers(
    running: services.Services, neighbour: Callable[[], subprocess.Popen[str]]
) -> None:
    assert services.release()
    others = [neighbour() for _ in range(4)]
    addresses = {other.stdout.readline().strip() for other in others if other.stdout}
    assert addresses == {f"{running.database_url} {running.redis_url}"}


def test_the_servers_stay_for_whoever_still_uses_them(
    running: services.Services,
    neighbour: Callable[[], subprocess.Popen[str]],
    note: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = neighbour()
    assert other.stdout is not None
    assert other.stdout.readline()
    monkeypatch.setattr(services, "LEAVE_SECONDS", 0.6)
    assert services.release() is False
    assert rows(running.database_url) == [("kept",)]


def test_the_last_user_may_be_killed(
    running: services.Services, state: Path, neighbour: Callable[[], subprocess.Popen[str]]
) -> None:
    other = neighbour()
    assert other.stdout is not None
    assert other.stdout.readline()
    servers = [postmaster(state), valkey(state), *keepers(state)]
    assert len(servers) == 4
    services.LEAVE_SECONDS, patience = 0, services.LEAVE_SECONDS
    services.release()
    services.LEAVE_SECONDS = patience
    other.send_signal(signal.SIGKILL)
    assert processes.wait(servers, seconds=15) == []


def test_a_killed_database_comes_back_with_what_was_committed(
    running: services.Services, state: Path, note: None
) -> None:
    postmaster(state).kill()
    assert eventually(lambda: rows(running.database_url)) == [("kept",)]


def test_a_killed_broker_comes_back_at_the_same_address(
    running: services.Services, state: Path
) -> None:
    with redis.from_url(running.redis_url) as broker:
        valkey(state).kill()
        assert eventually(broker.ping)


def test_killed_keepers_are_replaced_and_open_sessions_notice_nothing(
    running: services.Services, state: Path
) -> None:
    before = postmaster(state)
    with psycopg.connect(running.database_url) as session:
        session.execute("select 1")
        kill(keepers(state))
        assert services.ensure_database() == running.database_url
        assert services.ensure_broker() == running.redis_url
        session.execute("select 1")
    assert postmaster(state) == before


def test_a_queue_survives_its_killed_keeper(running: services.Services, state: Path) -> None:
    with redis.from_url(running.redis_url) as broker:
        broker.set("task", "waiting")
        kill(keepers(state))
        services.ensure_database()
        services.ensure_broker()
        assert broker.get("task") == b"waiting"


def test_a_number_that_now_belongs_to_somebody_else_does_not_stop_the_start(
    running: services.Services, state: Path
) -> None:
    services.release()
    pid_file = state / "run" / "postgres" / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1\n5432\n/x\n\n1 1\nready\n")
    assert services.ensure_database() == running.database_url
    assert services.ensure_broker() == running.redis_url


def test_a_server_that_cannot_start_says_why(running: services.Services, state: Path) -> None:
    services.release()
    queue = state / "run" / "valkey" / "queue.rdb"
    queue.write_bytes(b"not what the server wrote")
    with pytest.raises(services.ServiceError, match=r"(?s)RDB.*remove .* to start afresh"):
        services.ensure_broker()
    queue.unlink()
    assert services.ensure_broker() == running.redis_url


def test_a_checkout_may_lie_deeper_than_a_socket_path_may_be_long(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = state / ("deep" * 30)
    monkeypatch.setattr(services, "STATE", deep)
    url = services.ensure_database("test")
    socket_folder = psycopg.conninfo.conninfo_to_dict(url)["host"]
    with psycopg.connect(url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    services.release("test")
    assert not str(socket_folder).startswith(str(deep))
    shutil.rmtree(str(socket_folder))

"""PostgreSQL and a Redis-compatible server for whoever has none: joined when first needed.

Each server lives in its own folder under `.kiosk/` of the checkout, and belongs to a keeper process
(`devtools.keeper`), never to the process that asked first. Whoever uses a server holds a shared
lock on a file beside it. The kernel lets go of that lock when its process ends, however it ends,
so no list of users can go stale; the keeper stops the server once nobody holds it.

Must not know: Django, the shop, or what is stored in the servers.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# Tests of this package move it away; everybody else wants the checkout's own.
STATE = Path(os.environ.get("KIOSK_STATE") or ROOT / ".kiosk")
START_SECONDS = 60
LEAVE_SECONDS = 15

Purpose = Literal["run", "test"]
Kind = Literal["postgres", "valkey"]

# Locks this process holds until it ends, by the folder of the server they hold.
_held: dict[Path, int] = {}


class ServiceError(RuntimeError):
    """An embedded server did not come up; the message holds the end of its log."""


class Services(NamedTuple):
    database_url: str
    redis_url: str


def ensure_database(purpose: Purpose = "run") -> str:
    """Start or join this checkout's PostgreSQL; it stays up for as long as this process lives.

    Returns `postgresql://postgres@<socket folder, percent-encoded>/kiosk`.
    Raises ServiceError when it does not come up within a minute.
    """
    return _join(purpose, "postgres")


def ensure_broker(purpose: Purpose = "run") -> str:
    """The same for the Redis-compatible server. Returns `redis://127.0.0.1:<port>/0`."""
    return _join(purpose, "valkey")


def release(purpose: Purpose = "run") -> bool:
    """Let go of both servers now instead of at exit, and wait until they are down.

    Returns False when they stay up because another process still uses them.
    """
    folders = [server_folder(purpose, "postgres"), server_folder(purpose, "valkey")]
    for folder in folders:
        if (held := _held.pop(folder, None)) is not None:
            os.close(held)
    deadline = time.monotonic() + LEAVE_SECONDS
    return all(_wait_until_down(folder, deadline) for folder in folders)


def held() -> list[int]:
    """The locks this process holds; a child that inherits them holds the servers up as well."""
    return list(_held.values())


@contextmanager
def services(purpose: Purpose = "run") -> Iterator[Services]:
    """Both servers for the length of a `with` block."""
    try:
        yield Services(ensure_database(purpose), ensure_broker(purpose))
    finally:
        release(purpose)


def server_folder(purpose: Purpose, kind: Kind) -> Path:
    return STATE / purpose / kind


def lock(path: Path, how: int) -> int | None:
    """A descriptor holding `how` (an `fcntl.LOCK_*`) on the file, or None when it is taken.

    Raises ServiceError when the folder belongs to somebody else.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise ServiceError(
            f"{error.filename} belongs to another user (was it started as root?): remove {STATE}"
        ) from error
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _join(purpose: Purpose, kind: Kind) -> str:
    folder = server_folder(purpose, kind)
    if folder not in _held:
        # Waits only while a keeper is stopping this server: it holds the lock alone for that long.
        held = lock(folder / "users.lock", fcntl.LOCK_SH)
        assert held is not None  # noqa: S101  a blocking lock is never refused
        _held[folder] = held
    return _await_address(purpose, kind, folder)


def _await_address(purpose: Purpose, kind: Kind, folder: Path) -> str:
    """The address the keeper publishes once its server answers; starts a keeper if there is none.

    The keeper inherits its own lock from whoever starts it, so between "there is no keeper" and
    "there is one" no second process can think the same.
    """
    deadline = time.monotonic() + START_SECONDS
    started = False
    while time.monotonic() < deadline:
        free = lock(folder / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if free is not None:
            try:
                if started:
                    break
                (folder / "address").unlink(missing_ok=True)
                _start_keeper(purpose, kind, folder, keeper_lock=free)
                started = True
            finally:
                os.close(free)
        elif (folder / "address").exists():
            return (folder / "address").read_text(encoding="utf-8")
        time.sleep(0.02)
    raise ServiceError(
        f"The embedded {kind} server in {folder} did not start.\n{_end_of_logs(folder)}\n"
        f"If its data came from another version, remove {folder.parent} to start afresh."
    )


def _start_keeper(purpose: Purpose, kind: Kind, folder: Path, *, keeper_lock: int) -> None:
    """Started in the background of a shell that ends at once: it is nobody's child for long."""
    keeper = [sys.executable, "-m", "devtools.keeper", purpose, kind, str(folder)]
    with (folder / "keeper.log").open("wb") as log:
        subprocess.run(  # noqa: S603  our own module, our own arguments
            ["/bin/sh", "-c", '"$@" &', "sh", *keeper],
            check=True,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[keeper_lock],
            start_new_session=True,  # Ctrl-C in the terminal is not meant for it
        )


def _wait_until_down(folder: Path, deadline: float) -> bool:
    while time.monotonic() < deadline:
        free = lock(folder / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if free is not None:
            os.close(free)
            return True
        time.sleep(0.05)
    return False


def _end_of_logs(folder: Path) -> str:
    logs = [folder / "keeper.log", *sorted(folder.glob("*/log")), folder / "valkey.log"]
    texts = [log.read_text(encoding="utf-8", errors="replace") for log in logs if log.is_file()]
    return "\n".join(text[-2000:].strip() for text in texts if text.strip())

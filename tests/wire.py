"""A wire to a server, for tests: it can be cut (connections end, new ones are refused) or go silent
(connections are taken and nothing is ever answered), and be mended again.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

Address = tuple[str, int] | str


class Wire:
    """Listens on a free port of the loopback and carries bytes to `target` and back."""

    def __init__(self, target: Address) -> None:
        """Take (host, port), or the path of a unix socket."""
        self._target = target
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._tape: dict[int, bytearray] | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._flowing.set()
        self._listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        self._close(self._listener)
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            self._close(end)
        self._flowing.set()  # whoever waits in the silence finds its ends closed

    def silence(self) -> None:
        """Take connections and bytes, and answer nothing."""
        self._flowing.clear()

    def mend(self) -> None:
        """Carry everything again; what was sent into the silence arrives late."""
        if self._listener.fileno() < 0:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._listen()
        self._flowing.set()

    def record(self) -> None:
        """From now on keep all that is carried."""
        self._tape = {}

    def recorded(self) -> bytes:
        """What was carried since `record`, each direction of each connection in one piece."""
        tape, self._tape = self._tape or {}, None
        return b"\n".join(tape.values())

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=[near], daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        self._flowing.wait()
        family = socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET
        far = socket.socket(family)
        try:
            far.connect(self._target)
        except OSError:
            self._close(near)
            return
        with self._lock:
            self._ends |= {near, far}
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._carry, args=[source, sink], daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                if (tape := self._tape) is not None:
                    tape.setdefault(threading.get_ident(), bytearray()).extend(data)
                sink.sendall(data)
        for end in (source, sink):
            self._close(end)

    def _close(self, end: socket.socket) -> None:
        """At once, also for a thread that waits in it."""
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()

"""A real HTTP server on the loopback that answers as it is told: well, badly, or not at all.

It knows nothing of the partner's API; tests script every answer, down to single bytes.
"""

import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

#: Writes an answer to the socket and says whether the connection may be used again.
Behaviour = Callable[[socket.socket], bool]


@dataclass(frozen=True)
class Received:
    """One request as it came in; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, numbers as written."""
        return json.loads(self.body, parse_float=str, parse_int=str)


class Stub(socketserver.ThreadingTCPServer):
    """Answers each request with the next scripted behaviour; the last one is repeated."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Received] = []
        self.connections = 0
        self._script: list[Behaviour] = [answer(500)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api"

    def will(self, *behaviours: Behaviour) -> None:
        """Forget the script so far and answer like this from now on."""
        self._script = list(behaviours)

    def next_behaviour(self) -> Behaviour:
        return self._script.pop(0) if len(self._script) > 1 else self._script[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up early are part of the tests."""


class _Handler(socketserver.StreamRequestHandler):
    server: Stub

    def handle(self) -> None:
        self.server.connections += 1
        while (received := self._receive()) is not None:
            self.server.requests.append(received)
            if not self.server.next_behaviour()(self.connection):
                return

    def _receive(self) -> Received | None:
        first = self.rfile.readline().decode("latin-1").split()
        if len(first) < 2:
            return None
        headers: dict[str, str] = {}
        while (line := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return Received(first[0], first[1], headers, body)


@contextmanager
def serving() -> Iterator[Stub]:
    """A running server, gone at the end."""
    with Stub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def answer(
    status: int = 200, body: object = b"", headers: Mapping[str, str] | None = None
) -> Behaviour:
    """A complete answer; anything but bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Length": str(len(raw)), **(headers or {})}
    return sends(f"HTTP/1.1 {status} x\r\n".encode() + _head(fields) + raw, keep=True)


def data(value: object, headers: Mapping[str, str] | None = None) -> Behaviour:
    """A success around some data."""
    return answer(200, {"success": True, "data": value}, headers)


def page(rows: list[Any], next_cursor: object = None) -> Behaviour:
    """A page of a list."""
    meta = {"next_cursor": next_cursor, "prev_cursor": None, "per_page": 50}
    return answer(200, {"success": True, "data": rows, "meta": meta})


def sends(raw: bytes, *, keep: bool = False) -> Behaviour:
    """Exactly these bytes; then the connection is closed unless kept."""

    def behave(connection: socket.socket) -> bool:
        connection.sendall(raw)
        return keep

    return behave


def resets(after: bytes = b"") -> Behaviour:
    """Some bytes perhaps, then a TCP reset."""

    def behave(connection: socket.socket) -> bool:
        if after:
            connection.sendall(after)
            time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        return False

    return behave


def drips(head: bytes, *, drop: bytes = b" ", every: float = 0.02, seconds: float = 5) -> Behaviour:
    """A beginning, then one drop after another."""

    def behave(connection: socket.socket) -> bool:
        connection.sendall(head)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            connection.sendall(drop)
            time.sleep(every)
        return False

    return behave


def _head(fields: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n"

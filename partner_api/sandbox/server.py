"""Serves a sandbox over HTTP on one port, a thread for each request: for a process or for a test.

with running(products=20) as sandbox:
    requests.get(sandbox.url + "/me", headers=sandbox.headers)
    sandbox.control.fault({"endpoint": "create_order", "fault": "drop_after"})
"""

import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from partner_api.sandbox.app import Sandbox, StartResponse
from partner_api.sandbox.control import Control
from partner_api.sandbox.world import World

#: Seconds between two looks at whether to stop.
_POLL = 0.05


class Server(ThreadingMixIn, WSGIServer):
    """An HTTP/1.0 server that forgets its callers when it is told to stop."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def server_bind(self) -> None:
        """Bind without asking a name service what this host is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers may leave whenever they like: half of the sandbox is there to make them."""


class _Handler(WSGIRequestHandler):
    timeout = 75

    def get_environ(self) -> dict[str, Any]:
        """Add the connection, for faults that break it."""
        return {**super().get_environ(), "sandbox.connection": self.connection}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        """Keep quiet: the control page lists the requests."""


def bind(sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Return a server that listens already (port 0: any free one). OSError when it can't."""
    server = Server((host, port), _Handler)
    server.set_app(_breakable(sandbox))
    return server


def address(server: Server) -> str:
    """Return the server's base URL, without a closing slash."""
    return f"http://{server.server_name}:{server.server_port}"


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that is being served."""

    url: str
    sandbox: Sandbox

    @property
    def world(self) -> World:
        """Return what the partner knows."""
        return self.sandbox.world

    @property
    def control(self) -> Control:
        """Return the control API's actions as methods."""
        return self.sandbox.control

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers every unsigned call needs."""
        return {"Authorization": f"Bearer {self.sandbox.token}", "Accept": "application/json"}


@contextmanager
def running(*, host: str = "127.0.0.1", port: int = 0, **options: Any) -> Iterator[Running]:
    """Serve a sandbox from a thread while the block runs; options as `Sandbox` takes them."""
    sandbox = Sandbox(**options)
    server = bind(sandbox, host=host, port=port)
    thread = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
    thread.start()
    try:
        yield Running(address(server), sandbox)
    finally:
        sandbox.close()
        server.shutdown()
        server.server_close()
        thread.join()


def _breakable(
    app: Callable[[dict[str, Any], StartResponse], Iterable[bytes]],
) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """Let a reset reach the caller as one: the socket goes at once, with what it still held."""

    def call(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except ConnectionResetError:
            connection: socket.socket = environ["sandbox.connection"]
            no_linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
            os.close(connection.detach())
            raise

    return call

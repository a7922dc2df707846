"""Runs a sandbox inside the caller's process, behind `requests`, without a socket.

Mount it on a session for the sandbox's base URL. Each request runs in a thread of its own, so that
a caller's read time-out leaves the sandbox at work, as over a network.
"""

import io
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError

from partner_api.sandbox.app import Sandbox

Answer = tuple[str, list[tuple[str, str]], Iterable[bytes]]


class SandboxAdapter(HTTPAdapter):
    """Sends requests to a sandbox in this process."""

    def __init__(self, sandbox: Sandbox, *, in_threads: bool = True) -> None:
        """Take the sandbox that answers; without threads nobody gives up waiting for it."""
        super().__init__()
        self._sandbox = sandbox
        self._in_threads = in_threads

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002  the parent's signature
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,  # noqa: ARG002  the same
        cert: Any = None,  # noqa: ARG002  the same
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002  the same
    ) -> requests.Response:
        """Return the answer, or raise what requests raises when there is none."""
        patience = timeout[1] if isinstance(timeout, tuple) else timeout
        outcome: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
        if self._in_threads:
            threading.Thread(target=self._run, args=(request, outcome), daemon=True).start()
        else:
            self._run(request, outcome)
        try:
            answer = outcome.get(timeout=patience)
        except queue.Empty:
            message = f"Read timed out. (read timeout={patience})"
            raise requests.ReadTimeout(message, request=request) from None
        if isinstance(answer, Exception):
            raise _as_seen(answer, request) from answer
        status, headers, chunks = answer
        code, _, reason = status.partition(" ")
        raw = HTTPResponse(
            body=io.BufferedReader(_Body(iter(chunks))),
            headers=HTTPHeaderDict(headers),
            status=int(code),
            reason=reason,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)

    def _run(
        self, request: requests.PreparedRequest, outcome: queue.SimpleQueue[Answer | Exception]
    ) -> None:
        head: list[Any] = []
        try:
            chunks = self._sandbox(
                _environ(request), lambda status, headers: head.extend([status, headers])
            )
            outcome.put((head[0], head[1], chunks))
        except Exception as error:  # noqa: BLE001  handed over to the caller
            outcome.put(error)


class _Body(io.RawIOBase):
    """Reads an answer's chunks as they come."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            following = next(self._chunks, None)
            if following is None:
                return 0
            self._rest = following
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _as_seen(error: Exception, request: requests.PreparedRequest) -> Exception:
    """Return what a broken connection looks like through requests."""
    if isinstance(error, ConnectionAbortedError):
        error = RemoteDisconnected("Remote end closed connection without response")
    elif isinstance(error, ConnectionResetError):
        error = ConnectionResetError(104, "Connection reset by peer")
    else:
        return error
    return requests.ConnectionError(ProtocolError("Connection aborted.", error), request=request)


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    place = urlsplit(str(request.url))
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else bytes(body)
    environ = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote_to_bytes(place.path or "/").decode("latin-1"),
        "QUERY_STRING": place.query,
        "CONTENT_LENGTH": str(len(data)),
        "CONTENT_TYPE": "",
        "wsgi.input": io.BytesIO(data),
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ

"""An HTTP adapter whose read time-out covers the whole answer, not each read of it.

`requests` takes its read time-out anew for every few bytes, so a server that drips one byte a
second holds a call for as long as it likes, in the headers as well as in the body. Here the
socket's time-out, when an answer begins, is what is left for all of it. Knows nothing of the
partner.
"""

import http.client
import io
import socket
import time
from typing import Any, cast

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _PatientReader(io.RawIOBase):
    """Reads from a socket until one moment, whatever the number of reads."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, patience: float) -> None:
        self._raw = raw
        self._sock = sock
        self._until = time.monotonic() + patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        # io.RawIOBase has readinto; only its stub does not say so.
        return cast(io.FileIO, self._raw).readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _PatientResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        patience = sock.gettimeout()
        if patience is not None:
            raw = self.fp.detach()
            self.fp = io.BufferedReader(_PatientReader(raw, sock, patience))

    def begin(self) -> None:
        super().begin()
        # urllib3 logs the address, which may hold an ICCID, when headers are slightly broken.
        self.msg.defects.clear()
        self.msg.set_payload("")


class _Connection(HTTPConnection):
    response_class = _PatientResponse


class _SecureConnection(HTTPSConnection):
    response_class = _PatientResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class PatientAdapter(HTTPAdapter):
    """Keeps connections open between calls, repeats nothing, and gives up at the time-out."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

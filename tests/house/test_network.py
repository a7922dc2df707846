"""Tests talk to this machine only."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from pytest_socket import SocketConnectBlockedError


@contextmanager
def refused() -> Iterator[None]:
    """By an exception, and by a warning in case some code swallows the exception."""
    with pytest.warns(UserWarning, match=r"192\.0\.2\.1"):  # noqa: SIM117  the raise comes first
        with pytest.raises(SocketConnectBlockedError):
            yield


def test_an_address_elsewhere_is_refused_before_it_is_dialled() -> None:
    # 192.0.2.0/24 is reserved for documentation: it would never answer anyway.
    with socket.socket() as anybody, refused():
        anybody.connect(("192.0.2.1", 443))


def test_the_http_library_the_client_uses_is_refused_too() -> None:
    with refused():
        requests.get("https://192.0.2.1/", timeout=1)


def test_this_machine_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()

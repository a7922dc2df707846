"""Webhooks sent from outside, byte by byte."""

import socket
import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

import requests

from partner_api import signing
from partner_api.sandbox.wire import encode
from tests.stack import Stack

PATH = "/webhooks/partner/"
EVENT = "order.status_changed"


def body_about(external_id: str, *, key: str | None = None, **order: Any) -> dict[str, Any]:
    """A webhook's document about the order with this id."""
    data = {"order": {"id": str(uuid4()), "external_id": external_id, **order}}
    return {"event": EVENT, "idempotency_key": key or str(uuid4()), "data": data}


def headers_of(shop: Stack, document: dict[str, Any]) -> dict[str, str]:
    """Signed as the partner does."""
    timestamp = str(int(time.time()))
    message = signing.webhook_message(timestamp, document["event"], document["idempotency_key"])
    secret = shop.environment["PARTNER_API_SECRET"].split(",")[0]
    return {
        "Content-Type": "application/json",
        "X-Timestamp": timestamp,
        "X-Signature": signing.sign(message, secret),
    }


def deliver(shop: Stack, document: dict[str, Any]) -> requests.Response:
    """Send it by the book."""
    url = shop.url + PATH
    return requests.post(
        url, encode(document), headers=headers_of(shop, document), timeout=15, allow_redirects=False
    )


def raw(shop: Stack, request: bytes, *, patience: float = 10) -> bytes:
    """Send these bytes; return all that comes back, until we are cut off or out of patience."""
    answer = b""
    with (
        socket.create_connection(("127.0.0.1", shop.web_port), timeout=patience) as wire,
        suppress(ConnectionResetError, BrokenPipeError, TimeoutError),
    ):
        wire.sendall(request)
        while piece := wire.recv(65536):
            answer += piece
    return answer


def head(method: str, path: str, headers: dict[str, str]) -> bytes:
    """The first lines of a request that ends its connection."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()

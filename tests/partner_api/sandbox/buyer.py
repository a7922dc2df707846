"""Speaks to a sandbox with plain requests and its own reading of the reference."""

import hashlib
import hmac
import itertools
import time
from collections.abc import Callable
from typing import Any

import requests

from partner_api.sandbox.adapter import SandboxAdapter
from partner_api.sandbox.app import Sandbox

Json = dict[str, Any]
_numbers = itertools.count(1)


class Buyer:
    """Alice, who owns the token and the secret."""

    def __init__(
        self, url: str, *, token: str, secret: str, sandbox: Sandbox | None = None
    ) -> None:
        """Call over HTTP, or in this process when a sandbox is given."""
        self.url = url
        self.secret = secret
        self.session = requests.Session()
        self.session.headers.update(
            {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        )
        if sandbox is not None:
            self.session.mount(url, SandboxAdapter(sandbox))

    def get(self, path: str, **query: Any) -> requests.Response:
        """Ask."""
        return self.session.get(
            self.url + path,
            params=query,
            timeout=10,
            allow_redirects=False,
        )

    def data(self, path: str, **query: Any) -> Any:
        """Ask and return the data of a good answer."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def sign(self, *parts: str, at: int | None = None) -> Json:
        """Return the two headers of a signed call."""
        stamp = str(int(time.time()) if at is None else at)
        message = (stamp + "".join(parts)).encode()
        signature = hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()
        return {"X-Timestamp": stamp, "X-Signature": signature}

    def post(self, path: str, body: Json, headers: Json, timeout: float = 10) -> requests.Response:
        """Send a body as it is."""
        return self.session.post(
            self.url + path, json=body, headers=headers, timeout=timeout, allow_redirects=False
        )

    def order(
        self,
        sku_id: str,
        external_id: str | None = None,
        *,
        timeout: float = 10,
        alter: Callable[[Json], object] = lambda _: None,
        **fields: Any,
    ) -> requests.Response:
        """Order one item; `alter` may spoil the headers."""
        external_id = external_id or new_id()
        headers = self.sign(sku_id, external_id)
        alter(headers)
        body = {
            "external_id": external_id,
            "item": {"sku_id": sku_id, "fields": {"quantity": 1, **fields}},
        }
        return self.post("/orders", body, headers, timeout)

    def buy(self, sku_id: str, external_id: str | None = None, **fields: Any) -> Json:
        """Order one item and return the order."""
        answer = self.order(sku_id, external_id, **fields)
        assert answer.status_code == 201, answer.text
        order: Json = answer.json()["data"]
        return order

    def top_up(
        self, iccid: str, external_id: str | None = None, **body: object
    ) -> requests.Response:
        """Top up an eSIM."""
        external_id = external_id or new_id()
        return self.post(
            f"/services/esim/{iccid}/topup",
            {"external_id": external_id, **body},
            self.sign(iccid, external_id),
        )


def new_id() -> str:
    """Return an external_id nobody used before."""
    return f"T-{next(_numbers):06d}"

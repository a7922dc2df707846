"""Webhooks: the client believes what the sandbox sends, and refuses what an attacker sends."""

import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from partner_api import WebhookRefused, read_webhook
from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.forgeries import FORGERIES
from tests.contract.partners import Partner

#: Rightly signed and fresh: what is wrong is only in the data, and those are never believed.
BELIEVABLE = {"data", "stranger", "other_event"}
Inbox = queue.SimpleQueue[tuple[bytes, dict[str, str]]]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.inbox.put((body, dict(self.headers)))  # type: ignore[attr-defined]  # set below
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        pass


@pytest.fixture
def inbox(sandbox: Sandbox) -> Iterator[Inbox]:
    """Where the sandbox's webhooks arrive."""
    received: Inbox = queue.SimpleQueue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.inbox = received  # type: ignore[attr-defined]  # for the handler
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    sandbox.control.webhooks({"url": f"http://127.0.0.1:{server.server_port}/"})
    yield received
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_genuine_webhook_is_believed_and_says_where_to_look(
    own: Partner, sandbox: Sandbox, inbox: Inbox
) -> None:
    order = own.buy("voucher")
    body, headers = inbox.get(timeout=5)
    event = read_webhook(body, headers, secrets=[own.secret], now=time.time())
    assert event.is_known
    assert (event.order_id, event.external_id) == (order.id, order.external_id)


@pytest.mark.parametrize("kind", sorted(FORGERIES))
def test_a_forged_webhook_is_refused_or_leads_to_the_truth(
    own: Partner, sandbox: Sandbox, inbox: Inbox, kind: str
) -> None:
    sandbox.control.plan({"status": "processing"})
    order = own.buy("voucher")
    sandbox.control.send_webhook({"order": order.id, "kind": kind})
    body, headers = inbox.get(timeout=5)
    if kind in BELIEVABLE:
        event = read_webhook(body, headers, secrets=[own.secret], now=time.time())
        assert event.is_known is (kind != "other_event")
        assert (event.order_id == order.id) is (kind != "stranger")
        assert own.client.order(order.id).status == "processing"
    else:
        with pytest.raises(WebhookRefused):
            read_webhook(body, headers, secrets=[own.secret], now=time.time())


def test_a_webhook_of_another_secret_is_refused(
    own: Partner, sandbox: Sandbox, inbox: Inbox
) -> None:
    own.buy("voucher")
    body, headers = inbox.get(timeout=5)
    with pytest.raises(WebhookRefused):
        read_webhook(body, headers, secrets=["another"], now=time.time())

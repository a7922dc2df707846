"""The production processes by their own commands, configured by the environment alone."""

import pytest
import requests

from partner_api.sandbox.wire import encode
from tests.chaos import judge
from tests.chaos.customer import Customer
from tests.chaos.letters import PATH, body_about, headers_of
from tests.stack import BIN, Stack, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]

WEB = (str(BIN / "gunicorn"), "storefront.wsgi")
WORKER = (str(BIN / "celery"), "-A", "storefront", "worker")
BEAT = (str(BIN / "celery"), "-A", "storefront", "beat")

# A shop for real money, as far as settings can tell; it stays behind a proxy that speaks TLS.
STRICT = {
    "DEMO": "0",
    "WAIT_SCALE": "1",
    "SITE_URL": "https://shop.example",
    "PARTNER_API_URL": "https://127.0.0.1:9",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "PAYMENT_PROVIDER": "stripe",
    "STRIPE_SECRET_KEY": "not-a-key-of-anybody",
    "STRIPE_WEBHOOK_SECRET": "not-a-secret-of-anybody",
    "TRUSTED_PROXIES": "1",
}


@pytest.fixture
def empty(shop: Stack) -> Stack:
    """The shop with only its partner running."""
    for name in ("web", "worker", "beat"):
        shop.kill(name)
    return shop


def start(shop: Stack, **environment: str) -> None:
    """All three by hand; gunicorn takes its own settings from the environment too."""
    bind = f"--bind 127.0.0.1:{shop.web_port}"
    shop.start("web-by-hand", *WEB, GUNICORN_CMD_ARGS=bind, **environment)
    shop.start("worker-by-hand", *WORKER, **environment)
    shop.start("beat-by-hand", *BEAT, **environment)


def test_they_sell_from_every_queue_and_end_when_asked_to(empty: Stack) -> None:
    start(empty)
    wait_for(lambda: empty.answers("/health/ready"))
    customer = Customer(empty).buy()
    judge.everything_settles(empty)
    judge.bought_once(empty, [customer])
    wait_for(
        lambda: empty.rows(
            "select 1 from mail_message where reference = %s and status = 'sent'", customer.number
        )
    )
    for name in ("beat", "worker", "web"):
        process = empty.processes[f"{name}-by-hand"]
        process.terminate()
        assert process.wait(timeout=10) == 0, name


def test_they_start_as_a_shop_for_real_money_too(empty: Stack) -> None:
    start(empty, **STRICT)
    url, host = empty.url, {"Host": "shop.example"}
    proxied = host | {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}

    wait_for(lambda: _status(f"{url}/health/ready", host) == 200)
    assert _status(f"{url}/", host) == 301, "plain http is sent away"
    assert _status(f"{url}/", proxied) == 200
    assert _status(f"{url}/demo/mail/", proxied) == 404

    document = body_about("ORD-STRICT")
    answer = requests.post(
        url + PATH, encode(document), headers=headers_of(empty, document) | proxied, timeout=10
    )
    assert answer.status_code == 200
    assert not answer.cookies
    wait_for(
        lambda: empty.rows(
            "select 1 from webhooks_partnerevent where external_id = 'ORD-STRICT' and note <> ''"
        )
    )


def _status(url: str, headers: dict[str, str]) -> int:
    try:
        return requests.get(url, headers=headers, timeout=5, allow_redirects=False).status_code
    except requests.RequestException:
        return 0

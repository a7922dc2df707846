"""The environment every test runs in: fixed secrets, our own servers, short waits.

Imported by `tests/conftest.py` before anything reads the shop's settings. A `DATABASE_URL` or
`REDIS_URL` of the caller is used as it is; everything else is set here, so that a test never
depends on the shell it was started from. Processes that tests start inherit all of it.
"""

import fcntl
import os
from base64 import urlsafe_b64encode

import redis

from devtools import services
from devtools.live import CONTRACT

FIXED = {
    "DEMO": "1",
    "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "PIN_KEYS": urlsafe_b64encode(bytes(range(32, 64))).decode(),
    "PARTNER_API_URL": "http://127.0.0.1:9",  # nobody listens: a test that forgot its sandbox fails
    "PARTNER_API_TOKEN": "token-of-the-sandbox-for-tests",
    "PARTNER_API_SECRET": "secret-of-the-sandbox-for-tests",
    "PAYMENT_PROVIDER": "demo",
    "SITE_URL": "http://127.0.0.1:8000",
    "STORE_NAME": "Kiosk",
    "STORE_CURRENCY": "USD",
    "WAIT_SCALE": "0.02",
    # Playwright's event loop lives in the thread of the tests, which also use the database.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    "DJANGO_SETTINGS_MODULE": "storefront.settings",
}
# As many test runs of one checkout may go on at once; the broker has one more for benchmarks.
SLOTS = 63
# Names what was brought up here, so that the workers of a run, which inherit its environment, each
# bring up their own instead of taking it for the caller's.
BROUGHT = "KIOSK_TESTS_BROUGHT"


def prepare() -> None:
    """Set the environment and bring up the servers that the caller did not name."""
    brought = os.environ.get(BROUGHT, "").split()
    own = {
        name: None if name in brought else os.environ.get(name)
        for name in ("DATABASE_URL", "REDIS_URL")
    }
    for name in CONTRACT:
        os.environ.pop(name, None)
    os.environ.update(FIXED)
    if all(own.values()):
        os.environ.update({name: value for name, value in own.items() if value})
        return
    os.environ[BROUGHT] = " ".join(name for name, value in own.items() if not value)
    slot = _take_slot()
    os.environ["DATABASE_URL"] = own["DATABASE_URL"] or f"{services.ensure_database('test')}_{slot}"
    os.environ["REDIS_URL"] = own["REDIS_URL"] or _broker(slot)


def _broker(slot: int) -> str:
    url = services.ensure_broker("test").rpartition("/")[0] + f"/{slot}"
    with redis.from_url(url) as broker:
        broker.flushdb()  # what a killed run left in its queues
    return url


def _take_slot() -> int:
    """A number no other test run of this checkout has; held until this process ends."""
    for slot in range(SLOTS):
        path = services.STATE / "test" / "slots" / str(slot)
        if services.lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB) is not None:
            return slot
    raise RuntimeError(f"{SLOTS} test runs of this checkout are going on already")

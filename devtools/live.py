"""Lets a command typed in another shell work on the shop that `make run` runs at this moment.

Must not know: what the variables mean.
"""

import fcntl
import os

from devtools import services

# The operating contract's variables. Whoever sets any of them speaks for himself.
CONTRACT = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DEBUG",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "STORE_NAME",
    "STORE_CURRENCY",
    "STORE_LOGO",
    "ACCENT_HUE",
    "ACCENT_CHROMA",
    "IMAGE_HOSTS",
    "PARTNER_API_URL",
    "PARTNER_API_TOKEN",
    "PARTNER_API_SECRET",
    "PIN_KEYS",
    "PAYMENT_PROVIDER",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_API_URL",
    "EMAIL_URL",
    "SENTRY_DSN",
    "PARTNER_PATHS",
    "PARTNER_RATE",
    "CHECKOUT_LIMIT",
    "DAILY_UNITS",
    "TRUSTED_PROXIES",
    "DEMO",
    "WAIT_SCALE",
)


def load() -> None:
    """Take over the running shop's environment, unless the caller set a variable of his own."""
    if any(name in os.environ for name in CONTRACT):
        return
    environment = services.STATE / "run.env"
    if environment.exists() and is_running():
        lines = environment.read_text(encoding="utf-8").splitlines()
        for name, _, value in (line.partition("=") for line in lines):
            os.environ[name] = value


def is_running() -> bool:
    """Whether a `make run` of this checkout is alive: it holds a lock for as long as it lives."""
    free = services.lock(services.STATE / "runner.lock", fcntl.LOCK_SH | fcntl.LOCK_NB)
    if free is not None:
        os.close(free)
    return free is None

"""Through every door the shop is started by, an unsafe environment is refused by name.

What is unsafe is listed in `tests/house/test_settings.py`; here are the real processes, and what a
list of values cannot say.
"""

import runpy
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from devtools import check
from devtools.live import CONTRACT
from storefront.core import logs
from tests.house.tree import ROOT

BIN = Path(sys.executable).parent
DOORS = {
    "web": [str(BIN / "gunicorn"), "--check-config", "storefront.wsgi"],
    "worker": [str(BIN / "celery"), "-A", "storefront", "report"],
    "command": [sys.executable, "manage.py", "check"],
}
TRIES = [
    ("web", "", ""),
    ("web", "PAYMENT_PROVIDER", "demo"),
    ("worker", "SECRET_KEY", ""),
    ("command", "PARTNER_API_URL", "http://partner.example"),
]


def start(door: str, name: str, value: str) -> tuple[int, str]:
    """Exit code and everything said, in a real shop's environment with one variable changed."""
    done = subprocess.run(
        DOORS[door],
        cwd=ROOT,
        env=check.production() | ({name: value} if name else {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_each_process_starts_in_a_good_environment_and_in_no_unsafe_one() -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(start, *zip(*TRIES, strict=True)))
    for (door, name, _), (code, said) in zip(TRIES, results, strict=True):
        assert (code == 0) == (name == ""), (door, name, said[-500:])
        assert name in said


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A real shop's environment, read in this process."""
    monkeypatch.setattr(logs, "configure_logging", lambda **_: None)
    for name in CONTRACT:
        monkeypatch.delenv(name, raising=False)
    for name, value in check.production().items():
        if name in CONTRACT:
            monkeypatch.setenv(name, value)
    return monkeypatch


def read_settings() -> dict[str, object]:
    return runpy.run_path(str(ROOT / "storefront" / "settings.py"))


# Looks random, and is the same in every process that collects these tests.
GOOD = sha256(b"good").hexdigest()
DEFECTS = [
    ("PARTNER_API_SECRET", f"{GOOD},x"),
    ("PARTNER_API_SECRET", f"x,{GOOD}"),
    ("PARTNER_API_SECRET", f"{GOOD},sandbox-secret"),
    ("PARTNER_API_SECRET", ",,,,,,,,,,,,,,,,,,,,"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://["),
    ("SITE_URL", "shop.example"),
    ("PARTNER_API_URL", "https:///api"),
    ("PARTNER_API_URL", "ftp://partner.example"),
    ("ALLOWED_HOSTS", " * "),
    ("ALLOWED_HOSTS", "shop.example,*"),
    ("ALLOWED_HOSTS", ","),
    ("STRIPE_SECRET_KEY", "_".join(["sk", "test", GOOD[:32]])),
    ("STRIPE_SECRET_KEY", "_".join(["rk", "test", GOOD[:32]])),
    ("STRIPE_SECRET_KEY", "x"),
    ("STRIPE_WEBHOOK_SECRET", "whsec"),
    ("WAIT_SCALE", "-1"),
    ("WAIT_SCALE", "nan"),
]


@pytest.mark.parametrize(("name", "value"), DEFECTS)
def test_what_looks_right_at_first_is_refused_too(
    production: pytest.MonkeyPatch, name: str, value: str
) -> None:
    production.setenv(name, value)
    with pytest.raises(Exception, match=rf"\b{name}\b") as refusal:
        read_settings()
    assert GOOD not in str(refusal.value)


def test_the_token_does_not_sign(production: pytest.MonkeyPatch) -> None:
    """It travels with every request: whoever reads it there could forge webhooks."""
    for value in (GOOD, f"{secrets.token_urlsafe(32)},{GOOD}"):
        production.setenv("PARTNER_API_TOKEN", GOOD)
        production.setenv("PARTNER_API_SECRET", value)
        with pytest.raises(Exception, match="PARTNER_API_SECRET"):
            read_settings()


def test_several_good_secrets_are_taken_in_their_order(production: pytest.MonkeyPatch) -> None:
    both = [secrets.token_urlsafe(32), secrets.token_urlsafe(32)]
    production.setenv("PARTNER_API_SECRET", f" {both[0]} , {both[1]},")
    assert read_settings()["PARTNER_API_SECRETS"] == tuple(both)


def test_a_comma_in_a_single_secret_is_a_part_of_it(production: pytest.MonkeyPatch) -> None:
    key = ",".join([secrets.token_urlsafe(8)] * 8)
    production.setenv("SECRET_KEY", key)
    assert read_settings()["SECRET_KEY"] == key


def test_hosts_are_those_that_were_named(production: pytest.MonkeyPatch) -> None:
    production.setenv("ALLOWED_HOSTS", " shop.example, www.shop.example ,")
    assert read_settings()["ALLOWED_HOSTS"] == ["shop.example", "www.shop.example"]
    production.delenv("ALLOWED_HOSTS")
    assert read_settings()["ALLOWED_HOSTS"] == ["shop.example"]


@pytest.mark.parametrize(("dsn", "times"), [("", 0), ("https://key@sentry.example/1", 1)])
def test_errors_are_reported_where_somebody_asked_for_it_and_without_variables(
    production: pytest.MonkeyPatch, dsn: str, times: int
) -> None:
    started: list[dict[str, object]] = []
    production.setattr("sentry_sdk.init", lambda **options: started.append(options))
    production.setenv("SENTRY_DSN", dsn)
    settings = read_settings()
    assert settings["DEFAULT_EXCEPTION_REPORTER_FILTER"] == "storefront.core.reports.NoVariables"
    assert len(started) == times
    for options in started:
        assert options["dsn"] == dsn
        assert options["include_local_variables"] is False
        assert options["max_request_body_size"] == "never"

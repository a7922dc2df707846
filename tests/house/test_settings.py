"""The settings: every variable documented, and nonsense refused by name."""

import ast
import re
import runpy
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from django.core.exceptions import ImproperlyConfigured

from devtools import check
from devtools.live import CONTRACT
from storefront.core import logs
from tests.house.tree import ROOT, parsed

SETTINGS = ROOT / "storefront" / "settings.py"
READERS = {"_secret", "_secrets", "_key_ring", "_address"}


def variables_read() -> set[str]:
    """Names the settings ask the environment for, directly or through their two readers."""
    found = set()
    for node in ast.walk(parsed(SETTINGS)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            ours = isinstance(node.func, ast.Name) and node.func.id in READERS
            environs = (
                isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "env"
            )
            if ours or environs:
                found.add(str(node.args[0].value))
    return found


def variables_documented() -> set[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))


def test_every_variable_is_read_documented_and_part_of_the_contract() -> None:
    assert variables_read() == variables_documented() == set(CONTRACT)


def test_the_environment_is_read_in_no_other_way() -> None:
    assert "environ[" not in SETTINGS.read_text()
    assert "getenv" not in SETTINGS.read_text()


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a real shop, complete; each test spoils one variable of it."""
    monkeypatch.setattr(logs, "configure_logging", lambda **_: None)
    for name in CONTRACT:
        monkeypatch.delenv(name, raising=False)
    for name, value in check.production().items():
        if name in CONTRACT:
            monkeypatch.setenv(name, value)
    return monkeypatch


def read_settings() -> dict[str, object]:
    return runpy.run_path(str(SETTINGS))


def test_a_complete_environment_starts(production: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    assert settings["STRICT"] is True
    assert settings["SESSION_COOKIE_SECURE"] is True


SPOILED = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "changeme"),
    ("SECRET_KEY", "a" * 60),
    ("SECRET_KEY", "insecure-" + sha256(b"random").hexdigest()),
    ("PIN_KEYS", ""),
    ("PIN_KEYS", "short"),
    ("PIN_KEYS", "not base64 at all!"),
    ("PIN_KEYS", urlsafe_b64encode(bytes(32)).decode()),
    ("PIN_KEYS", urlsafe_b64encode(bytes(range(32))).decode()),
    ("PIN_KEYS", urlsafe_b64encode(bytes(16)).decode()),
    ("PARTNER_API_URL", ""),
    ("PARTNER_API_URL", "http://partner.example"),
    ("PARTNER_API_TOKEN", ""),
    ("PARTNER_API_TOKEN", "sandbox-token"),
    ("PARTNER_API_SECRET", ""),
    ("PARTNER_API_SECRET", "secret"),
    ("PAYMENT_PROVIDER", "demo"),
    ("PAYMENT_PROVIDER", "cash"),
    ("STRIPE_SECRET_KEY", ""),
    ("STRIPE_WEBHOOK_SECRET", ""),
    ("STRIPE_API_URL", "http://127.0.0.1:12111"),
    ("SITE_URL", ""),
    ("SITE_URL", "http://shop.example"),
    ("ALLOWED_HOSTS", "*"),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "sqlite:///shop.db"),
    ("DATABASE_URL", "nonsense"),
    ("REDIS_URL", ""),
    ("REDIS_URL", "nonsense"),
    ("EMAIL_URL", ""),
    ("EMAIL_URL", "carrier-pigeon://mail.example"),
    ("EMAIL_URL", "console://"),
    ("PARTNER_PATHS", "nosuch=/x"),
    ("WAIT_SCALE", "0.02"),
    ("WAIT_SCALE", "soon"),
    ("TRUSTED_PROXIES", "many"),
    ("TRUSTED_PROXIES", "-1"),
    ("STORE_CURRENCY", "DOLLARS"),
    ("IMAGE_HOSTS", "https://images.example"),
    ("IMAGE_HOSTS", "*.example, x"),
    ("IMAGE_HOSTS", "127.0.0.1"),
    ("DEBUG", "perhaps"),
    ("ACCENT_HUE", "361"),
    ("ACCENT_HUE", "nan"),
    ("ACCENT_CHROMA", "-0.1"),
    ("ACCENT_CHROMA", "0.31"),
    ("STORE_LOGO", "/nowhere/logo.svg"),
    ("STORE_LOGO", "README.md"),
]


@pytest.mark.parametrize(("name", "value"), SPOILED)
def test_a_real_shop_does_not_start_on_nonsense_and_says_which(
    production: pytest.MonkeyPatch, name: str, value: str
) -> None:
    production.setenv(name, value)
    with pytest.raises(Exception, match=rf"\b{name}\b") as refusal:
        read_settings()
    if len(value) > 8:
        assert value not in str(refusal.value), "a refusal must not print what may be a secret"


def test_all_that_is_wrong_is_said_at_once(production: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "PIN_KEYS", "PARTNER_API_TOKEN", "DATABASE_URL"):
        production.delenv(name)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_settings()
    for name in ("SECRET_KEY", "PIN_KEYS", "PARTNER_API_TOKEN", "DATABASE_URL"):
        assert name in str(refusal.value)


def test_a_demonstration_may_be_played_without_the_real_thing(
    production: pytest.MonkeyPatch,
) -> None:
    production.setenv("DEMO", "1")
    production.setenv("PAYMENT_PROVIDER", "demo")
    production.setenv("PARTNER_API_URL", "http://127.0.0.1:8001")
    production.setenv("SITE_URL", "http://127.0.0.1:8000")
    production.setenv("WAIT_SCALE", "0.02")
    settings = read_settings()
    assert settings["PAYMENT_PROVIDER"] == "demo"
    assert settings["WAIT_SCALE"] == 0.02


def test_the_content_policy_lets_pictures_come_from_named_hosts_alone(
    production: pytest.MonkeyPatch,
) -> None:
    sources = read_settings()["CONTENT_SECURITY_POLICY"]
    assert sources["DIRECTIVES"]["img-src"] == ["'self'"]  # type: ignore[index]  # a dict of dicts
    production.setenv("IMAGE_HOSTS", "images.example, cdn.example")
    sources = read_settings()["CONTENT_SECURITY_POLICY"]
    assert sources["DIRECTIVES"]["img-src"] == [  # type: ignore[index]  # as above
        "'self'", "https://images.example", "https://cdn.example",
    ]  # fmt: skip

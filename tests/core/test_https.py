"""What browsers are told, in a real shop behind https and in a demonstration on plain http."""

import runpy
from typing import Any

import pytest
from django.conf import settings as current
from django.test import Client, override_settings
from pytest_django import Settings

from devtools import check
from devtools.live import CONTRACT
from storefront.core import logs
from tests.shopping import CONSENTS, Customer, fields_of, stock

HOST = "shop.example"
TAKEN = [
    "ALLOWED_HOSTS", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_TRUSTED_ORIGINS",
    "LANGUAGE_COOKIE_SECURE", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD",
    "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "SECURE_REDIRECT_EXEMPT",
    "SECURE_SSL_REDIRECT", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SITE_URL",
    "TRUSTED_PROXIES",
]  # fmt: skip


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings of a real shop's environment, taken over where browsers notice them."""
    monkeypatch.setattr(logs, "configure_logging", lambda **_: None)
    for name in CONTRACT:
        monkeypatch.delenv(name, raising=False)
    for name, value in check.production().items():
        if name in CONTRACT:
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    read = runpy.run_path("storefront/settings.py")
    for name in TAKEN:
        setattr(settings, name, read[name])
    return read


def https(client: type[Client] = Customer, **headers: str) -> Any:
    """Somebody who came through the proxy, by https unless said otherwise."""
    return client(
        headers={"host": HOST, "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
        | headers
    )


@pytest.mark.django_db
def test_a_real_shops_cookies_travel_encrypted_and_bound_to_its_host(
    production: dict[str, Any],
) -> None:
    alice = https()
    alice.add(stock())
    alice.get("/language/en/?next=/checkout/")
    page = alice.get("/checkout/")
    assert set(alice.cookies) == {"__Host-session", "__Host-csrf", "language"}
    for cookie in alice.cookies.values():
        assert cookie["secure"] is True
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert page["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    form = {**fields_of(page.content.decode()), **CONSENTS, "email": "alice@example.com"}
    assert alice.post("/checkout/", form)["Location"].startswith("/pay/")


@pytest.mark.django_db
def test_plain_http_is_led_to_https_but_for_the_probes(production: dict[str, Any]) -> None:
    for claim in ("http", "", "ftp", "HTTPS"):
        stranger = https(Client, **{"x-forwarded-proto": claim})
        answer = stranger.get("/products/?q=1")
        assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/products/?q=1")
        assert stranger.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_without_a_proxy_nobody_can_claim_to_have_come_by_https(
    settings: Settings, production: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "0")
    alone = runpy.run_path("storefront/settings.py")
    settings.SECURE_PROXY_SSL_HEADER = alone["SECURE_PROXY_SSL_HEADER"]
    assert https(Client).get("/products/").status_code == 301


@pytest.mark.django_db
def test_a_demonstrations_cookies_work_on_plain_http() -> None:
    alice = Customer()
    alice.add(stock())
    alice.get("/language/en/")
    page = alice.get("/checkout/")
    assert set(alice.cookies) == {"session", "csrf", "language"}
    for cookie in alice.cookies.values():
        assert cookie["secure"] == ""
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
    assert "Strict-Transport-Security" not in page


@pytest.mark.parametrize("host", ["evil.example", "shop.example.evil.example", "", "a b", "[::1"])
def test_another_host_is_a_bad_request_everywhere_but_for_probes(
    production: dict[str, Any], host: str
) -> None:
    stranger = https(Client, host=host)
    for path in ("/", "/products/", "/admin/", "/webhooks/partner/", "/nothing/"):
        answer = stranger.get(path)
        assert answer.status_code == 400
        assert host not in answer.content.decode() or not host
    assert stranger.get("/health/live").status_code == 200


def test_a_host_from_a_proxy_header_is_not_believed(production: dict[str, Any]) -> None:
    answer = https(Client, **{"x-forwarded-host": "evil.example"}).get("/health/live")
    assert answer.status_code == 200
    assert current.USE_X_FORWARDED_HOST is False


@pytest.mark.django_db
@override_settings(DEBUG=False)
def test_every_answer_says_how_far_it_may_be_trusted() -> None:
    stranger = Client()
    for path in ("/", "/products/", "/cart/", "/nothing/", "/health/live", "/admin/login/"):
        answer = stranger.get(path)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        assert len(answer["X-Request-Id"]) == 32
        assert "Server" not in answer


@pytest.mark.django_db
def test_each_request_has_an_id_of_its_own_and_none_that_it_brought() -> None:
    stranger = Client(headers={"x-request-id": "mine"})
    ids = {stranger.get("/health/live")["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
    assert "mine" not in ids

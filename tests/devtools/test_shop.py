"""The environment of `make run`: what the caller set wins, secrets stay the same between runs."""

import socket
from pathlib import Path

import pytest

from devtools import services, shop
from devtools.live import CONTRACT


@pytest.fixture(autouse=True)
def bare_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STATE", tmp_path)
    for name in (*CONTRACT, shop.PORT, shop.SANDBOX_PORT):
        monkeypatch.delenv(name, raising=False)
    # The servers have tests of their own.
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/shop")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first, second = shop.environment(), shop.environment()
    assert {name: first[name] for name in shop.MADE_ONCE} == {
        name: second[name] for name in shop.MADE_ONCE
    }
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_two_checkouts_have_different_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shop.environment()
    monkeypatch.setattr(services, "STATE", tmp_path / "another")
    assert shop.environment()["PIN_KEYS"] != first["PIN_KEYS"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIN_KEYS", "mine"),
        ("DEMO", "0"),
        ("SITE_URL", "https://shop.example"),
        ("WAIT_SCALE", "2"),
    ],
)
def test_what_the_caller_set_wins(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert shop.environment()[name] == value


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "")
    assert len(shop.environment()["SECRET_KEY"]) >= 50


def test_a_partner_of_the_callers_own_needs_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNER_API_URL", "https://partner.example/api")
    assert shop.SANDBOX_PORT not in shop.environment()


def test_a_taken_port_is_gone_around_unless_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]
        assert shop._port("PORT", taken) == str(taken + 10)
        monkeypatch.setenv("PORT", str(taken))
        with pytest.raises(shop.PortTakenError, match=f"PORT={taken}"):
            shop.environment()


def test_the_note_for_other_shells_is_private_and_complete(tmp_path: Path) -> None:
    shop.write(tmp_path / "run.env", {"STORE_NAME": "Kiosk = Ключ"})
    assert (tmp_path / "run.env").read_text(encoding="utf-8") == "STORE_NAME=Kiosk = Ключ\n"
    assert (tmp_path / "run.env").stat().st_mode & 0o077 == 0

"""A command beside a running `make run` finds that shop, and only then."""

import fcntl
import os
from pathlib import Path

import pytest

from devtools import live, services


@pytest.fixture(autouse=True)
def bare_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STATE", tmp_path)
    for name in live.CONTRACT:
        monkeypatch.setenv(name, "so that the end of the test restores it")
        monkeypatch.delenv(name)
    (tmp_path / "run.env").write_text("STORE_NAME=Ключ = Kiosk\nDEMO=1\n", encoding="utf-8")


@pytest.fixture
def runner(tmp_path: Path) -> int:
    held = services.lock(tmp_path / "runner.lock", fcntl.LOCK_EX)
    assert held is not None
    return held


def test_it_takes_over_the_running_shops_environment(runner: int) -> None:
    live.load()
    assert os.environ["STORE_NAME"] == "Ключ = Kiosk"
    assert os.environ["DEMO"] == "1"
    os.close(runner)


def test_it_leaves_alone_whoever_set_a_variable(
    runner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/shop")
    live.load()
    assert "STORE_NAME" not in os.environ
    os.close(runner)


def test_it_does_not_believe_what_a_killed_runner_left() -> None:
    live.load()
    assert "STORE_NAME" not in os.environ

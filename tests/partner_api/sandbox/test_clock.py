"""Waits: in order, never for too long, and over at once when the sandbox stops."""

import logging
import threading
import time
from collections.abc import Iterator

import pytest

from partner_api.sandbox.clock import Clock, Scheduler
from tests.partner_api.sandbox.test_plans import eventually


@pytest.fixture
def scheduler() -> Iterator[Scheduler]:
    scheduler = Scheduler()
    yield scheduler
    scheduler.stop()


def test_what_is_due_first_comes_first(scheduler: Scheduler) -> None:
    done: list[str] = []
    scheduler.after(0.08, lambda: done.append("later"))
    scheduler.after(0.02, lambda: done.append("soon"))
    eventually(lambda: len(done) == 2)
    assert done == ["soon", "later"]


def test_a_job_that_fails_is_logged_and_the_next_one_comes(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    with caplog.at_level(logging.ERROR):
        scheduler.after(0, lambda: 1 // 0)
        scheduler.after(0.01, lambda: done.append("next"))
        eventually(lambda: done == ["next"])
    assert "a scheduled job of the sandbox failed" in caplog.text


def test_cleared_jobs_never_come(scheduler: Scheduler) -> None:
    done: list[str] = []
    scheduler.after(0.05, lambda: done.append("cleared"))
    scheduler.clear()
    scheduler.after(0.1, lambda: done.append("kept"))
    eventually(lambda: bool(done))
    assert done == ["kept"]


def test_stopping_releases_who_is_held(scheduler: Scheduler) -> None:
    held = threading.Thread(target=scheduler.pause, args=(30,), daemon=True)
    held.start()
    scheduler.stop()
    held.join(1)
    assert not held.is_alive()


def test_nobody_is_held_for_longer_than_the_limit(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partner_api.sandbox.clock.LONGEST_HOLD", 0.02)
    started = time.monotonic()
    scheduler.pause(30)
    assert time.monotonic() - started < 1


def test_scale_shortens_waits_and_offset_moves_the_clock() -> None:
    clock = Clock(scale=0.1, offset=3600)
    assert clock.scaled(30) == pytest.approx(3)
    assert clock.unix() - time.time() == pytest.approx(3600, abs=1)
    assert clock.now().timestamp() - time.time() == pytest.approx(3600, abs=1)

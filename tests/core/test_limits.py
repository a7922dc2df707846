"""How often somebody may do something: counted in the database, once each, also at one moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from storefront.core import limits
from storefront.core.models import Allowance

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _real_waits(settings: Settings) -> None:
    settings.WAIT_SCALE = 1.0


def hit(key: str = "mallory", scope: str = "look-up", limit: int = 3, at: datetime = NOON) -> bool:
    return limits.hit(scope=scope, key=key, limit=limit, window=MINUTE, now=at)


@pytest.mark.parametrize("limit", [1, 3, 7, 10])
def test_so_many_get_through_and_the_next_does_not(limit: int) -> None:
    assert [hit(limit=limit) for _ in range(limit + 2)] == [True] * limit + [False] * 2


def test_one_comes_back_after_its_share_of_the_window() -> None:
    assert [hit() for _ in range(4)] == [True, True, True, False]
    assert not hit(at=NOON + MINUTE / 3 - timedelta(seconds=1))
    assert hit(at=NOON + MINUTE / 3)
    assert not hit(at=NOON + MINUTE / 3)


def test_all_of_them_come_back_after_the_window_however_often_mallory_tried() -> None:
    for second in range(60):
        hit(at=NOON + timedelta(seconds=second))
    later = NOON + 2 * MINUTE
    assert [hit(at=later) for _ in range(4)] == [True, True, True, False]


def test_another_person_and_another_thing_are_counted_apart() -> None:
    assert [hit() for _ in range(4)][-1] is False
    assert hit(key="alice")
    assert hit(scope="reveal")


def test_a_clock_that_goes_back_locks_nobody_out() -> None:
    hit(at=NOON + MINUTE / 6)
    assert hit(at=NOON)


def test_of_whom_a_row_speaks_is_not_in_it() -> None:
    hit(key="alice@example.com")
    assert "alice" not in str(Allowance.objects.values().get())


def test_shortened_waits_shorten_the_windows(settings: Settings) -> None:
    settings.WAIT_SCALE = 0.5
    assert [hit() for _ in range(4)][-1] is False
    assert hit(at=NOON + MINUTE / 6)
    settings.WAIT_SCALE = 0
    assert all(hit("alice", at=NOON + timedelta(seconds=n)) for n in range(10))


def test_rows_that_mean_nothing_any_more_go() -> None:
    hit()
    hit(key="alice", at=NOON + MINUTE)
    assert limits.forget(now=NOON + MINUTE) == 1
    assert Allowance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_no_more_get_through() -> None:
    def one(_: int) -> bool:
        try:
            return hit(limit=5)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(40))) == 5


@limits.limited("shop", limit=2, window=MINUTE)
def shop(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sold")


def answers(*addresses: str, method: str = "POST", proxies: str = "") -> list[int]:
    requests = [
        RequestFactory().generic(method, "/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=proxies)
        for address in addresses
    ]
    return [shop(request).status_code for request in requests]


def test_f106_what_a_client_sends_too_often_is_answered_with_429() -> None:
    assert answers("203.0.113.9", "203.0.113.9", "203.0.113.9") == [200, 200, 429]
    assert answers("203.0.113.10") == [200]
    refused = shop(RequestFactory().post("/", REMOTE_ADDR="203.0.113.9"))
    assert refused["Retry-After"] == "30", "two a minute: one more in half of one"
    assert "too often" in refused.content.decode()


def test_f106_an_invented_chain_of_proxies_has_no_effect(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    spoofed = [answers("203.0.113.9", proxies=f"198.51.100.{n}")[0] for n in range(3)]
    assert spoofed == [200, 200, 429]
    settings.TRUSTED_PROXIES = 1
    chains = [answers("10.0.0.1", proxies=f"198.51.100.{n}, 203.0.113.77")[0] for n in range(3)]
    assert chains == [200, 200, 429]


def test_reading_is_not_counted() -> None:
    assert answers(*["203.0.113.9"] * 5, method="GET") == [200] * 5
    assert answers("203.0.113.9") == [200]


def test_a_network_of_version_six_is_one_client() -> None:
    assert answers("2001:db8::1", "2001:db8::2", "2001:db8::ffff", "2001:db8:0:1::1") == [
        200, 200, 429, 200,
    ]  # fmt: skip


def test_a_peer_without_an_address_is_not_taken_for_another_one() -> None:
    assert answers(*[""] * 5) == [200] * 5

"""Webhooks are hints: whichever come, in whatever order, how often, true or forged, or none at all,
the order ends the same.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partner_api.sandbox.forgeries import FORGED_PIN, FORGERIES, Delivery
from partner_api.sandbox.wire import encode
from storefront.fulfillment.actions.sweeping import sweep as sweep_purchases
from storefront.fulfillment.models import Purchase
from storefront.orders.models import Delivery as Delivered
from storefront.webhooks.actions import follow
from tests.webhooks.conftest import PATH, Letter, Shop, about, is_stored, post

NOON = 1_795_435_200
QUANTITY = 2
# How it ends at the partner -> what the customer's order is then, and with how many codes.
ENDS = {
    "completed": ("completed", 2),
    "partially_completed": ("partially_completed", 1),
    "failed": ("failed", 0),
    "cancelled": ("failed", 0),
}
STATUSES = ["processing", *ENDS]

STEPS = st.one_of(
    st.tuples(st.just("tell"), st.none()),
    st.tuples(st.just("tell"), st.sampled_from(STATUSES)),
    st.tuples(st.just("repeat"), st.integers(0, 9)),
    st.tuples(st.just("alter"), st.integers(0, 9)),
    st.tuples(st.just("forge"), st.sampled_from(sorted(FORGERIES))),
    st.tuples(st.sampled_from(["end", "work", "lose", "sweep"]), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 400])),
)


@dataclass
class Story:
    """One order and all that is said of it."""

    shop: Shop
    purchase: Purchase
    end: str
    shift: Callable[[int], None]
    letters: list[Letter] = field(default_factory=list)

    def take(self, step: str, value: Any) -> None:
        getattr(self, f"_{step}")(value)

    def _tell(self, status: str | None) -> None:
        """By the book, though perhaps of a status it does not have (any more)."""
        self._send(Letter(data=about(self.shop.sold(self.purchase), status=status)))

    def _repeat(self, number: int) -> None:
        if self.letters:
            self._send(self.letters[number % len(self.letters)])

    def _alter(self, number: int) -> None:
        """The key of an earlier delivery with other data."""
        if self.letters:
            known = self.letters[number % len(self.letters)]
            data = about(self.shop.sold(self.purchase), status="completed", pin=FORGED_PIN)
            assert post(Letter(key=known.key, data=data)).status_code == 200

    def _forge(self, kind: str) -> None:
        sold = self.shop.sold(self.purchase)
        letter = Letter(data=about(sold))
        body = {"event": letter.event, "idempotency_key": letter.key, "data": letter.data}
        delivery = Delivery(sold.id, sold.external_id, body)
        FORGERIES[kind](delivery)
        headers = delivery.headers(self.shop.sandbox.secret, time.time())
        named = {name: headers.pop(name) for name in ("Content-Type", "User-Agent")}
        answer = Client().post(
            PATH, encode(body), content_type=named["Content-Type"], headers=headers
        )
        assert answer.status_code in {200, 400, 401}

    def _end(self, _: None) -> None:
        if self.shop.sold(self.purchase).status == "processing":
            self.shop.moves(self.purchase, status=self.end)

    def _work(self, _: None) -> None:
        self.shop.work()

    def _lose(self, _: None) -> None:
        self.shop.jobs()

    def _sweep(self, _: None) -> None:
        follow(now=now())
        sweep_purchases(now=now())

    def _wait(self, seconds: int) -> None:
        self.shift(seconds)

    def _send(self, letter: Letter) -> None:
        self.letters.append(letter)
        assert post(letter).status_code == 200

    def finish(self) -> None:
        """No more webhooks: the shop goes on by itself until nothing is left to do."""
        self._end(None)
        for _ in range(10):
            if self.shop.order(self.purchase).is_settled:
                return
            self._wait(400)
            self._sweep(None)
            self._work(None)


def tell(shop: Shop, end: str, steps: list[tuple[str, Any]]) -> tuple[str, int, bool]:
    """How an order ends when this happens to it: status, codes shown, whether they are right."""
    with time_machine.travel(NOON, tick=False) as coordinates:
        purchase = shop.buy(quantity=QUANTITY)
        story = Story(shop, purchase, end, coordinates.shift)
        for step, value in steps:
            story.take(step, value)
        story.finish()
        shown = Delivered.objects.filter(line__purchases=purchase, released_at__isnull=False)
        bought = sum(len(item) > 0 for item in shop.sold(purchase).delivery)
        return shop.order(purchase).status, shown.count(), shown.count() == bought


@pytest.mark.parametrize("end", sorted(ENDS))
@pytest.mark.fault("F84")
def test_without_any_webhook_the_order_ends(shop: Shop, end: str) -> None:
    assert tell(shop, end, []) == (*ENDS[end], True)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(end=st.sampled_from(sorted(ENDS)), steps=st.lists(STEPS, max_size=12))
@pytest.mark.fault("F83")
def test_any_webhooks_in_any_order_lead_to_the_same_end(
    shop: Shop, end: str, steps: list[tuple[str, Any]]
) -> None:
    assert tell(shop, end, steps) == (*ENDS[end], True)
    assert not is_stored(FORGED_PIN)

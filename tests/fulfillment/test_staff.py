"""What staff see of purchases, and what they decide about those in review."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from storefront.accounts.models import User
from storefront.core import states
from storefront.fulfillment import explaining, waits
from storefront.fulfillment.actions import reviewing
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench, Wish

PAGE = "/admin/fulfillment/purchase/"


def decide(purchase: Purchase) -> str:
    return reverse("admin:fulfillment_purchase_decide", args=[purchase.pk])


def signed_in(email: str, **rights: Any) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(email, is_staff=True, **rights))
    return client


def words(bench: Bench, purchase: Purchase) -> str:
    return explaining.in_words(bench.again(purchase), now=bench.clock.now)


def test_a_doubt_is_explained_until_it_ends(bench: Bench) -> None:
    bench.fault("drop_before", next=None)
    purchase = bench.purchase()
    assert words(bench, purchase).startswith("Nothing has left us yet. The next step is due since")
    bench.step(purchase)

    told = words(bench, purchase)
    assert "Request 1 has no clear answer" in told
    assert "Not sent again before" in told
    assert "not given up before" in told
    assert "The next step comes in" in told
    page = signed_in("olga@shop.example", is_superuser=True).get(PAGE).content.decode()
    assert "Request 1 has no clear answer" in page
    bench.work(waits.REPOST * 6 + waits.NOT_PLACED * 2)
    assert words(bench, purchase) == "Not placed"


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("402", "Too little of our money"), ("401", "refuses our credentials or our clock")],
)
def test_what_waits_says_for_what(bench: Bench, fault: str, cause: str) -> None:
    bench.fault(fault)
    purchase = bench.purchase()
    bench.step(purchase)
    assert cause in words(bench, purchase)
    bench.work(waits.NOT_PLACED)


def test_staff_decide_about_what_is_in_review_and_nothing_else(bench: Bench) -> None:
    bench.plan(echo={"quantity": 77})
    wrong, fine = bench.paid(Wish(quantity=2)), bench.paid()
    bench.tick()
    (reviewed,), (done,) = bench.legs(wrong), bench.legs(fine)
    assert "A person must decide" in words(bench, reviewed)
    wish = {"deed": "give_up", "reason": "The partner knows nothing."}

    assert signed_in("mallory@shop.example").post(decide(reviewed), wish).status_code == 403
    olga = signed_in("olga@shop.example", is_superuser=True)
    olga.post(decide(reviewed), wish | {"reason": ""})
    assert bench.again(reviewed).status == Status.IN_REVIEW
    for purchase in (reviewed, done):
        olga.post(decide(purchase), wish)

    row = bench.again(reviewed)
    assert (row.status, bench.again(done).status) == (Status.FAILED, Status.COMPLETED)
    assert "olga@shop.example: The partner knows nothing." in row.events.latest("pk").note


def test_looking_up_at_once_only_asks_and_is_written_down(bench: Bench) -> None:
    bench.fault("drop_after")
    purchase = bench.purchase()
    bench.step(purchase)
    posts, olga = bench.posts(), signed_in("olga@shop.example", is_superuser=True)
    page = olga.get(decide(purchase)).content.decode()
    assert "Look up now" in page
    assert "Give up" not in page

    olga.post(decide(purchase), {"deed": "give_up", "reason": "Because I can."})
    assert bench.again(purchase).status == Status.IN_DOUBT
    olga.post(decide(purchase), {"deed": "look_up", "reason": "Alice called."})
    assert "olga@shop.example: Alice called." in purchase.events.latest("pk").note
    assert bench.again(purchase).has_news
    bench.work(waits.NOT_PLACED)
    assert bench.posts() == posts
    assert bench.again(purchase).status == Status.COMPLETED


def test_two_who_give_up_at_once_return_the_money_once(bench: Bench) -> None:
    bench.plan(echo={"quantity": 77})
    order = bench.paid(Wish(quantity=2))
    bench.tick()
    (reviewed,) = bench.legs(order)
    said: list[str] = []

    def give_up(by: str) -> None:
        try:
            reviewing.give_up(purchase_id=reviewed.pk, by=by, now=bench.clock.now)
            said.append(by)
        except states.NotAllowed:
            said.append("too late")
        finally:
            connection.close()

    both = [threading.Thread(target=give_up, args=(name,)) for name in ("sam", "olga")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert "too late" in said
    assert len(said) == 2
    assert bench.again(reviewed).events.filter(note__startswith="given up").count() == 1
    bench.tick()
    assert bench.status(order) == "failed"

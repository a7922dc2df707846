"""What staff see of purchases, and what they decide about those in review."""

from typing import Any

import pytest
from django.test import Client

from storefront.accounts.models import User
from storefront.fulfillment import explaining, waits
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from tests.fulfillment.bench import Bench, Wish

PAGE = "/admin/fulfillment/purchase/"


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
    both = {"_selected_action": [str(reviewed.pk), str(done.pk)]}

    signed_in("mallory@shop.example").post(PAGE, {"action": "give_up", **both})
    assert bench.again(reviewed).status == Status.IN_REVIEW
    signed_in("olga@shop.example", is_superuser=True).post(PAGE, {"action": "give_up", **both})

    row = bench.again(reviewed)
    assert (row.status, bench.again(done).status) == (Status.FAILED, Status.COMPLETED)
    assert "olga@shop.example" in row.events.latest("pk").note

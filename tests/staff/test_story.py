"""An order's page in the admin: the whole story, who and when, and no code in it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from storefront.accounts.models import User
from storefront.orders.models import Order
from storefront.orders.states import Status
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.conftest import *  # noqa: F403  the bench and what it stands on
from tests.shopping import order_in

LIST = "/admin/orders/order/"


@pytest.fixture
def olga() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("olga@shop.example"))
    return client


def page(client: Client, order: Order) -> str:
    return client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()


def test_the_page_tells_the_whole_story_and_no_code(bench: Bench, olga: Client) -> None:
    order = bench.paid(Wish(quantity=2))
    bench.tick()
    (leg,) = bench.legs(order)
    codes = bench.codes(order)
    assert len(codes) == 2

    told = page(olga, order)
    for word in ("authorised → captured", "sent → completed", "order_ready", leg.external_id):
        assert word in told, word
    assert leg.partner_order_id in told
    assert "delivered 2 of 2" in told
    for label in ("Sale", "Cost", "Margin", "$21.00", "$19.40", "$1.60"):
        assert label in told, label
    assert not [code for code in codes if code in told]


def test_the_page_asks_few_questions_however_long_the_story(
    bench: Bench, olga: Client, django_assert_max_num_queries: Any
) -> None:
    order = bench.paid(Wish(quantity=9), Wish(quantity=9))
    bench.tick()
    with django_assert_max_num_queries(25):
        assert "delivered 3 of 3" in page(olga, order)


def test_whom_a_recharge_is_for_is_masked(bench: Bench, olga: Client) -> None:
    order = bench.paid()
    (leg,) = bench.legs(order)
    type(leg).objects.filter(pk=leg.pk).update(fields={"phone": "+79161234567", "pin": "1234"})
    told = page(olga, order)
    assert "•••567" in told
    assert "9161234567" not in told
    assert "1234<" not in told


def test_an_order_is_found_by_anything_and_only_that_one(bench: Bench, olga: Client) -> None:
    order, other = bench.paid(), bench.paid()
    bench.tick()
    (leg,) = bench.legs(order)
    reference = bench.payment(order).provider_reference
    for words in (order.number, leg.external_id, leg.partner_order_id, reference):
        found = olga.get(LIST, {"q": words}).content.decode()
        assert order.number in found, words
        assert other.number not in found, words
    assert order.number in olga.get(LIST, {"q": order.email.upper()}).content.decode()
    line = order.lines.get()
    name = line.sku.product.name_en[:6]
    assert order.number in olga.get(LIST, {"q": name.lower()}).content.decode()
    assert order.number not in olga.get(LIST, {"q": "no such thing"}).content.decode()


@pytest.mark.django_db
def test_the_list_of_orders_asks_few_questions(
    olga: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        order_in(Status.COMPLETED)
    with django_assert_max_num_queries(10):
        assert olga.get(LIST).status_code == 200

"""The cart's page: where its links lead, and how often it asks the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storefront.cart.session import MOST_LINES
from tests.shopping import Customer, Elements, stock

pytestmark = pytest.mark.django_db


def test_a_line_leads_to_its_product() -> None:
    apple = stock()
    alice = Customer()
    alice.add(apple)
    links = Elements(alice.get("/cart/").content.decode()).having("href")
    assert apple.product.get_absolute_url() in {link["href"] for link in links}
    assert "" not in {link["href"] for link in links}


def test_twenty_lines_cost_no_more_queries_than_one() -> None:
    skus = [stock(f"Card {number}") for number in range(MOST_LINES)]
    counts = []
    alice = Customer()
    for wanted in (skus[:1], skus[1:]):
        for sku in wanted:
            alice.add(sku)
        for path in ("/cart/", "/checkout/"):
            alice.get(path)  # what is written on the first look is not what is measured
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert alice.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 5


def test_the_number_beside_the_cart_is_on_every_page() -> None:
    alice = Customer()
    alice.add(stock(), 3)
    count = Elements(alice.get("/").content.decode()).having("class", "count")
    assert len(count) == 1
    assert alice.get("/").context["cart_count"] == 3


def test_a_visitor_without_cookies_costs_no_session() -> None:
    stock()
    answer = Customer().get("/products/")
    assert answer.status_code == 200
    assert "session" not in answer.cookies

"""kill -9 wherever it hurts: one order at the partner each, every code delivered."""

import pytest

from tests.chaos import judge
from tests.chaos.customer import Customer
from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]

# What becomes of the request whose worker dies: it is carried out, it is carried out later, or it
# never arrives. The dead worker's connection stays open at the partner all the while.
FATES = [
    {"fault": "drop_after", "hold": 30},
    {"fault": "late", "seconds": 6},
    {"fault": "drop_before", "hold": 30},
]


def die_while_asking(shop: Stack, fate: dict[str, object]) -> Customer:
    """Buy; kill the worker once the partner has the request, and before it answers."""
    shop.control("faults", {"endpoint": "create_order", **fate})
    customer = Customer(shop).buy()
    external_id = customer.external_id()
    wait_for(lambda: judge.asked(shop, external_id))
    shop.kill("worker")

    ((status, _, _, delivered, posts, _),) = customer.purchases()
    assert (status, delivered, posts) == ("sent", 0, 1), "the moment this test is about"
    shop.start("worker")
    return customer


@pytest.mark.fault("F39")
def test_ten_times_in_a_row_the_worker_is_killed_between_sent_and_the_answer(shop: Stack) -> None:
    fates = [FATES[number % len(FATES)] for number in range(10)]
    customers = [die_while_asking(shop, fate) for fate in fates]

    judge.everything_settles(shop)
    judge.bought_once(shop, customers)
    for customer, fate in zip(customers, fates, strict=True):
        lost = fate["fault"] == "drop_before"
        assert len(judge.posts_of(shop, customer.external_id())) == (2 if lost else 1)

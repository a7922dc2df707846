"""More than one machine: two of web and three of workers on addresses of their own, beat twice,
over one database and one broker. Some die in the middle, others are asked to go.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from random import Random
from threading import Event

import pytest
import requests

from tests.chaos import judge
from tests.chaos.balancer import Balancer
from tests.chaos.customer import Customer
from tests.stack import BIN, Stack, wait_for

WEBS, WORKERS = ("127.0.0.2", "127.0.0.3"), ("127.0.0.4", "127.0.0.5", "127.0.0.6")
pytestmark = [
    pytest.mark.stack,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.allow_hosts(["127.0.0.1", *WEBS]),
]

SEED, ORDERS, AT_ONCE = 7, 36, 4


@pytest.fixture
def machines(shop: Stack) -> Iterator[Stack]:
    """The shop on several machines; `kill` and `start` know them by their addresses."""
    for name in ("web", "worker", "beat"):
        shop.kill(name)
    for address in WEBS:
        start_web(shop, address)
    for address in WORKERS:
        start_worker(shop, address)
    shop.start("beat")
    shop.start("beat-2")
    for address in WEBS:
        wait_for(partial(is_ready, shop, address))
    yield shop
    for name in [*WEBS, *WORKERS]:
        if name in shop.processes:
            shop.kill(name)


def start_web(shop: Stack, address: str) -> None:
    """A machine that answers."""
    gunicorn = (
        str(BIN / "gunicorn"),
        "storefront.wsgi",
        "--workers",
        "2",
        "--log-level",
        "warning",
    )
    bind = ("--bind", f"{address}:{shop.web_port}")
    # All customers come from one address.
    shop.start(address, *gunicorn, *bind, CHECKOUT_LIMIT="100000")


def start_worker(shop: Stack, address: str) -> None:
    """A machine that buys."""
    worker = (str(BIN / "celery"), "-A", "storefront", "worker", "--concurrency", "2")
    shop.start(address, *worker, "--hostname", f"worker@{address}", "--loglevel", "INFO")


def is_ready(shop: Stack, address: str) -> bool:
    """Whether the machine answers."""
    with suppress(requests.RequestException):
        return requests.get(f"http://{address}:{shop.web_port}/health/ready", timeout=2).ok
    return False


def crowd(
    shop: Stack, *, orders: int, patient: bool = True
) -> tuple[Balancer, Callable[[Callable[[], None]], list[Customer]]]:
    """Customers who buy at once, some at a time, each page from another machine.

    Returns the way in, and what has them all come; that takes what is to be done at the middle.
    """
    way_in = Balancer(shop.url, [f"http://{address}:{shop.web_port}" for address in WEBS])
    dice, middle = Random(SEED), Event()  # noqa: S311  repeatable on purpose
    quantities = [dice.choice([1, 1, 2]) for _ in range(orders)]

    def somebody(number: int) -> Customer:
        browser = requests.Session()
        browser.mount(shop.url, way_in)
        return Customer(shop, f"customer-{number}@example.com", browser=browser)

    def comes(number: int) -> Customer:
        if number == orders // 2:
            middle.set()
        for _ in range(20):
            customer = somebody(number)
            try:
                return customer.buy(quantity=quantities[number])
            except (AssertionError, requests.RequestException):
                # A machine died under them: they come again, from the beginning.
                if patient:
                    raise
        raise AssertionError(f"customer {number} gave up")

    def all_come(then: Callable[[], None]) -> list[Customer]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            coming = [pool.submit(comes, number) for number in range(orders)]
            assert middle.wait(120)
            then()
            return [one.result() for one in coming]

    return way_in, all_come


def test_machines_die_in_the_middle_and_every_order_ends(machines: Stack) -> None:
    way_in, all_come = crowd(machines, orders=ORDERS, patient=False)

    def disaster() -> None:
        machines.kill(WORKERS[0])
        machines.kill(WEBS[0])

    customers = all_come(disaster)
    judge.everything_settles(machines, 90)

    start_web(machines, WEBS[0])
    wait_for(lambda: is_ready(machines, WEBS[0]))
    judge.bought_once(machines, customers)
    assert all(way_in.answered.values()), "both machines answered"
    assert machines.manage("check_invariants", "--partner").endswith("0 breaches\n")


def test_machines_are_asked_to_go_under_load_and_nothing_they_took_on_is_lost(
    machines: Stack,
) -> None:
    """One of web and one worker end, and come back; no customer has to do anything twice."""
    before = count(machines)
    _, all_come = crowd(machines, orders=ORDERS)
    codes = {}

    def maintenance() -> None:
        for address in (WEBS[0], WORKERS[0]):
            process = machines.processes[address]
            process.terminate()
            codes[address] = process.wait(timeout=45)
        start_web(machines, WEBS[0])
        start_worker(machines, WORKERS[0])

    customers = all_come(maintenance)
    assert codes == {WEBS[0]: 0, WORKERS[0]: 0}
    # A request that was begun and then asked of the other machine would have made a second order.
    assert count(machines) - before == len(customers) == ORDERS
    judge.everything_settles(machines, 60)
    judge.bought_once(machines, customers)
    assert machines.manage("check_invariants", "--partner").endswith("0 breaches\n")


def count(shop: Stack) -> int:
    """All orders, also those nobody paid for."""
    return int(shop.rows("select count(*) from orders_order")[0][0])

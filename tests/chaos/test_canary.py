"""A code is cash: one that is known is bought, shown once, and looked for in all that is left."""

import hashlib
import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.chaos import judge, search
from tests.chaos.crawl import crawl, whole
from tests.chaos.customer import Customer
from tests.journeys.buying import check_out, choose
from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240), pytest.mark.fault("F108")]

PIN = "CNRY-7QK3-X4TW-9HJD"
SERIAL = "SNCANARY20261123"
STAFF, PASSWORD = "owner@example.com", "the owner's Long passphrase"


@dataclass
class Sold:
    """A bought and revealed canary, and all places where it may have left something."""

    customer: Customer
    token: str
    revealed: bytes
    places: dict[str, bytes]
    pages: dict[str, bytes]


@pytest.fixture(scope="module")
def sold(hurried: Stack) -> Sold:
    """Buy as a member of staff, who sees the most; look at the code; then go everywhere."""
    hurried.environment["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    hurried.manage("createsuperuser", "--no-input", "--email", STAFF)
    for wire in hurried.wires.values():
        wire.record()
    unit = {"pin": PIN, "serialNumber": SERIAL, "expiration": "2029-02-03"}
    hurried.control("plan", {"item": {"delivery_data": [unit]}})

    customer = Customer(hurried, email=STAFF)
    login = customer.get("/admin/login/").text
    customer.post("/admin/login/", login, username=STAFF, password=PASSWORD, next="/admin/")
    customer.buy()
    judge.everything_settles(hurried)
    wait_for(lambda: customer.number.encode() in search.mails(hurried))
    (answer,) = customer.reveal()

    link = re.search(rf"/orders/{customer.number}/open/([^/\s]+)/", search.mails(hurried).decode())
    assert link
    start = ["/", "/cart/", "/checkout/", "/products/", customer.path, link[0], "/demo/mail/",
             "/orders/find/", "/account/", "/admin/"]  # fmt: skip
    pages = crawl(customer.browser, hurried.url, [*start, *(f"/ru{path}" for path in start)])
    places = {
        "the database": search.database(hurried),
        "the broker": search.broker(hurried),
        "the logs": search.logs(hurried),
        "the mails": search.mails(hurried),
        "the way to the database": hurried.wires["database"].recorded(),
        "the way to the broker": hurried.wires["broker"].recorded(),
    }
    return Sold(customer, link[1], whole(answer), places, pages)


def test_the_reveal_shows_it_and_may_not_be_kept(sold: Sold) -> None:
    head, _, body = sold.revealed.partition(b"\n\n")
    assert search.hits(PIN, body)
    assert search.hits(SERIAL, body)
    assert b"no-store" in head
    assert not search.hits(PIN, head)


@pytest.mark.parametrize("secret", [PIN, SERIAL])
def test_it_is_nowhere_else(sold: Sold, secret: str) -> None:
    found = {name: search.hits(secret, place) for name, place in sold.places.items()}
    found |= {path: search.hits(secret, page) for path, page in sold.pages.items()}
    assert not {name: shapes for name, shapes in found.items() if shapes}


def test_the_search_does_find_what_is_there(sold: Sold) -> None:
    """The order's number is in most of these places, the purchase's id in the others."""
    ((*_, purchase_id),) = sold.customer.purchases()
    kept = hashlib.sha256(sold.token.encode()).digest()
    assert kept in sold.places["the database"], "bytes are searched as bytes"
    for name in ("the database", "the logs", "the mails", "the way to the database"):
        assert search.hits(sold.customer.number, sold.places[name]), name
    assert search.hits(str(purchase_id), sold.places["the way to the broker"])
    for path in (sold.customer.path, f"/ru{sold.customer.path}", "/admin/orders/order/"):
        assert search.hits(sold.customer.number, sold.pages[path]), path


def test_the_crawl_went_everywhere(sold: Sold) -> None:
    kinds = {re.sub(r"[0-9a-f-]{36}|\d+", "*", path) for path in sold.pages}
    for app in ("orders/order", "fulfillment/purchase", "payments/payment", "mail/message",
                "cases/case", "webhooks/partnerevent", "ledger/entry"):  # fmt: skip
        assert f"/admin/{app}/" in kinds
    assert "/admin/orders/order/*/change/" in kinds
    assert "/admin/fulfillment/purchase/*/change/" in kinds
    refused = {path for path, page in sold.pages.items() if page.startswith(b"5")}
    assert not refused


def test_the_broker_is_searched_in_every_kind_of_key(shop: Stack) -> None:
    secret = str(uuid4())
    with shop.broker() as server:
        for kind, plant in {
            "string": lambda key: server.set(key, secret),
            "list": lambda key: server.lpush(key, "first", secret),
            "set": lambda key: server.sadd(key, secret),
            "hash": lambda key: server.hset(key, "field", secret),
            "zset": lambda key: server.zadd(key, {secret: 1.0}),
        }.items():
            assert not search.hits(secret, search.broker(shop)), kind
            plant("planted")
            assert search.hits(secret, search.broker(shop)), kind
            server.delete("planted")


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_every_shape_of_a_secret_is_known(before: str) -> None:
    from base64 import b64encode, urlsafe_b64encode  # noqa: PLC0415  only to make shapes
    from urllib.parse import quote  # noqa: PLC0415  the same

    text = f"{before}{PIN}rest"
    for shape in (
        text.encode(),
        b64encode(text.encode()),
        urlsafe_b64encode(text.encode()),
        text.encode().hex().encode(),
        text.lower().encode(),
        quote(text).encode(),
        text.replace("-", " ").encode(),
        text.replace("-", "").encode(),
    ):
        assert search.hits(PIN, b"something" + shape), shape
    assert not search.hits(PIN, b"something else altogether")


def test_no_code_of_any_order_of_these_tests_is_anywhere(shop: Stack, sold: Sold) -> None:
    """Whatever was killed, wiped and doubled before."""
    units = [
        unit
        for order in shop.control("ledger")["orders"]
        for item in order["items"]
        for unit in item["delivery_data"] or []
    ]
    for place in (
        search.database(shop),
        search.logs(shop),
        search.mails(shop),
        search.broker(shop),
    ):
        for unit in units:
            assert not search.hits(unit["pin"], place)


@pytest.mark.browser
def test_the_browser_keeps_nothing_of_it(shop: Stack, page: Page) -> None:
    """Neither in its storage nor behind the back button."""
    choose(page, shop)
    check_out(page)
    page.get_by_test_id("pay-now").click()
    page.get_by_test_id("reveal").click()
    code = (page.get_by_test_id("code").text_content() or "").strip()
    assert code

    page.get_by_test_id("language-ru").click()
    expect(page.get_by_test_id("order-number")).to_be_visible()
    assert code not in page.content()
    page.goto(f"{shop.url}/")
    page.go_back()
    expect(page.get_by_test_id("order-number")).to_be_visible()
    assert code not in page.content()
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert code not in kept

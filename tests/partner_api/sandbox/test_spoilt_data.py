"""Faults of the data: the answer is well-formed, what it says is not."""

import time
from collections.abc import Iterator

import pytest

from partner_api.sandbox import spoil
from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer, Json
from tests.partner_api.sandbox.goods import CARD, CARD_PRODUCT, OPEN, small_catalog

#: Faults that need more than one look at one answer have tests of their own below.
SEQUENCES = {"cursor_repeats", "cursor_loops", "cursor_endless", "lag", "prefix", "price"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Three pages of ten products."""
    sandbox = Sandbox(catalog=small_catalog(cards=23), time_scale=0.02)
    yield sandbox
    sandbox.close()


def cursors(alice: Buyer, pages: int) -> list[str | None]:
    found: list[str | None] = []
    query: Json = {}
    for _ in range(pages):
        following = alice.get("/catalog/products", per_page=10, **query).json()["meta"][
            "next_cursor"
        ]
        found.append(following)
        if following is None:
            break
        query = {"cursor": following}
    return found


def test_cursors_normally_end(alice: Buyer) -> None:
    found = cursors(alice, 9)
    assert len(found) == 3
    assert found[-1] is None


def test_a_cursor_repeats(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.fault({"endpoint": "products", "fault": "cursor_repeats"})
    found = cursors(alice, 9)
    assert len(found) == 9
    assert len(set(found)) == 1


def test_cursors_loop(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.fault({"endpoint": "products", "fault": "cursor_loops"})
    found = cursors(alice, 9)
    assert len(found) == 9
    assert len(set(found)) == 2


def test_cursors_never_end_and_never_repeat(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.fault({"endpoint": "products", "fault": "cursor_endless"})
    found = cursors(alice, 30)
    assert len(set(found)) == 30


def test_one_page_fails(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.fault({"endpoint": "products", "fault": "500_before", "page": 3})
    first = alice.get("/catalog/products", per_page=10).json()
    second = alice.get("/catalog/products", per_page=10, cursor=first["meta"]["next_cursor"])
    following = second.json()["meta"]["next_cursor"]
    for _ in range(2):
        assert alice.get("/catalog/products", per_page=10, cursor=following).status_code == 500


@pytest.mark.parametrize(("fault", "left"), [("empty_page", 0), ("half_page", 5)])
def test_one_page_lacks_rows(sandbox: Sandbox, alice: Buyer, fault: str, left: int) -> None:
    sandbox.control.fault({"endpoint": "products", "fault": fault, "page": 2})
    first = alice.get("/catalog/products", per_page=10).json()
    second = alice.get("/catalog/products", per_page=10, cursor=first["meta"]["next_cursor"]).json()
    assert (len(first["data"]), len(second["data"])) == (10, left)
    assert second["meta"]["next_cursor"] is not None


def test_a_catalog_shrinks_alike_in_products_and_prices(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.fault({"fault": "shrink:60"})
    prices = {row["sku_id"] for row in alice.data("/catalog/pricelist", per_page=200)}
    products = alice.data("/catalog/products", include_skus="1", per_page=200)
    assert {sku["id"] for row in products for sku in row["skus"]} == prices
    assert 8 <= len(prices) <= 32  # of 51


@pytest.mark.parametrize(
    ("kind", "price", "rate"),
    [
        ("zero", 0, 0), ("negative", -9.7, -0.272), ("null", None, None),
        ("string", "9.70", "0.272"),
        ("x100", 970, 27.2), ("div100", 0.097, 0.00272), ("missing", "gone", "gone"),
        ("currency", 9.7, 0.272),
    ],
)  # fmt: skip
def test_prices_go_wrong(
    sandbox: Sandbox, alice: Buyer, kind: str, price: object, rate: object
) -> None:
    sandbox.control.fault({"endpoint": "pricelist", "fault": "price", "kind": kind})
    rows = {row["sku_id"]: row for row in alice.data("/catalog/pricelist", per_page=200)}
    assert rows[CARD].get("price", "gone") == price
    assert rows[OPEN].get("rate", "gone") == rate
    assert (rows[CARD]["currency"] == "EUR") is (kind == "currency")


def test_one_price_goes_wrong(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.fault({"endpoint": "pricelist", "fault": "price:null", "sku": CARD})
    rows = alice.data("/catalog/pricelist", per_page=200)
    assert [row["sku_id"] for row in rows if row.get("price", 1) is None] == [CARD]


def first_card(alice: Buyer) -> Json:
    row: Json = alice.data("/catalog/products", include_skus="1")[0]
    return row


SEEN = {
    "empty_page": lambda alice: alice.data("/catalog/products") == [],
    "half_page": lambda alice: len(alice.data("/catalog/products", per_page=10)) == 5,
    "shrink": lambda alice: len(alice.data("/catalog/pricelist", per_page=200)) < 40,
    "stock": lambda alice: alice.data("/catalog/pricelist")[0]["stock"] == 0,
    "max_per_order": lambda alice: alice.data("/catalog/pricelist")[0]["max_per_order"] == 0,
    "hostile_text": lambda alice: "<script>" in first_card(alice)["description"],
    "hostile_image": lambda alice: first_card(alice)["image"] == spoil.HOSTILE_IMAGES[0],
    "unknown_type": lambda alice: first_card(alice)["type"] == "subscription",
    "missing_locale": lambda alice: (
        alice.data("/catalog/products", locale="ru")[0]["name"] is None
        and first_card(alice)["name"] == "Card 1"
    ),
    "same_names": lambda alice: (
        {row["name"] for row in alice.data("/catalog/products")} == {"Gift card"}
    ),
    "nulls": lambda alice: first_card(alice)["category"] is None,
    "extra_keys": lambda alice: "novelty" in first_card(alice),
    "unreadable_fields": lambda alice: len(first_card(alice)["fields"]) == 3,
    "cursor_malformed": lambda alice: (
        alice.get("/catalog/products").json()["meta"]["next_cursor"] == "not-a-cursor"
    ),
    "overlay": lambda alice: alice.data("/balance")["available_balance"] == 1,
}
MORE: dict[str, Json] = {"overlay": {"values": {"data": {"available_balance": 1}}}}


@pytest.mark.parametrize("fault", SEEN)
def test_a_fault_of_the_data_is_seen(sandbox: Sandbox, alice: Buyer, fault: str) -> None:
    assert not SEEN[fault](alice)
    sandbox.control.fault(
        {
            "endpoint": "balance" if fault == "overlay" else "*",
            "fault": fault,
            **MORE.get(fault, {}),
        }
    )
    assert SEEN[fault](alice)
    sandbox.faults.clear()
    assert not SEEN[fault](alice)  # nothing was spoilt for good


def test_every_fault_of_the_data_has_a_test() -> None:
    assert set(SEEN) | SEQUENCES == set(spoil.FAULTS)


@pytest.mark.parametrize("fault", sorted(spoil.FAULTS))
def test_a_fault_where_it_makes_no_sense_breaks_nothing(
    sandbox: Sandbox, alice: Buyer, fault: str
) -> None:
    order = alice.buy(CARD)
    sandbox.control.fault({"endpoint": "*", "fault": fault})
    for path in (
        "/me", "/balance", "/balance/history", "/catalog/categories", "/orders",
        f"/orders/{order['id']}", f"/catalog/products/{CARD_PRODUCT}", "/catalog/pricelist",
    ):  # fmt: skip
        assert alice.get(path).status_code < 500


def test_the_list_of_orders_lags(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.fault({"endpoint": "orders", "fault": "lag:30"})
    order = alice.buy(CARD, "ORD-1")
    assert alice.data("/orders", external_id="ORD-1") == []
    assert alice.data(f"/orders/{order['id']}")["id"] == order["id"]
    time.sleep(0.65)  # 30 s, fifty times faster
    assert len(alice.data("/orders", external_id="ORD-1")) == 1


def test_the_list_of_orders_matches_prefixes(sandbox: Sandbox, alice: Buyer) -> None:
    alice.buy(CARD, "ORD-1")
    alice.buy(CARD, "ORD-12")
    sandbox.control.fault({"endpoint": "orders", "fault": "prefix"})
    found = alice.data("/orders", external_id="ORD-1")
    assert [row["external_id"] for row in found] == ["ORD-12", "ORD-1"]

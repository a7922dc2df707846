"""Products, prices, categories: the reference's keys, filters, locales, pages and cursors."""

import base64
import json
from collections.abc import Iterator

import pytest

from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer, Json
from tests.partner_api.sandbox.goods import (
    CARD,
    CARD_PRODUCT,
    ESIM,
    OPEN,
    small_catalog,
)

WRONG = [
    ("/catalog/products", {"per_page": 201}),
    ("/catalog/products", {"per_page": 0}),
    ("/catalog/products", {"per_page": ""}),
    ("/catalog/products", {"locale": "de"}),
    ("/catalog/products", {"type": "shoes"}),
    ("/catalog/products", {"category_id": "one"}),
    ("/catalog/products", {"include_skus": "maybe"}),
    ("/catalog/pricelist", {"per_page": 201}),
    ("/catalog/pricelist", {"type": "voucher_open_range"}),
    ("/catalog/categories", {"target": "order"}),
    ("/balance/history", {"per_page": 101}),
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A catalog of several pages: 23 cards and three other products."""
    sandbox = Sandbox(catalog=small_catalog(cards=23))
    yield sandbox
    sandbox.close()


def walk(alice: Buyer, path: str, **query: object) -> list[Json]:
    rows: list[Json] = []
    cursor: Json = {}
    for _ in range(50):
        answer = alice.get(path, **query, **cursor).json()
        rows += answer["data"]
        if answer["meta"]["next_cursor"] is None:
            return rows
        cursor = {"cursor": answer["meta"]["next_cursor"]}
    raise AssertionError("the pages never end")


def test_products_have_the_references_keys_and_no_prices(alice: Buyer) -> None:
    row = alice.data("/catalog/products", include_skus="true")[0]
    assert list(row) == [
        "id", "name", "type", "denomination_type", "category", "description", "image",
        "attributes", "fields", "skus",
    ]  # fmt: skip
    assert row["category"] == {"id": 1, "name": "Cards"}
    assert list(row["skus"][0]) == ["id", "name", "image", "attributes"]


def test_products_come_without_skus_unless_asked(alice: Buyer) -> None:
    assert "skus" not in alice.data("/catalog/products")[0]
    assert "skus" not in alice.data("/catalog/products", include_skus="0")[0]


def test_one_product_has_prices_and_stock_but_no_fields(alice: Buyer) -> None:
    row = alice.data(f"/catalog/products/{CARD_PRODUCT}")
    assert "fields" not in row
    assert list(row["skus"][0]) == [
        "id", "name", "price", "currency", "stock", "max_per_order", "image", "attributes",
    ]  # fmt: skip


def test_the_pricelist_has_one_row_a_sku(alice: Buyer) -> None:
    rows = {row["sku_id"]: row for row in walk(alice, "/catalog/pricelist", per_page=10)}
    assert rows[CARD] == {
        "sku_id": CARD, "denomination_type": "fixed", "price": 9.7, "currency": "USD",
        "stock": 100, "max_per_order": 3,
    }  # fmt: skip
    assert rows[OPEN] == {
        "sku_id": OPEN, "denomination_type": "custom", "currency": "AED", "stock": 9999,
        "max_per_order": 99, "markup_percent": -2, "markup_fixed": 0.1, "rate": 0.272,
    }  # fmt: skip


@pytest.mark.parametrize("per_page", [1, 7, 26, 200])
def test_pages_hold_every_product_once(alice: Buyer, per_page: int) -> None:
    ids = [row["id"] for row in walk(alice, "/catalog/products", per_page=per_page)]
    assert len(ids) == len(set(ids)) == 26


def test_a_full_last_page_has_no_next_one(alice: Buyer) -> None:
    first = alice.get("/catalog/products", per_page=13).json()
    last = alice.get("/catalog/products", per_page=13, cursor=first["meta"]["next_cursor"]).json()
    assert (len(last["data"]), last["meta"]["next_cursor"]) == (13, None)


def test_cursors_look_like_the_references(alice: Buyer) -> None:
    cursor = alice.get("/catalog/products", per_page=5).json()["meta"]["next_cursor"]
    content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert content == {"id": 5, "_pointsToNextItems": True}


def test_the_previous_page_can_be_asked_for(alice: Buyer) -> None:
    first = alice.get("/catalog/products", per_page=5).json()
    assert first["meta"]["prev_cursor"] is None
    second = alice.get("/catalog/products", per_page=5, cursor=first["meta"]["next_cursor"]).json()
    back = alice.get("/catalog/products", per_page=5, cursor=second["meta"]["prev_cursor"]).json()
    assert back["data"] == first["data"]


@pytest.mark.parametrize(
    "cursor",
    [
        "not-a-cursor", "é", "e30", base64.b64encode(b'{"id":"5"}').decode(), "W10",
        base64.b64encode(b'{"id":true,"_pointsToNextItems":true}').decode(), "[" * 1000,
    ],
)  # fmt: skip
def test_a_malformed_cursor_silently_means_the_first_page(alice: Buyer, cursor: str) -> None:
    plain = alice.get("/catalog/products", per_page=5)
    odd = alice.get("/catalog/products", per_page=5, cursor=cursor)
    assert odd.status_code == 200
    assert odd.json() == plain.json()


def test_the_filters_hold(alice: Buyer) -> None:
    assert len(alice.data("/catalog/products", type="esim")) == 1
    assert len(alice.data("/catalog/products", category_id=2)) == 2
    assert alice.data("/catalog/products", category_id=99) == []
    assert {row["sku_id"] for row in alice.data("/catalog/pricelist", type="esim")} >= {ESIM}
    assert len(alice.data("/catalog/pricelist", type="voucher", per_page=200)) == 46
    assert len(alice.data("/catalog/pricelist", category_id=2)) == 4


def test_both_locales_are_spoken(alice: Buyer) -> None:
    assert alice.data("/catalog/products")[0]["name"] == "Card 1"
    assert alice.data("/catalog/products", locale="ru")[0]["name"] == "Card 1 (ru)"
    [recharge] = alice.data("/catalog/products", locale="ru", type="recharge_fixed")
    assert recharge["fields"][0]["label"] == "Phone (ru)"
    assert alice.data("/catalog/categories", locale="ru")[0]["name"] == "Cards (ru)"
    assert alice.data(f"/catalog/products/{CARD_PRODUCT}", locale="ru")["name"] == "Card 1 (ru)"


def test_categories_have_attributes_by_target(alice: Buyer) -> None:
    cards, _ = alice.data("/catalog/categories")
    assert list(cards) == ["id", "name", "parent_id", "attributes"]
    assert [row["code"] for row in cards["attributes"]] == ["face", "use"]
    cards, _ = alice.data("/catalog/categories", target="sku")
    assert cards["attributes"] == [
        {"code": "face", "name": "Face", "type": "text", "target": "sku"}
    ]


@pytest.mark.parametrize(("path", "query"), WRONG)
def test_a_wrong_parameter_is_refused_by_name(alice: Buyer, path: str, query: Json) -> None:
    answer = alice.get(path, **query)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == list(query)


def test_every_wrong_parameter_is_named_at_once(alice: Buyer) -> None:
    body = alice.get("/catalog/products", per_page=0, locale="de", type="shoes").json()
    assert list(body["errors"]) == ["locale", "type", "per_page"]
    assert body["message"].endswith("(and 2 more errors)")


def test_an_unknown_product_is_not_found(alice: Buyer) -> None:
    assert alice.get("/catalog/products/nothing").status_code == 404


def test_a_changed_sku_is_changed_everywhere(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.catalog({"sku": CARD, "price": "11.25", "stock": 3, "max_per_order": 2})
    row = alice.data("/catalog/pricelist")[0]
    assert (row["price"], row["stock"], row["max_per_order"]) == (11.25, 3, 2)
    assert alice.data(f"/catalog/products/{CARD_PRODUCT}")["skus"][0]["price"] == 11.25
    assert alice.buy(CARD)["total_amount"] == 11.25


def test_a_hidden_sku_is_nowhere_and_can_not_be_bought(sandbox: Sandbox, alice: Buyer) -> None:
    sandbox.control.catalog({"sku": CARD, "hidden": True})
    assert CARD not in {row["sku_id"] for row in walk(alice, "/catalog/pricelist")}
    assert len(alice.data(f"/catalog/products/{CARD_PRODUCT}")["skus"]) == 1
    assert len(alice.data("/catalog/products", include_skus="1")[0]["skus"]) == 1
    assert alice.order(CARD).status_code == 422

"""The quick reader of catalog pages says what the tolerant one says, or leaves the page to it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from partner_api.models import Page
from partner_api.reading.catalog import read_price_row, read_product
from partner_api.reading.page import read_page
from partner_api.reading.quick import read_prices, read_products
from partner_api.sandbox.adapter import SandboxAdapter
from partner_api.sandbox.app import TOKEN, Sandbox
from partner_api.strict_json import parse
from tests.partner_api import samples

SLOW: dict[Callable[[bytes], Any], Callable[[object, str], Any]] = {
    read_products: read_product,
    read_prices: read_price_row,
}


def page(*rows: object, **meta: object) -> dict[str, object]:
    return {"success": True, "data": rows, "meta": {"next_cursor": None, **meta}}


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def slowly(quick: Callable[[bytes], Any], body: bytes) -> Page[Any]:
    return read_page(parse(body), SLOW[quick])


@pytest.mark.parametrize(
    ("path", "quick"),
    [
        ("/catalog/products?include_skus=1&per_page=200&locale=ru", read_products),
        ("/catalog/pricelist?per_page=200", read_prices),
    ],
)
def test_every_page_of_the_demo_catalog_is_read_the_same(
    path: str, quick: Callable[[bytes], Any]
) -> None:
    import requests  # noqa: PLC0415  the adapter takes its requests

    sandbox, cursor = Sandbox(), ""
    with requests.Session() as session:
        session.mount("http://sandbox.test", SandboxAdapter(sandbox))
        while True:
            body = session.get(
                f"http://sandbox.test{path}{cursor}", headers={"Authorization": f"Bearer {TOKEN}"}
            ).content
            read = quick(body)
            assert read is not None
            assert read == slowly(quick, body)
            if read.next_cursor is None:
                break
            cursor = f"&cursor={read.next_cursor}"
    sandbox.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"attributes": []},
        {"attributes": {"hot": True, "size": 3, "places": ["AE", "US"], "none": None}},
        {"category": None, "description": None},
        {"fields": ["phone"]},
        {"fields": {"phone": {"required": False}}},
        {"fields": 7},
        {"novelty": {"a": 1.5}},
    ],
)
def test_a_product_of_a_known_shape_is_read_the_same(changes: dict[str, object]) -> None:
    sku = {"id": "1", "name": "One", "image": "", "attributes": {"denomination": "2"}}
    body = compact(page(samples.product(**{"skus": [sku], **changes}), next_cursor="on"))
    read = read_products(body)
    assert read is not None
    assert read == slowly(read_products, body)


@pytest.mark.parametrize(
    "changes",
    [
        {"price": "2.2"},
        {"price": -1},
        {"price": True},
        {"stock": 3.5},
        {"stock": "many"},
        {"currency": ["USD"]},
        {"sku_id": ""},
        {"sku_id": None},
        {"denomination_type": None},
    ],
)
def test_a_price_that_is_not_plain_is_left_to_the_tolerant_reader(
    changes: dict[str, object],
) -> None:
    assert read_prices(compact(page(samples.price_row()))) is not None
    assert read_prices(compact(page(samples.price_row(**changes)))) is None


@pytest.mark.parametrize("number", [b"1" * 41, b"1e31", b"NaN", b"Infinity", b"01"])
def test_a_number_that_is_none_is_left_to_it_too(number: bytes) -> None:
    body = compact(page(samples.price_row(price=7777)))
    assert read_prices(body.replace(b"7777", number)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        compact(page(samples.product(description="a\x00b"))),
        compact({**page(), "success": False}),
        compact({**page(), "meta": {}}),
        compact({**page(), "novelty": 1}),
        compact(page()).replace(b'"data":[]', b'"data":[],"data":[]'),
        compact(page()).replace(b'"meta":', b'"meta": '),
        compact(page(next_cursor="x" * 5000)),
    ],
)
def test_a_page_in_another_envelope_is_left_to_it(body: bytes) -> None:
    assert read_products(body) is None

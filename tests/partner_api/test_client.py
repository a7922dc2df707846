"""Every method: what it asks for, and what it makes of the answer."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from partner_api import (
    MalformedAnswer,
    Order,
    PartnerClient,
    RequestsTransport,
    Secret,
    UnknownOutcome,
    signing,
)
from tests.partner_api import samples
from tests.partner_api.conftest import NOW, SECRET, TOKEN
from tests.partner_api.stub import Received, Stub, answer, data, page

MakeClient = Callable[..., PartnerClient]
Call = Callable[[PartnerClient], object]
WEALTHY = b'{"success": true, "data": {"balance": 1, "currency": "USD", "available_balance": 1}}'


def query_of(received: Received) -> dict[str, list[str]]:
    return parse_qs(urlsplit(received.target).query)


def buy(client: PartnerClient, **changes: Any) -> Order:
    arguments: dict[str, Any] = {
        "external_id": samples.EXTERNAL_ID,
        "sku_id": samples.SKU_ID,
        "quantity": 1,
        **changes,
    }
    return client.create_order(**arguments)


# Account


def test_me_tells_the_partner_and_its_balance(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.partner()))
    partner = client.me()
    assert (partner.name, partner.is_active, partner.currency) == ("Partner Name", True, "USD")
    assert partner.balance.available_balance == Decimal("41.82")
    assert stub.requests[0].target == "/api/me"


def test_balance_tells_all_figures_exactly(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.balance()))
    balance = client.balance()
    assert balance.balance == Decimal("-58.18")
    assert balance.reserved_amount == 0
    assert balance.overdraft_limit == 100
    assert (balance.allow_overdraft, balance.is_overdrafted) == (True, True)


def test_the_ledger_comes_page_by_page(stub: Stub, client: PartnerClient) -> None:
    first, second = samples.transaction(), samples.transaction(type="topup", amount=500)
    stub.will(page([first], "next"), page([second]))
    rows = list(client.balance_transactions())
    assert [(row.type, row.amount) for row in rows] == [
        ("charge", Decimal("-29.09")),
        ("topup", Decimal(500)),
    ]
    assert rows[0].created_at == datetime(2026, 2, 24, 11, 37, 58, tzinfo=UTC)
    assert query_of(stub.requests[0]) == {"per_page": ["100"]}
    assert query_of(stub.requests[1]) == {"per_page": ["100"], "cursor": ["next"]}


# Catalog


def test_products_are_asked_for_with_all_filters(stub: Stub, client: PartnerClient) -> None:
    stub.will(page([samples.product()]))
    products = list(
        client.products(locale="ru", category_id=0, type="voucher", include_skus=True, per_page=50)
    )
    assert products[0].name == "Apple gift card | USA"
    assert products[0].category_id == 18
    assert products[0].attributes == {"digital_acceptance": "online"}
    assert query_of(stub.requests[0]) == {
        "per_page": ["50"],
        "locale": ["ru"],
        "category_id": ["0"],
        "type": ["voucher"],
        "include_skus": ["1"],
    }


def test_without_filters_only_the_page_size_is_sent(stub: Stub, client: PartnerClient) -> None:
    stub.will(page([]))
    assert list(client.products()) == []
    assert stub.requests[0].target == "/api/catalog/products?per_page=200"


def test_the_client_s_language_is_the_default_and_can_be_overridden(
    stub: Stub, make_client: MakeClient
) -> None:
    client = make_client(locale="ru")
    stub.will(data(samples.product()))
    client.product(samples.PRODUCT_ID)
    client.product(samples.PRODUCT_ID, locale="en")
    assert [query_of(request)["locale"] for request in stub.requests] == [["ru"], ["en"]]


def test_one_product_tells_prices_and_stock(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.product()))
    (sku,) = client.product(samples.PRODUCT_ID).skus
    assert (sku.price, sku.currency, sku.stock, sku.max_per_order) == (
        Decimal("2.2"), "USD", 100, 1,
    )  # fmt: skip
    assert stub.requests[0].target == f"/api/catalog/products/{samples.PRODUCT_ID}"


def test_categories_come_in_one_piece(stub: Stub, client: PartnerClient) -> None:
    stub.will(data([samples.category(), samples.category(id=7, parent_id=0)]))
    root, child = client.categories(target="product", locale="en")
    assert (root.id, root.parent_id, child.parent_id) == (0, None, 0)
    assert root.attributes[0].code == "region"
    assert query_of(stub.requests[0]) == {"target": ["product"], "locale": ["en"]}


# Orders


def test_an_order_is_signed_and_sent_as_the_reference_says(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(data(samples.order()))
    order = buy(client, metadata={"line": "7"})
    sent = stub.requests[0]
    assert (sent.method, sent.target) == ("POST", "/api/orders")
    assert sent.json == {
        "external_id": samples.EXTERNAL_ID,
        "item": {"sku_id": samples.SKU_ID, "fields": {"quantity": "1"}},
        "metadata": {"line": "7"},
    }
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["x-timestamp"] == str(int(NOW))
    message = f"{int(NOW)}{samples.SKU_ID}{samples.EXTERNAL_ID}".encode()
    assert signing.verify(message, sent.headers["x-signature"], [SECRET])
    assert order.id == samples.ORDER_ID
    assert order.total_amount == Decimal("29.09")
    assert order.items[0].deliveries[0].pin == Secret(samples.PIN)


def test_what_the_buyer_gave_and_a_free_amount_travel_in_the_item_s_fields(
    stub: Stub, make_client: MakeClient
) -> None:
    client = make_client(custom_amount_field="face_value")
    stub.will(data(samples.order()))
    buy(client, fields={"phone": "+971500000000"}, amount=Decimal("1E+2"))
    assert b'"face_value":100}' in stub.requests[0].body
    assert stub.requests[0].json["item"]["fields"] == {
        "quantity": "1",
        "phone": "+971500000000",
        "face_value": "100",
    }


def test_an_amount_keeps_every_digit(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.order()))
    buy(client, amount=Decimal("12345678901234567.89"))
    assert b'"amount":12345678901234567.89}' in stub.requests[0].body


@pytest.mark.parametrize(
    "wrong",
    [
        {"external_id": "1-starts-with-a-digit"},
        {"external_id": "short"},
        {"external_id": "A" * 65},
        {"external_id": "with space"},
        {"external_id": "newline-\n"},
        {"external_id": "cyrillic-а"},
        {"sku_id": "019bc0dd"},
        {"sku_id": samples.SKU_ID + "0"},
        {"sku_id": samples.SKU_ID.replace("-", "")},
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": True},
        {"quantity": 1.0},
        {"quantity": "1"},
        {"amount": Decimal(0)},
        {"amount": Decimal("NaN")},
        {"amount": Decimal("Infinity")},
        {"amount": 10},
        {"fields": {"quantity": "5"}},
        {"fields": {"amount": "5"}, "amount": Decimal(5)},
        {"fields": {"phone": 5}},
        {"fields": {"": "5"}},
        {"fields": {"phone": "\ud800"}},
    ],
)
def test_what_no_partner_could_accept_is_refused_before_anything_is_sent(
    stub: Stub, client: PartnerClient, wrong: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=r".+"):
        buy(client, **wrong)
    assert stub.requests == []


def test_orders_are_filtered_by_status_and_time(stub: Stub, client: PartnerClient) -> None:
    stub.will(page([samples.order()]))
    summer = timezone(timedelta(hours=3))
    (order,) = client.orders(
        status="processing",
        date_from=datetime(2026, 1, 1, 3, tzinfo=summer),
        date_to=datetime(2026, 1, 31, tzinfo=UTC),
    )
    assert order.created_at == datetime(2026, 1, 15, 12, 58, 23, tzinfo=UTC)
    assert query_of(stub.requests[0]) == {
        "per_page": ["50"],
        "status": ["processing"],
        "date_from": ["2026-01-01T00:00:00Z"],
        "date_to": ["2026-01-31T00:00:00Z"],
    }


def test_a_time_without_zone_is_refused(client: PartnerClient) -> None:
    with pytest.raises(ValueError, match="zone"):
        client.orders(date_from=datetime(2026, 1, 1))  # noqa: DTZ001  the point of the test


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.balance_transactions(per_page=101),
        lambda client: client.orders(per_page=101),
        lambda client: client.products(per_page=201),
        lambda client: client.pricelist(per_page=0),
        lambda client: client.pricelist(locale="en-GB"),
        lambda client: client.order("../me"),
        lambda client: client.product("a/b"),
        lambda client: client.esim_status("89444227111083389/2"),
        lambda client: client.esim_status("８９４４４２２７１１１０８３３８９８２"),
        lambda client: client.esim_status("8" * 17),
        lambda client: client.esim_status("8" * 23),
        lambda client: client.top_up_esim(iccid="8" * 17, external_id=samples.EXTERNAL_ID),
    ],
)
def test_arguments_out_of_bounds_are_refused_before_anything_is_sent(
    stub: Stub, client: PartnerClient, call: Call
) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call(client)
    assert stub.requests == []


def test_one_order_is_fetched_by_its_id(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.order(status="processing", items=[])))
    order = client.order(samples.ORDER_ID)
    assert (order.status, order.items) == ("processing", ())
    assert stub.requests[0].target == f"/api/orders/{samples.ORDER_ID}"


def test_an_order_reads_the_same_from_the_list_and_on_its_own(
    stub: Stub, client: PartnerClient
) -> None:
    """On its own its items are numbered, in the list they are not."""
    stub.will(data(samples.order(items=[samples.item(id=1)])), page([samples.order()]))
    assert client.order(samples.ORDER_ID) == client.find_order(samples.EXTERNAL_ID)


def test_another_order_than_the_one_asked_for_is_never_returned(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(data(samples.order(id="7898e683-4e56-44a3-9782-eca3f758a844")))
    with pytest.raises(MalformedAnswer):
        client.order(samples.ORDER_ID)


def test_an_answer_about_another_order_leaves_the_outcome_unknown(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(data(samples.order(external_id="G1-bbbbbbbbbbbb-01-x")))
    with pytest.raises(UnknownOutcome):
        buy(client)


# eSIMs


def test_a_top_up_is_signed_with_the_iccid(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.top_up()))
    order = client.top_up_esim(
        iccid=samples.ICCID, external_id=samples.EXTERNAL_ID, sku_id=samples.SKU_ID
    )
    sent = stub.requests[0]
    assert sent.target == f"/api/services/esim/{samples.ICCID}/topup"
    assert sent.json == {"external_id": samples.EXTERNAL_ID, "sku_uuid": samples.SKU_ID}
    message = f"{int(NOW)}{samples.ICCID}{samples.EXTERNAL_ID}".encode()
    assert signing.verify(message, sent.headers["x-signature"], [SECRET])
    (delivery,) = order.items[0].deliveries
    assert (delivery.pin, delivery.status, delivery.message) == (None, "recharged", "Package added")
    assert delivery.iccid == Secret(samples.ICCID)
    assert order.items[0].customer_data == (
        ("iccid", Secret(samples.ICCID)),
        ("quantity", Secret("1")),
    )


def test_a_top_up_without_sku_repeats_the_last_package(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.top_up()))
    client.top_up_esim(iccid=samples.ICCID, external_id=samples.EXTERNAL_ID)
    assert stub.requests[0].json == {"external_id": samples.EXTERNAL_ID}


def test_the_status_of_an_esim_tells_data_packages_and_coverage(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(data(samples.esim_status()))
    status = client.esim_status(samples.ICCID)
    assert status.data_balance is not None
    assert status.data_balance.remaining == Decimal("8.5")
    assert status.active_packages[0].expires_at == datetime(2026, 2, 15, 10, tzinfo=UTC)
    assert status.coverage[0].country_code == "DE"
    assert status.can_renew is True
    assert status.smdp_address == Secret("rsp.example.net")
    assert status.extra == ()


def test_the_status_of_another_esim_is_never_returned(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.esim_status(iccid="8" * 19)))
    with pytest.raises(MalformedAnswer):
        client.esim_status(samples.ICCID)


# The clock and the construction


def test_the_partner_s_clock_is_compared_with_ours(stub: Stub, client: PartnerClient) -> None:
    before = client.clock_skew
    assert before is None
    ten_minutes_on = datetime.fromtimestamp(NOW + 600, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    stub.will(
        data(samples.balance(), {"Date": ten_minutes_on}),
        data(samples.balance(), {"Date": "noon"}),
    )
    client.balance()
    seen = client.clock_skew
    assert seen == 600
    client.balance()
    assert client.clock_skew == seen


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "ftp://partner.example"},
        {"base_url": "partner.example/api"},
        {"base_url": "https://"},
        {"base_url": "https://user:pass@partner.example"},
        {"base_url": "https://partner.example/?a=1"},
        {"base_url": "https://partner.example/#a"},
        {"base_url": "https://partner.example/a b"},
        {"token": ""},
        {"token": "two\nlines"},
        {"token": "naïve"},
        {"secret": ""},
        {"secret": "token"},
        {"locale": "english"},
        {"custom_amount_field": ""},
        {"custom_amount_field": "quantity"},
        {"paths": {"no_such_call": "/x"}},
    ],
)
def test_a_client_that_could_never_work_is_not_made(wrong: dict[str, str]) -> None:
    right: dict[str, Any] = {
        "base_url": "https://partner.example/api",
        "token": "token",
        "secret": "secret",
    }
    PartnerClient(**right).close()
    with pytest.raises(ValueError, match=r".+"):
        PartnerClient(**{**right, **wrong})


def test_a_client_never_shows_its_token_or_secret(client: PartnerClient) -> None:
    shown = repr(client) + repr(vars(client)) + repr(vars(client._caller))
    assert TOKEN not in shown
    assert SECRET not in shown


def test_another_way_to_travel_can_be_mounted() -> None:
    """A partner in the same process is an adapter of `requests` under its address."""

    class InProcess(BaseAdapter):
        def send(self, *_: object, **__: object) -> requests.Response:
            response = requests.Response()
            response.status_code = 200
            response.raw = io.BytesIO(WEALTHY)
            return response

        def close(self) -> None:
            pass

    client = PartnerClient(
        base_url="http://sandbox.local/api",
        token=TOKEN,
        secret=SECRET,
        transport=RequestsTransport(mount={"http://sandbox.local": InProcess()}),
    )
    assert client.balance().balance == 1
    client.close()


def test_an_answer_without_success_is_not_believed(stub: Stub, client: PartnerClient) -> None:
    for envelope in ({"data": samples.order()}, {"success": 1, "data": samples.order()}):
        stub.will(answer(200, envelope))
        with pytest.raises(UnknownOutcome):
            buy(client)

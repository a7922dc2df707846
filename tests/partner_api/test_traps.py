"""What the partner's documentation leaves unsaid or says in passing, one test a trap.

The numbers are those of the list in docs/partner-api.md.
"""

import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from partner_api import (
    AlreadyExists,
    ConfigurationError,
    Delivery,
    MalformedAnswer,
    Order,
    PartnerClient,
    PartnerError,
    Secret,
    UnknownOutcome,
    WebhookRefused,
    custom_cost,
    read_webhook,
    signing,
)
from tests.partner_api import samples
from tests.partner_api.conftest import NOW, SECRET
from tests.partner_api.stub import Stub, answer, data, page, resets

KEY = "550e8400-e29b-41d4-a716-446655440000"
EVENT = "order.status_changed"


def webhook(**order: object) -> tuple[bytes, dict[str, str]]:
    """A genuine delivery: body and headers."""
    body = {"event": EVENT, "idempotency_key": KEY, "timestamp": "2001-01-01T00:00:00Z",
            "data": {"order": samples.order(**order)}}  # fmt: skip
    timestamp = str(int(NOW))
    signature = signing.sign(signing.webhook_message(timestamp, EVENT, KEY), SECRET)
    return json.dumps(body).encode(), {"X-Timestamp": timestamp, "X-Signature": signature}


def buy(client: PartnerClient, quantity: int = 1) -> Order:
    return client.create_order(
        external_id=samples.EXTERNAL_ID, sku_id=samples.SKU_ID, quantity=quantity
    )


def delivered(stub: Stub, client: PartnerClient, units: object) -> tuple[Delivery, ...]:
    stub.will(data(samples.order(items=[samples.item(delivery_data=units)])))
    return client.order(samples.ORDER_ID).items[0].deliveries


def test_trap_1_a_webhook_is_a_hint_and_keeps_neither_status_nor_codes() -> None:
    _, headers = webhook()
    forged, _ = webhook(
        status="failed", items=[samples.item(delivery_data=[{"pin": "MALLORYS-CODE"}])]
    )
    event = read_webhook(forged, headers, secrets=[SECRET], now=NOW)
    assert (event.order_id, event.external_id) == (samples.ORDER_ID, samples.EXTERNAL_ID)
    kept = {name: getattr(event, name) for name in event.__struct_fields__}
    assert "MALLORYS-CODE" not in repr(kept)
    assert "failed" not in repr(kept)


@pytest.mark.parametrize("status", ["created", "processing", "cancelled"])
def test_trap_2_statuses_that_no_webhook_announces_are_read_by_polling(
    stub: Stub, client: PartnerClient, status: str
) -> None:
    stub.will(data(samples.order(status=status)))
    assert client.order(samples.ORDER_ID).status == status


def test_trap_3_the_header_s_time_counts_both_ways_and_the_body_s_does_not() -> None:
    body, headers = webhook()
    for age in (-300, 300):
        read_webhook(body, headers, secrets=[SECRET], now=NOW + age)
    for age in (-301, 301):
        with pytest.raises(WebhookRefused):
            read_webhook(body, headers, secrets=[SECRET], now=NOW + age)
    for missing in headers:
        kept = {name: value for name, value in headers.items() if name != missing}
        with pytest.raises(WebhookRefused):
            read_webhook(body, kept, secrets=[SECRET], now=NOW)


def test_trap_3_every_attempt_is_signed_anew(stub: Stub) -> None:
    ticks = iter([NOW, NOW, NOW + 400, NOW + 400])
    client = PartnerClient(
        base_url=stub.url, token="token", secret=SECRET, clock=lambda: next(ticks)
    )
    stub.will(data(samples.order()))
    buy(client)
    buy(client)
    client.close()
    first, second = (request.headers for request in stub.requests)
    assert int(second["x-timestamp"]) - int(first["x-timestamp"]) == 400
    assert second["x-signature"] != first["x-signature"]


@pytest.mark.parametrize(
    "unit",
    [
        {"pin": "P", "serialNumber": "S", "expiration": "2027-01-15"},
        {"pin": "P", "serial_number": "S", "expiration_date": "2027-01-15"},
        {"PIN": "P", "Serial-Number": "S", "Expiration_Date": "2027-01-15"},
    ],
)
def test_trap_4_the_names_of_delivered_goods_differ_and_come_out_the_same(
    stub: Stub, client: PartnerClient, unit: dict[str, str]
) -> None:
    assert delivered(stub, client, [unit]) == (
        Delivery(pin=Secret("P"), serial=Secret("S"), expiry="2027-01-15"),
    )


def test_trap_4_what_has_no_name_is_kept_as_label_and_secret(
    stub: Stub, client: PartnerClient
) -> None:
    (delivery,) = delivered(
        stub, client, [{"pin": "P", "redeem_url": "https://x", "cvv": 123, "notes": {"a": [1.50]}}]
    )
    assert delivery.pin == Secret("P")
    assert delivery.extra == (
        ("redeem_url", Secret("https://x")),
        ("cvv", Secret("123")),
        ("notes", Secret('{"a":[1.5]}')),
    )


def test_trap_4_a_top_up_has_no_pin(stub: Stub, client: PartnerClient) -> None:
    (delivery,) = delivered(
        stub, client, [{"iccid": samples.ICCID, "status": "recharged", "message": "Done"}]
    )
    assert delivery == Delivery(iccid=Secret(samples.ICCID), status="recharged", message="Done")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"items": [samples.item(quantity=2)]}, "quantity"),
        ({"items": [samples.item(quantity=None)]}, "quantity"),
        ({"items": [samples.item(sku_id=samples.PRODUCT_ID)]}, "sku_id"),
        ({"items": []}, "items"),
        ({"items": [samples.item(), samples.item()]}, "items"),
        ({"currency": "EUR"}, "currency"),
        ({"total_amount": 29.08}, "total"),
        ({"total_amount": None}, "total"),
    ],
)
def test_trap_5_a_difference_between_order_and_answer_is_told(
    stub: Stub, client: PartnerClient, changes: dict[str, object], what: str
) -> None:
    def differences() -> list[str]:
        found = buy(client).differences(
            external_id=samples.EXTERNAL_ID,
            sku_id=samples.SKU_ID.upper(),
            quantity=1,
            total_amount=Decimal("29.090"),
            currency="USD",
        )
        return [difference.what for difference in found]

    stub.will(data(samples.order()))
    assert differences() == []
    stub.will(data(samples.order(**changes)))
    assert what in differences()


def test_trap_5_a_difference_says_what_was_asked_and_what_came(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(data(samples.order(items=[samples.item(quantity=None)])))
    (difference,) = buy(client).differences(
        external_id=samples.EXTERNAL_ID, sku_id=samples.SKU_ID, quantity=1
    )
    assert (difference.asked, difference.answered) == ("1", "nothing")


def test_trap_6_an_order_asks_for_one_item(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.order(items=[samples.item(quantity=3)])))
    buy(client, quantity=3)
    assert stub.requests[0].json["item"] == {"sku_id": samples.SKU_ID, "fields": {"quantity": "3"}}


def test_trap_7_skus_of_the_product_list_have_no_price_and_that_is_not_zero(
    stub: Stub, client: PartnerClient
) -> None:
    bare = {"id": samples.SKU_ID, "name": "$2", "image": "", "attributes": {}}
    stub.will(page([samples.product(skus=[bare])]))
    (sku,) = next(client.products(include_skus=True)).skus
    assert (sku.price, sku.stock, sku.max_per_order) == (None, None, None)


def test_trap_7_the_pricelist_is_asked_without_type_and_holds_custom_rows(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(page([samples.price_row(), samples.custom_price_row()]))
    fixed, custom = client.pricelist()
    assert "type" not in stub.requests[0].target
    assert (fixed.denomination_type, custom.denomination_type) == ("fixed", "custom")


def test_trap_8_a_custom_sku_has_rate_and_markups_instead_of_a_price(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(page([samples.custom_price_row()]))
    (row,) = client.pricelist()
    assert (row.price, row.currency, row.rate) == (None, "AED", Decimal("0.272"))
    assert row.rate is not None
    assert row.markup_percent is not None
    assert row.markup_fixed is not None
    cost = custom_cost(
        amount=Decimal(50),
        rate=row.rate,
        markup_percent=row.markup_percent,
        markup_fixed=row.markup_fixed,
    )
    assert cost == Decimal("13.328")


def test_trap_9_the_name_of_a_free_amount_is_an_argument(
    stub: Stub, make_client: Callable[..., PartnerClient]
) -> None:
    stub.will(data(samples.order()))
    for name in ("amount", "face_value"):
        make_client(custom_amount_field=name).create_order(
            external_id=samples.EXTERNAL_ID,
            sku_id=samples.SKU_ID,
            quantity=1,
            amount=Decimal("25.50"),
        )
    sent = [request.json["item"]["fields"] for request in stub.requests]
    assert sent == [
        {"quantity": "1", "amount": "25.50"},
        {"quantity": "1", "face_value": "25.50"},
    ]


def test_trap_10_a_product_whose_fields_can_not_be_read_is_told_apart_from_one_without(
    stub: Stub, client: PartnerClient
) -> None:
    detail = {key: value for key, value in samples.product().items() if key != "fields"}
    stub.will(
        page(
            [
                samples.product(fields=[]),
                samples.product(fields=["phone"]),
                samples.product(fields=[["phone"]]),
                detail,
            ]
        )
    )
    none, phone, unreadable, unsaid = client.products()
    assert (none.fields, none.fields_problem) == ((), None)
    assert phone.fields is not None
    assert phone.fields[0].code == "phone"
    assert unreadable.fields is None
    assert unreadable.fields_problem == "fields[0] is not an object"
    assert unsaid.fields is None
    assert unsaid.fields_problem is not None


def test_trap_11_equal_ledger_rows_are_both_kept_and_need_not_chain(
    stub: Stub, client: PartnerClient
) -> None:
    row = samples.transaction()
    stub.will(page([row, row], "next"), page([row, samples.transaction(balance_after=7)]))
    rows = list(client.balance_transactions())
    assert len(rows) == 4
    assert rows[0] == rows[1] == rows[2] != rows[3]
    assert hash(rows[0]) == hash(rows[1])


@pytest.mark.parametrize(
    "figures",
    [
        {"balance": -58.18, "available_balance": 41.82},
        {"balance": -29.09, "available_balance": 70.91},
    ],
)
def test_trap_12_what_is_available_adds_up_and_is_believed_when_it_does_not(
    stub: Stub, client: PartnerClient, figures: dict[str, float]
) -> None:
    stub.will(
        data(samples.balance(**figures)),
        data(samples.balance(available_balance=5, reserved_amount=1)),
        data(samples.balance(balance=10, allow_overdraft=False, available_balance=10)),
    )
    right, wrong, no_credit = client.balance(), client.balance(), client.balance()
    assert right.available_balance == right.expected_available
    assert wrong.available_balance == 5
    assert wrong.expected_available == Decimal("40.82")
    assert no_credit.expected_available == 10


def test_trap_13_money_never_passes_through_a_binary_float(
    stub: Stub, client: PartnerClient
) -> None:
    digits = "1234567890123456.789012345678901234"
    raw = json.dumps(samples.order(total_amount="@")).replace('"@"', digits)
    stub.will(answer(200, f'{{"success": true, "data": {raw}}}'.encode()))
    assert str(client.order(samples.ORDER_ID).total_amount) == digits


@pytest.mark.parametrize(
    "body",
    [
        {"message": "external_id taken", "errors": {}},
        {"message": "Invalid.", "errors": {"external_id": ["taken"]}},
        {"message": "Invalid.", "errors": {"external_id": "taken"}},
        {"success": False, "message": "external_id taken"},
        {"error": "external_id taken"},
        {"error": {"code": "external_id_taken", "message": "?"}},
        {"errors": ["external_id taken"]},
        {"errors": [{"detail": "external_id taken"}]},
    ],
)
def test_trap_14_refusals_are_understood_in_every_shape(
    stub: Stub, client: PartnerClient, body: object
) -> None:
    stub.will(answer(422, body))
    with pytest.raises(AlreadyExists):
        buy(client)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"null", b'"no"', b"[]", b"\xff", b"{"])
def test_trap_14_refusals_without_words_are_survived(
    stub: Stub, client: PartnerClient, body: bytes
) -> None:
    stub.will(answer(401, body))
    with pytest.raises(ConfigurationError):
        buy(client)
    stub.will(answer(422, body))
    with pytest.raises(UnknownOutcome):
        buy(client)


def test_trap_15_after_a_lost_answer_the_order_is_found_by_its_external_id(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(resets(), page([samples.order()]))
    with pytest.raises(UnknownOutcome):
        buy(client)
    found = client.find_order(samples.EXTERNAL_ID)
    assert found is not None
    assert found.id == samples.ORDER_ID
    assert f"external_id={samples.EXTERNAL_ID}" in stub.requests[1].target


@pytest.mark.parametrize(
    "near", ["G1-aaaaaaaaaaaa-01-x2", "g1-aaaaaaaaaaaa-01-x", "G1-aaaaaaaaaaaa-01", None, 7]
)
def test_trap_15_only_exactly_the_same_external_id_is_found(
    stub: Stub, client: PartnerClient, near: object
) -> None:
    other = samples.order(external_id=near, id="7898e683-4e56-44a3-9782-eca3f758a844")
    stub.will(page([other]))
    assert client.find_order(samples.EXTERNAL_ID) is None
    stub.will(page([other], "more"), page([samples.order()]))
    found = client.find_order(samples.EXTERNAL_ID)
    assert found is not None
    assert found.id == samples.ORDER_ID


def test_trap_15_the_oldest_of_several_orders_is_found(stub: Stub, client: PartnerClient) -> None:
    second = samples.order(id="7898e683-4e56-44a3-9782-eca3f758a844",
                           created_at="2026-01-15T12:58:24+00:00")  # fmt: skip
    stub.will(page([second, samples.order()]))
    found = client.find_order(samples.EXTERNAL_ID)
    assert found is not None
    assert found.id == samples.ORDER_ID


def test_trap_15_an_unreadable_row_is_never_taken_for_not_found(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(page([{"external_id": samples.EXTERNAL_ID}, samples.order(external_id="other-one")]))
    with pytest.raises(MalformedAnswer):
        client.find_order(samples.EXTERNAL_ID)


def test_trap_15_a_filter_that_is_ignored_is_never_taken_for_not_found(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(*(page([samples.order(external_id="other-one")], f"c{turn}") for turn in range(40)))
    with pytest.raises(MalformedAnswer, match="ignored"):
        client.find_order(samples.EXTERNAL_ID)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "on_hold"},
        {"status": None},
        {"status": 7},
        {"metadata": []},
        {"items": None},
        {"items": [samples.item(status="lost", sku_name=None, delivery_data=None)]},
        {"items": [samples.item(delivery_data={"pin": samples.PIN})]},
        {"items": [samples.item(error_message={"code": 7}, customer_data=[1])]},
        {"created_at": None},
        {"created_at": "yesterday"},
        {"created_at": "0001-01-01T00:00:00+23:00"},
        {"total_amount": None, "currency": None},
        {"refund": {"amount": 5}},
        {"id": 4711},
    ],
)
def test_trap_16_unknown_values_nulls_and_keys_lose_no_order(
    stub: Stub, client: PartnerClient, changes: dict[str, object]
) -> None:
    stub.will(data(samples.order(**changes)))
    placed = buy(client)
    assert placed.external_id == samples.EXTERNAL_ID
    stub.will(page([samples.order(**changes)]))
    assert client.find_order(samples.EXTERNAL_ID) == placed
    if "status" in changes:
        assert placed.status == str(changes["status"] or "")
    if "refund" in changes:
        assert placed.extra == (("refund", Secret('{"amount":5}')),)
    if "id" in changes:
        assert placed.id == "4711"
        stub.will(data(samples.order(**changes)))
        assert client.order("4711") == placed


def test_trap_16_one_bad_row_does_not_lose_the_others(
    stub: Stub, client: PartnerClient, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [None, samples.price_row(price="2.2"), samples.price_row(price=-1), samples.price_row()]
    stub.will(page(rows))
    (read,) = client.pricelist_pages()
    assert [row.sku_id for row in read.items] == [samples.SKU_ID]
    assert [(row.index, row.reason) for row in read.unreadable] == [
        (0, "data[0] is not an object"),
        (1, "data[1].price is not a number"),
        (2, "data[2].price is below zero"),
    ]
    assert len(list(client.pricelist())) == 1
    assert "data[1].price is not a number" in caplog.text


@pytest.mark.parametrize("name", ["a\x00b", "\ud800"])
def test_trap_16_a_text_that_no_database_could_store_is_set_aside(
    stub: Stub, client: PartnerClient, name: str
) -> None:
    stub.will(page([samples.product(name=name), samples.product(attributes={name: "x"})]))
    (read,) = client.product_pages()
    assert read.items == ()
    assert len(read.unreadable) == 2
    stub.will(data(samples.order(items=[samples.item(delivery_data=[{"pin": name}])])))
    with pytest.raises(UnknownOutcome):
        buy(client)


def test_trap_16_one_bad_sku_does_not_lose_its_product(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.product(skus=[samples.sku(), samples.sku(id=None), 7])))
    product = client.product(samples.PRODUCT_ID)
    assert [sku.id for sku in product.skus] == [samples.SKU_ID]
    assert [row.index for row in product.unreadable_skus] == [1, 2]


def test_trap_16_a_2xx_without_success_is_no_success(stub: Stub, client: PartnerClient) -> None:
    stub.will(answer(200, {"success": False, "data": samples.order()}))
    with pytest.raises(UnknownOutcome):
        buy(client)
    with pytest.raises(MalformedAnswer):
        client.order(samples.ORDER_ID)


def test_trap_17_descriptions_and_images_are_handed_on_and_nothing_is_fetched(
    stub: Stub, client: PartnerClient
) -> None:
    html = "<p>Hi</p><script>alert(1)</script>"
    stub.will(data(samples.product(description=html, image=f"{stub.url}/pixel.png")))
    product = client.product(samples.PRODUCT_ID)
    assert product.description == html
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    "unit",
    [
        {"iccid": samples.ICCID, "qr_code": "LPA:1$rsp.example.net$ABC"},
        {"iccid": samples.ICCID, "lpa": "LPA:1$rsp.example.net$ABC"},
        {"iccid": samples.ICCID, "activation_code": "LPA:1$rsp.example.net$ABC"},
        {"iccid": samples.ICCID, "activation_code": "ABC", "smdp_address": "rsp.example.net"},
        {"iccid": samples.ICCID, "matchingId": "ABC", "sm_dp_address": "rsp.example.net"},
    ],
)
def test_trap_18_an_esim_is_read_from_whatever_describes_it(
    stub: Stub, client: PartnerClient, unit: dict[str, str]
) -> None:
    assert delivered(stub, client, [unit]) == (
        Delivery(
            iccid=Secret(samples.ICCID),
            lpa=Secret("LPA:1$rsp.example.net$ABC"),
            smdp_address=Secret("rsp.example.net"),
            activation_code=Secret("ABC"),
        ),
    )


def test_trap_18_a_qr_code_that_is_a_picture_is_kept_but_is_no_lpa(
    stub: Stub, client: PartnerClient
) -> None:
    (delivery,) = delivered(stub, client, [{"qr_code": "https://x.example/qr.png"}])
    assert delivery.lpa is None
    assert delivery.extra == (("qr_code", Secret("https://x.example/qr.png")),)


def test_trap_18_what_a_delivery_lacks_is_in_the_status(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.esim_status()))
    status = client.esim_status(samples.ICCID)
    assert status.lpa == Secret("LPA:1$rsp.example.net$ABC-123-DEF")
    assert status.activation_code == Secret("ABC-123-DEF")


@pytest.mark.parametrize("status", ["Installed", "RELEASED", "en cours", ""])
@pytest.mark.parametrize("left", [None, {}, [], "unlimited", {"total_gb": 0, "remaining_gb": 0}])
def test_trap_19_esim_statuses_are_free_text_and_plans_may_be_unlimited(
    stub: Stub, client: PartnerClient, status: str, left: object
) -> None:
    stub.will(data(samples.esim_status(status=status, data_balance=left, active_packages=None)))
    told = client.esim_status(samples.ICCID)
    assert told.status == status
    assert told.active_packages == ()
    if left == "unlimited":
        assert told.extra == (("data_balance", Secret("unlimited")),)


@pytest.mark.parametrize("cursors", [["a", "a"], ["a", "b", "a"], ["a", "b", "b"]])
def test_trap_20_a_cursor_that_repeats_ends_the_walk_with_an_error(
    stub: Stub, client: PartnerClient, cursors: list[str]
) -> None:
    stub.will(*(page([samples.price_row()], cursor) for cursor in cursors), page([]))
    with pytest.raises(MalformedAnswer, match="cursor repeats"):
        list(client.pricelist())
    assert len(stub.requests) == len(cursors)


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(resets(), id="lost"),
        pytest.param(answer(500), id="error"),
        pytest.param(answer(200, {"success": True, "data": []}), id="no meta"),
        pytest.param(answer(200, {"success": True, "data": [], "meta": None}), id="null meta"),
        pytest.param(answer(200, {"success": True, "meta": {}}), id="no data"),
        pytest.param(page([], 7), id="cursor of another type"),
        pytest.param(page([], "x" * 5000), id="endless cursor"),
    ],
)
def test_trap_20_a_page_that_fails_half_way_ends_the_walk_with_an_error(
    stub: Stub, client: PartnerClient, behaviour: Callable[..., bool]
) -> None:
    stub.will(page([samples.price_row()], "next"), behaviour)
    rows = client.pricelist()
    assert next(rows).sku_id == samples.SKU_ID
    with pytest.raises(PartnerError):
        next(rows)


def test_trap_20_pages_that_never_end_are_given_up(
    stub: Stub, client: PartnerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partner_api.paging.MAX_PAGES", 5)
    stub.will(*(page([], f"c{turn}") for turn in range(9)))
    with pytest.raises(MalformedAnswer, match="do not end"):
        list(client.products())
    assert len(stub.requests) == 5

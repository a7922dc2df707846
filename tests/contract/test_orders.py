"""Buying: the answer echoes what was asked, the order is found again, and happens once."""

import time
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from partner_api import (
    AlreadyExists,
    ConfigurationError,
    NotFound,
    Order,
    Rejected,
    custom_cost,
)
from tests.contract.partners import Partner, new_id


def settled(partner: Partner, order: Order) -> Order:
    """Return the order when nothing more is expected to happen to it."""
    deadline = time.monotonic() + 60
    while order.status in {"created", "processing"}:
        assert time.monotonic() < deadline, "the order never ends"
        time.sleep(1)
        order = partner.client.order(order.id)
    return order


def test_a_voucher_is_bought_and_its_code_delivered(seller: Partner) -> None:
    goods = seller.goods("voucher")
    external_id = new_id()
    order = seller.client.create_order(
        external_id=external_id, sku_id=goods.price.sku_id, quantity=1
    )
    assert order.differences(
        external_id=external_id,
        sku_id=goods.price.sku_id,
        quantity=1,
        total_amount=goods.price.price,
        currency=goods.price.currency,
    ) == ()  # fmt: skip
    order = settled(seller, order)
    assert order.status == "completed"
    [unit] = order.items[0].deliveries
    assert unit.pin is not None
    assert unit.pin.reveal()


def test_several_units_are_several_codes(seller: Partner) -> None:
    order = settled(seller, seller.buy("voucher", quantity=2))
    pins = [unit.pin.reveal() for unit in order.items[0].deliveries if unit.pin]
    assert len(set(pins)) == 2
    assert order.total_amount == 2 * (order.items[0].price or 0)


def test_an_order_is_found_again_by_either_id(seller: Partner) -> None:
    order = settled(seller, seller.buy("voucher"))
    assert order.external_id is not None
    by_external_id = seller.client.find_order(order.external_id)
    by_id = seller.client.order(order.id)
    for found in (by_external_id, by_id):
        assert found is not None
        assert (found.id, found.external_id) == (order.id, order.external_id)
        assert found.items[0].deliveries == order.items[0].deliveries


def test_the_newest_orders_come_first_and_by_date(seller: Partner) -> None:
    first, second = seller.buy("voucher"), seller.buy("voucher")
    since = datetime.now(UTC) - timedelta(hours=1)
    found = seller.client.orders(date_from=since, status="completed")
    ids = [order.id for order, _ in zip(found, range(20), strict=False)]
    assert ids.index(second.id) < ids.index(first.id)
    until = datetime.now(UTC) - timedelta(hours=1)
    assert second.id not in {order.id for order in seller.client.orders(date_to=until)}


def test_a_second_order_with_the_same_external_id_buys_nothing(seller: Partner) -> None:
    goods = seller.goods("voucher")
    first = seller.buy("voucher")
    assert first.external_id is not None
    try:
        again = seller.client.create_order(
            external_id=first.external_id, sku_id=goods.price.sku_id, quantity=1
        )
    except AlreadyExists:
        pass
    else:
        assert again.id == first.id
    found = list(seller.client.orders(external_id=first.external_id))
    assert [order.id for order in found] == [first.id]


def test_metadata_come_back(seller: Partner) -> None:
    order = seller.client.create_order(
        external_id=new_id(),
        sku_id=seller.goods("voucher").price.sku_id,
        quantity=1,
        metadata={"till": "three"},
    )
    assert order.metadata == {"till": "three"}


def test_a_custom_amount_costs_what_the_formula_says(seller: Partner) -> None:
    goods = seller.goods("voucher_open_range")
    price = goods.price
    assert price.rate is not None
    assert price.markup_percent is not None
    amount = Decimal(50)
    order = seller.client.create_order(
        external_id=new_id(), sku_id=price.sku_id, quantity=1, amount=amount
    )
    expected = custom_cost(
        amount=amount,
        rate=price.rate,
        markup_percent=price.markup_percent,
        markup_fixed=price.markup_fixed or Decimal(0),
    )
    assert order.total_amount == expected.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_a_recharge_without_its_fields_is_rejected(seller: Partner) -> None:
    goods = seller.goods("recharge_fixed")
    assert goods.product.fields
    with pytest.raises(Rejected) as caught:
        seller.client.create_order(external_id=new_id(), sku_id=goods.price.sku_id, quantity=1)
    assert caught.value.field_errors


def test_an_unknown_sku_is_rejected(seller: Partner) -> None:
    with pytest.raises(Rejected):
        seller.client.create_order(
            external_id=new_id(), sku_id="00000000-0000-4000-8000-000000000000", quantity=1
        )


def test_more_than_the_limit_is_rejected(seller: Partner) -> None:
    goods = seller.goods("voucher")
    with pytest.raises(Rejected):
        seller.client.create_order(
            external_id=new_id(),
            sku_id=goods.price.sku_id,
            quantity=(goods.price.max_per_order or 0) + 1,
        )


def test_an_order_that_was_never_placed_is_not_found(partner: Partner) -> None:
    assert partner.client.find_order(new_id()) is None
    with pytest.raises(NotFound):
        partner.client.order("00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize("away", [-600, 600])
def test_a_clock_that_is_off_is_our_mistake(seller: Partner, away: int) -> None:
    client = seller.client_with(clock=lambda: time.time() + away)
    external_id = new_id()
    with pytest.raises(ConfigurationError) as caught:
        client.create_order(
            external_id=external_id, sku_id=seller.goods("voucher").price.sku_id, quantity=1
        )
    assert caught.value.clock_skew is not None
    assert abs(caught.value.clock_skew + away) < 30
    assert seller.client.find_order(external_id) is None


def test_a_wrong_secret_is_our_mistake(seller: Partner) -> None:
    external_id = new_id()
    with pytest.raises(ConfigurationError):
        seller.client_with(secret="not-the-secret").create_order(
            external_id=external_id, sku_id=seller.goods("voucher").price.sku_id, quantity=1
        )
    assert seller.client.find_order(external_id) is None

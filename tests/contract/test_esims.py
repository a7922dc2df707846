"""eSIMs: what is delivered installs them, their status is readable, a top-up is an order."""

import pytest

from partner_api import AlreadyExists, Delivery, NotFound, Rejected
from tests.contract.partners import Partner, new_id
from tests.contract.test_orders import settled


def bought(seller: Partner) -> Delivery:
    order = settled(seller, seller.buy("esim"))
    return order.items[0].deliveries[0]


def test_an_esim_comes_with_its_number_and_a_way_to_install_it(seller: Partner) -> None:
    unit = bought(seller)
    assert unit.iccid is not None
    status = seller.client.esim_status(unit.iccid.reveal())
    assert unit.lpa or status.lpa or (unit.activation_code and unit.smdp_address)
    assert status.iccid == unit.iccid


def test_a_status_says_what_is_left_and_where_it_works(seller: Partner) -> None:
    iccid = bought(seller).iccid
    assert iccid is not None
    status = seller.client.esim_status(iccid.reveal())
    assert status.status
    assert status.can_renew is not None
    assert status.coverage
    if status.data_balance is not None and status.data_balance.total is not None:
        assert 0 <= (status.data_balance.remaining or 0) <= status.data_balance.total


def renewable(seller: Partner) -> str:
    iccid = bought(seller).iccid
    assert iccid is not None
    if not seller.client.esim_status(iccid.reveal()).can_renew:
        pytest.skip("the cheapest eSIM can't be topped up")
    return iccid.reveal()


def test_a_top_up_is_an_order_without_a_code(seller: Partner) -> None:
    iccid, external_id = renewable(seller), new_id()
    order = settled(seller, seller.client.top_up_esim(iccid=iccid, external_id=external_id))
    assert (order.external_id, order.status) == (external_id, "completed")
    [unit] = order.items[0].deliveries
    assert unit.pin is None
    assert unit.status
    found = seller.client.find_order(external_id)
    assert found is not None
    assert found.id == order.id


def test_orders_and_top_ups_share_their_external_ids(seller: Partner) -> None:
    iccid = renewable(seller)
    order = seller.buy("voucher")
    assert order.external_id is not None
    with pytest.raises(AlreadyExists):
        seller.client.top_up_esim(iccid=iccid, external_id=order.external_id)
    found = list(seller.client.orders(external_id=order.external_id))
    assert [row.id for row in found] == [order.id]


def test_an_unknown_esim_is_not_found(partner: Partner) -> None:
    with pytest.raises(NotFound):
        partner.client.esim_status("8999990000000000000")


def test_an_unknown_esim_can_not_be_topped_up(seller: Partner) -> None:
    with pytest.raises(Rejected):
        seller.client.top_up_esim(iccid="8999990000000000000", external_id=new_id())

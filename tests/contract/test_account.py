"""The account: balance and ledger say the same thing."""

import itertools

import pytest

from partner_api import ConfigurationError
from tests.contract.partners import Partner


def test_the_token_belongs_to_an_active_partner(partner: Partner) -> None:
    me = partner.client.me()
    assert me.uuid
    assert me.is_active is True
    assert me.currency == me.balance.currency


def test_what_is_available_follows_from_the_other_figures(partner: Partner) -> None:
    balance = partner.client.balance()
    assert balance.available_balance == balance.expected_available
    assert balance.is_overdrafted is (balance.balance < 0)


def test_the_ledger_is_newest_first(partner: Partner) -> None:
    rows = list(itertools.islice(partner.client.balance_transactions(), 50))
    times = [row.created_at for row in rows]
    assert times == sorted(times, reverse=True)
    assert all(row.currency for row in rows)


def test_small_pages_hold_the_same_rows_as_large_ones(partner: Partner) -> None:
    large = list(itertools.islice(partner.client.balance_transactions(), 7))
    small = list(itertools.islice(partner.client.balance_transactions(per_page=2), 7))
    assert small == large


def test_a_wrong_token_is_our_mistake(partner: Partner) -> None:
    with pytest.raises(ConfigurationError) as caught:
        partner.client_with(token="not-the-token").balance()
    assert caught.value.status in {401, 403}


def test_the_partner_tells_its_time(partner: Partner) -> None:
    partner.client.balance()
    assert partner.client.clock_skew is not None
    assert abs(partner.client.clock_skew) < 30


def test_a_purchase_is_one_row_of_the_ledger(seller: Partner) -> None:
    before = seller.client.balance()
    order = seller.buy("voucher")
    charges = [
        row
        for row in itertools.islice(seller.client.balance_transactions(), 20)
        if row.order_id == order.id
    ]
    assert [row.amount for row in charges] == [-(order.total_amount or 0)]
    after = seller.client.balance()
    assert before.available_balance - after.available_balance == order.total_amount

"""A ledger explains itself, or says where it does not."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from storefront.reconciliation.chain import Gap, Link, gaps
from tests.factories import NOON

CENTS = st.integers(-500, 500).map(lambda cents: Decimal(cents) / 100)
# The moment of a row, by its distance from the one before: often the same.
LEDGERS = st.lists(st.tuples(st.sampled_from([0, 0, 1, 60]), CENTS), min_size=1, max_size=30)


def ledger(rows: list[tuple[int, Decimal]]) -> list[Link]:
    """A ledger of these steps, which adds up."""
    links, at, balance = [], NOON, Decimal(100)
    for seconds, amount in rows:
        at += timedelta(seconds=seconds)
        balance += amount
        links.append(Link(at, "USD", amount, balance))
    return links


@given(rows=LEDGERS)
def test_a_ledger_that_adds_up_has_no_gap(rows: list[tuple[int, Decimal]]) -> None:
    assert list(gaps(ledger(rows))) == []


@given(rows=LEDGERS, lost=st.data())
def test_a_lost_row_is_a_gap_of_its_amount(
    rows: list[tuple[int, Decimal]], lost: st.DataObject
) -> None:
    links = ledger([*rows, (60, Decimal(1)), (60, Decimal(1))])
    place = lost.draw(st.integers(1, len(links) - 2))
    gone = links.pop(place)
    found = list(gaps(links))
    same_moment = any(link.at == gone.at for link in links)
    if gone.amount and not same_moment:
        assert [gap.found - gap.expected for gap in found] == [gone.amount]
    if not gone.amount:
        assert found == []


@given(rows=st.permutations([Decimal(1), Decimal(-2), Decimal(5)]))
def test_rows_of_one_moment_may_come_in_any_order(rows: list[Decimal]) -> None:
    balance = Decimal(10)
    moment = []
    for amount in (Decimal(1), Decimal(-2), Decimal(5)):
        balance += amount
        moment.append(Link(NOON, "USD", amount, balance))
    mixed = [moment[[Decimal(1), Decimal(-2), Decimal(5)].index(amount)] for amount in rows]
    before, after = at(-60, 0, 10), at(60, 0, 14)
    assert list(gaps([before, *mixed, after])) == []


def test_each_currency_has_its_own_balance() -> None:
    euros = [Link(link.at, "EUR", link.amount, link.balance_after * 3) for link in (at(0, 0, 5),)]
    assert list(gaps([at(0, 1, 10), *euros, at(60, 1, 11)])) == []
    assert list(gaps([at(0, 1, 10), at(60, 1, 12)])) == [
        Gap(NOON + timedelta(seconds=60), "USD", Decimal(11), Decimal(12))
    ]


def at(seconds: int, amount: int, balance: int) -> Link:
    """One row of so many dollars."""
    when: datetime = NOON + timedelta(seconds=seconds)
    return Link(when, "USD", Decimal(amount), Decimal(balance))

"""The copy of a ledger that has no ids: nothing twice, nothing lost, and what changed is seen."""

from datetime import timedelta
from decimal import Decimal

import pytest

from partner_api import PartnerError
from partner_api.sandbox.account import Account
from storefront.reconciliation import mirror
from storefront.reconciliation.models import MirroredTransaction
from tests.fulfillment.bench import Bench


def account(shop: Bench) -> Account:
    return shop.partner.world.account


def book(shop: Bench, amount: str, *, kind: str = "topup", days: float = 0) -> None:
    """The partner writes a row, so many days from now."""
    at = shop.partner.world.clock.now() + timedelta(days=days)
    account(shop).book(kind, Decimal(amount), at=at)


def read(shop: Bench, *, whole: bool = False) -> list[Decimal]:
    """Read the ledger; the amounts that stand in the mirror, the oldest first."""
    mirror.read(shop.client, now=shop.clock(), whole=whole)
    rows = mirror.standing().order_by("created_at", "id")
    return [row.amount for row in rows]


def test_reading_twice_adds_nothing_and_only_the_newest_days_are_asked_for(shop: Bench) -> None:
    for hour in range(250):
        book(shop, "1.5", days=hour / 24)
    assert len(read(shop)) == 251
    before = shop.asks()
    assert len(read(shop)) == 251
    assert shop.asks() - before == 1, "a day's rows are on the first page"
    book(shop, "-3", days=11)
    assert read(shop)[-1] == Decimal(-3)


def test_equal_rows_stay_as_many_as_they_are(shop: Bench) -> None:
    at = shop.partner.world.clock.now()
    for amount in ("5", "-5", "5", "-5"):
        account(shop).book("adjustment", Decimal(amount), at=at)
    amounts = read(shop)
    assert amounts[1:] == [Decimal(5), Decimal(-5)] * 2
    assert read(shop) == amounts
    assert list(mirror.gaps_since()) == []
    assert set(MirroredTransaction.objects.values_list("occurrence", flat=True)) == {1, 2}


def test_a_row_the_partner_takes_away_still_counts_and_is_marked(shop: Bench) -> None:
    for amount in ("1", "2", "3"):
        book(shop, amount)
    read(shop)
    (gone,) = [row for row in account(shop).rows if row.amount == 2]
    account(shop).rows.remove(gone)
    assert Decimal(2) in read(shop)
    assert MirroredTransaction.objects.get(amount=2).missing_since is not None
    assert list(mirror.gaps_since()) == [], "it happened, whatever is listed now"

    account(shop).rows.insert(2, gone)
    read(shop)
    assert MirroredTransaction.objects.get(amount=2).missing_since is None


def test_a_row_the_partner_rewrites_is_the_old_one_gone_and_a_new_one(shop: Bench) -> None:
    book(shop, "2")
    read(shop)
    row = account(shop).rows[-1]
    row.amount, row.balance_after = Decimal(3), row.balance_after + 1
    assert read(shop)[1:] == [Decimal(3)]
    assert MirroredTransaction.objects.filter(missing_since=None).count() == 2


def test_what_was_never_listed_is_a_gap_of_its_amount_until_it_is(shop: Bench) -> None:
    for hours, amount in enumerate(("1", "2", "3"), start=1):
        book(shop, amount, days=hours / 24)
    gone = account(shop).rows.pop(2)
    read(shop)
    assert [gap.found - gap.expected for gap in mirror.gaps_since()] == [Decimal(2)]
    account(shop).rows.insert(2, gone)
    read(shop)
    assert list(mirror.gaps_since()) == []


@pytest.mark.parametrize("fault", ["503", "bad_json"])
def test_a_ledger_that_breaks_off_changes_nothing(shop: Bench, fault: str) -> None:
    for hour in range(150):
        book(shop, "1", days=hour / 24)
    read(shop)
    book(shop, "7", days=8)
    shop.fault(fault, endpoint="balance_transactions", next=None)
    with pytest.raises(PartnerError):
        read(shop, whole=True)
    assert MirroredTransaction.objects.count() == 151
    shop.faults_end()
    assert read(shop)[-1] == Decimal(7)


def test_a_long_ledger_is_read_in_the_memory_of_a_page(shop: Bench) -> None:
    for minute in range(3000):
        book(shop, "0.01", days=minute / 1440)
    assert len(read(shop)) == 3001
    assert len(read(shop, whole=True)) == 3001

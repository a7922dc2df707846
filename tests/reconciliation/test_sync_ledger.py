"""`sync_ledger`: one line and exit 0, or exit 1 and the reason; what was known stays."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from storefront import partner as shops_partner
from storefront.finance.models import BalanceReading
from storefront.reconciliation import actions
from storefront.reconciliation.models import MirroredTransaction
from tests.fulfillment.bench import Bench


@pytest.fixture
def known(shop: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The shop's own client is the bench's."""
    monkeypatch.setattr(shops_partner, "client", lambda: shop.client)
    return shop


def sync() -> str:
    said = StringIO()
    call_command("sync_ledger", stdout=said)
    return said.getvalue()


def test_one_line_says_what_was_read_and_a_second_run_adds_nothing(known: Bench) -> None:
    known.paid()
    known.tick()
    known.partner.control.balance({"topup": "5"})
    rows = len(known.partner.control.ledger()["ledger"])
    said = sync()
    available = BalanceReading.objects.get().available
    assert f"{available:.2f} available; {rows} rows added" in said
    assert said.count("\n") == 1
    assert "0 rows added" in sync()
    assert MirroredTransaction.objects.count() == rows


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        ("balance", "the balance could not be read"),
        ("balance_transactions", "the ledger could not"),
    ],
)
def test_a_failure_is_an_error_with_its_reason(known: Bench, endpoint: str, reason: str) -> None:
    known.fault("500_before", endpoint, next=None)
    with pytest.raises(CommandError, match=reason):
        sync()
    assert not MirroredTransaction.objects.exists()


def test_beside_a_comparison_it_says_so(known: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**_: Any) -> int:
        raise actions.AlreadyRunning("another comparison of the books is running")

    monkeypatch.setattr(actions, "copy_ledger", busy)
    with pytest.raises(CommandError, match="another comparison"):
        sync()

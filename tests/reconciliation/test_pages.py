"""What finance sees of the differences and of the partner's ledger, and what it can do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import now

from storefront.reconciliation.kinds import Cause
from storefront.reconciliation.models import Break, Comparison, MirroredTransaction
from tests.finance.conftest import member

BREAKS, LEDGER = "/finance/reconciliation/", "/finance/partner-ledger/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def fiona(db: None) -> Client:
    """Finance."""
    return member("Finance")


def differs(kind: str = Cause.CHARGED_TWICE, subject: str = "GD-1", **fields: object) -> Break:
    values = {
        "amount": Decimal("-9.7"), "currency": "USD", "says": "19.40 there, 9.70 here",
        "at": now(), "found_at": now(), "seen_at": now(),
    }  # fmt: skip
    return Break.objects.create(kind=kind, subject=subject, **(values | fields))


def compared(**fields: object) -> Comparison:
    counts = {"orders": 10000, "transactions": 11000, "purchases": 9000, "payments": 9999,
              "breaks": 0}  # fmt: skip
    values = {"started_at": now(), "finished_at": now(), "since": now(), "by": "beat"}
    return Comparison.objects.create(counts=counts, **(values | fields))


def booked(amount: str, balance: str, minutes: int, **fields: object) -> MirroredTransaction:
    return MirroredTransaction.objects.create(
        **{
            "content": f"00000000-0000-0000-0000-{minutes:012d}", "occurrence": 1,
            "type": "charge", "amount": amount, "balance_after": balance, "currency": "USD",
            "created_at": now() + timedelta(minutes=minutes), "order_id": f"order-{minutes}",
            "first_seen_at": now(), **fields,
        }
    )  # fmt: skip


def test_no_difference_is_said_to_be_the_normal_state(fiona: Client) -> None:
    compared()
    page = fiona.get(BREAKS).content.decode()
    assert "no difference is open, as it should be" in page
    assert "10,000" in page
    assert 'data-testid="books-agree"' in fiona.get("/finance/").content.decode()


def test_each_difference_has_its_cause_amount_age_and_what_to_do(fiona: Client) -> None:
    compared()
    row = differs()
    differs(Cause.UNEXPLAINED, "row 7", amount=Decimal(3), found_at=now() - timedelta(days=2))
    page = fiona.get(BREAKS).content.decode()
    assert page.count('data-testid="break"') == 2
    assert "-$9.70" in page
    assert "2\xa0days ago" in page
    assert "2 differences between the books are open" in fiona.get("/finance/").content.decode()
    only = fiona.get(f"{BREAKS}?kind=unexplained").content.decode()
    assert only.count('data-testid="break"') == 1

    detail = fiona.get(f"{BREAKS}{row.pk}/").content.decode()
    for words in ("19.40 there, 9.70 here", "two charges for one order", "Claim the amount"):
        assert words in detail, words


def test_it_is_accepted_with_a_reason_and_only_once(fiona: Client) -> None:
    row = differs()
    path = f"{BREAKS}{row.pk}/"
    answer = fiona.post(path, {"reason": "  "})
    assert answer.status_code == 400
    assert b'data-testid="form-error"' in answer.content
    fiona.post(path, {"reason": "The partner's fee"})
    fiona.post(path, {"reason": "Again"})
    row.refresh_from_db()
    assert (row.closed_by, row.reason) == ("finance@shop.example", "The partner's fee")
    page = fiona.get(path).content.decode()
    assert "Accepted by finance@shop.example" in page
    assert 'data-testid="break-accept"' not in page


@pytest.mark.parametrize("role", ["Support", "Fulfilment", "Catalog", ""])
@pytest.mark.parametrize("path", [BREAKS, LEDGER, f"{LEDGER}file/"])
def test_others_of_the_staff_see_none_of_it(role: str, path: str) -> None:
    row = differs()
    client = member(role)
    assert client.get(path).status_code == 403
    assert client.post(f"{BREAKS}{row.pk}/", {"reason": "x"}).status_code == 403
    assert client.post(f"{BREAKS}compare/").status_code == 403
    assert Break.objects.get().closed_at is None


def test_finance_has_the_books_compared_now(fiona: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(
        "storefront.reconciliation.views.enqueue", lambda task, **words: sent.append((task, words))
    )
    assert fiona.post(f"{BREAKS}compare/").status_code == 302
    assert sent == [("reconciliation.compare", {"by": "finance@shop.example"})]


def test_a_comparison_that_failed_is_told_beside_the_last_one_that_did_not(fiona: Client) -> None:
    compared()
    compared(error="the partner did not answer in time")
    page = fiona.get(BREAKS).content.decode()
    assert "nothing was concluded" in page
    assert "the partner did not answer in time" in page
    assert "no difference is open" in page
    compared()
    assert "nothing was concluded" not in fiona.get(BREAKS).content.decode()


def test_the_ledger_shows_gaps_and_what_is_gone(fiona: Client) -> None:
    booked("-10", "90", 1)
    booked("-5", "85", 2)
    booked("-5", "70", 3)
    booked("20", "90", 4, missing_since=now(), type="topup", order_id="")
    booked("-1", "89", 5)
    page = fiona.get(LEDGER).content.decode()
    assert page.count('data-testid="ledger-row"') == 5
    assert page.count('data-testid="ledger-gap"') == 1
    assert "come to $80.00, the balance above is $70.00" in page
    assert "not listed any more" in page
    found = fiona.get(f"{LEDGER}?order=order-2").content.decode()
    assert found.count('data-testid="ledger-row"') == 1


def test_the_ledger_is_read_page_by_page_and_every_row_once(fiona: Client) -> None:
    for number in range(230):
        booked("-1", str(1000 - number), number)
    seen, path = [], LEDGER
    while path:
        answer = fiona.get(path)
        seen += [entry.row.order_id for entry in answer.context["entries"]]
        before = answer.context["before"]
        path = f"{LEDGER}?{before and 'before=' + before.replace('+', '%2B')}" if before else ""
    assert seen == [f"order-{number}" for number in reversed(range(230))]


@pytest.mark.parametrize(
    "query", ["?kind=nonsense", "?after=x", "?after=99999999999999999999", "?after=-1"]
)
def test_strange_questions_are_answered_with_a_plain_no(fiona: Client, query: str) -> None:
    assert fiona.get(f"{BREAKS}{query}").status_code == 404


@pytest.mark.parametrize("before", ["x", "2026-01-01 x", "x 7", " 7", "2026-01-01T00:00 "])
def test_a_strange_place_in_the_ledger_is_no_page(fiona: Client, before: str) -> None:
    assert fiona.get(LEDGER, {"before": before}).status_code == 404


def test_the_file_has_every_row_exactly_and_no_formula(fiona: Client) -> None:
    booked("-10.12345678", "89.87654322", 1)
    booked("-5", "85", 2, type="=HYPERLINK(1)")
    answer = fiona.get(f"{LEDGER}file/")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3
    assert ",-10.12345678,USD,89.87654322," in lines[1]
    assert "'=HYPERLINK(1)" in lines[2]

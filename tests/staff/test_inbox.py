"""The admin's first page: everything that needs a person, in words, and how it leaves the list."""

import ast
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from storefront.accounts.models import User
from storefront.cases import actions as cases
from storefront.cases.models import Case, CaseNote
from storefront.core.appendonly import NeverChanges
from storefront.staff.inbox import MOST, inbox
from storefront.staff.kinds import KINDS, UNKNOWN
from tests.factories import PurchaseFactory
from tests.house.tree import parsed, sources

HOME = "/admin/"


def colleague(name: str, *rights: str) -> Client:
    """Staff with these rights on cases."""
    user = User.objects.create_user(f"{name}@shop.example", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="cases", codename__in=rights)
    )
    client = Client()
    client.force_login(user)
    return client


def trouble(
    kind: str = "stuck", subject: str = "K-1", summary: str = "Why.", *, ago: int = 1
) -> Case:
    cases.open_case(kind=kind, subject=subject, summary=summary, now=now() - timedelta(hours=ago))
    return Case.objects.get(kind=kind, subject=subject, closed_at=None)


def opened() -> Iterator[str]:
    """Every kind of case that the code opens by a name written there."""
    for path in sources("storefront"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and called(node) in {"open_case", "review", "show"}:
                for word in node.keywords:
                    if word.arg == "kind" and isinstance(word.value, ast.Constant):
                        yield str(word.value.value)


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_every_kind_of_case_has_its_words() -> None:
    kinds = set(opened())
    assert len(kinds) > 15
    assert kinds - set(KINDS) == set()


@pytest.mark.django_db
def test_the_worst_comes_first_then_the_oldest_each_in_words() -> None:
    trouble("mail-failed", "new", "No such mailbox.", ago=1)
    trouble("code-problem", "old", "It does not work.", ago=9)
    trouble("invariant-broken", "INV-1 (rows)", "INV-1 is broken.", ago=0)

    page = colleague("sam", "view_case").get(HOME).content.decode()
    assert page.count('data-testid="inbox-row"') == 3
    assert page.index("INV-1 is broken.") < page.index("It does not work.")
    assert page.index("It does not work.") < page.index("No such mailbox.")
    assert KINDS["code-problem"].todo in page
    assert "3 things need a look" in page


@pytest.mark.django_db
def test_one_kind_is_shown_alone_and_a_new_one_is_shown_before_it_has_words() -> None:
    trouble("mail-failed", "one")
    trouble("brand-new", "two")
    client = colleague("sam", "view_case")
    assert UNKNOWN.title in client.get(HOME).content.decode()
    page = client.get(HOME, {"kind": "mail-failed"}).content.decode()
    assert page.count('data-testid="inbox-row"') == 1
    assert client.get(HOME, {"kind": "'<b>"}).status_code == 200


@pytest.mark.django_db
def test_a_doubt_and_a_step_that_nobody_does_are_there_until_they_end() -> None:
    at = now()
    doubt = PurchaseFactory.create(
        status="in_doubt", posts=1, last_post_at=at, due_at=at + timedelta(minutes=1)
    )
    late = PurchaseFactory.create(status="ready", due_at=at - timedelta(hours=1))
    assert {row.subject: row.kind for row in inbox(now=at).rows} == {
        doubt.external_id: "in-doubt",
        late.external_id: "overdue",
    }
    type(late).objects.update(status="failed", finished_at=at, due_at=None)
    assert inbox(now=at) == ([], [], 0)


@pytest.mark.django_db
def test_who_may_not_read_cases_sees_none() -> None:
    trouble(summary="Nobody else's business.")
    page = colleague("mallory").get(HOME).content.decode()
    assert "inbox" not in page
    assert "Nobody else" not in page


@pytest.mark.django_db
def test_what_a_customer_wrote_is_text_and_never_markup() -> None:
    trouble("code-problem", summary="<script>alert(1)</script>")
    page = colleague("sam", "view_case").get(HOME).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.django_db
def test_a_note_is_kept_and_read_by_colleagues_and_nobody_changes_it() -> None:
    case = trouble()
    sam = colleague("sam", "view_case", "change_case")
    sam.post(reverse("admin:cases_case_write", args=[case.pk]), {"text": "The partner was asked."})
    note = CaseNote.objects.get()
    assert (note.by, note.case) == ("sam@shop.example", case)
    page = sam.get(HOME).content.decode()
    assert "The partner was asked." in page
    assert "sam@shop.example" in page
    note.text = "Something else."
    with pytest.raises(NeverChanges):
        note.save()


@pytest.mark.django_db
def test_closing_needs_a_reason_and_the_right() -> None:
    case = trouble()
    sam, mallory = colleague("sam", "view_case", "change_case"), colleague("mallory", "view_case")
    address = reverse("admin:cases_case_write", args=[case.pk])
    assert mallory.post(address, {"text": "Done.", "close": "1"}).status_code == 403
    assert sam.post(address, {"text": " ", "close": "1"}).status_code == 200
    case.refresh_from_db()
    assert case.closed_at is None
    assert not CaseNote.objects.exists()
    assert "Note or close" not in mallory.get(HOME).content.decode()

    sam.post(address, {"text": "Done.", "close": "1"})
    case.refresh_from_db()
    assert case.closed_by == "sam@shop.example"
    assert case.notes.get().text == "Done."
    assert "Nothing needs a person now" in sam.get(HOME).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_close_it_at_once_close_it_once() -> None:
    case, done = trouble(), []

    def close(by: str) -> None:
        try:
            cases.settle(case=case, text="Done.", by=by, now=now())
            done.append(by)
        except cases.AlreadyClosed:
            pass
        finally:
            connection.close()

    both = [threading.Thread(target=close, args=(name,)) for name in ("sam", "olga")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert [note.by for note in CaseNote.objects.all()] == done
    assert len(done) == 1


@pytest.mark.django_db
def test_a_thousand_cases_are_one_page_of_few_questions(
    django_assert_max_num_queries: Any,
) -> None:
    at = now()
    Case.objects.bulk_create(
        Case(kind="held-funds", subject=f"K-{number}", summary="No funds.", opened_at=at)
        for number in range(1000)
    )
    sam = colleague("sam", "view_case")
    with django_assert_max_num_queries(16):
        page = sam.get(HOME).content.decode()
    assert page.count('data-testid="inbox-row"') == MOST
    assert "1,000 things need a look" in page
    with django_assert_max_num_queries(10):
        inbox(now=at)


@pytest.mark.django_db
def test_what_cost_too_much_leads_to_what_is_paused_for_it() -> None:
    cases.open_case(kind="wrong-total", subject="GD-1", summary="Charged more.", now=now())
    (row,) = inbox(now=now()).rows
    (link,) = row.links
    assert link.url == "/admin/catalog/sku/?paused_at__isempty=0"

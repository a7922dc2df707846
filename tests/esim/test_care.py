"""Care that costs little: how often is asked, and what is said before it is too late."""

import heapq
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.core import mail
from django.utils.timezone import now

from partner_api import DataBalance, EsimPackage, EsimStatus
from partner_api.secret import Secret
from storefront.esim import actions as esims
from storefront.esim import waits
from storefront.esim.actions.asking import take_over
from storefront.esim.models import Esim
from storefront.esim.states import State, read
from storefront.mail.actions import send
from storefront.mail.models import Message
from storefront.orders.models import AccessLink
from tests.esim.test_pages import NUMBER, own

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def status(
    left: str, *, total: str = "10", days: float = 20, text: str = "Installed"
) -> EsimStatus:
    """What the partner might say now."""
    ends = now() + timedelta(days=days)
    package = EsimPackage(
        id="pkg_1", name="10GB", data_total=Decimal(total), data_remaining=Decimal(left),
        data_unit="GB", activated_at=now(), expires_at=ends, status="active",
    )  # fmt: skip
    return EsimStatus(
        esim_id="e", iccid=Secret(NUMBER), status=text, lpa=None, smdp_address=None,
        activation_code=None, can_renew=True, last_bundle=None,
        data_balance=DataBalance(total=Decimal(total), remaining=Decimal(left), unit="GB"),
        active_packages=(package,), coverage=(),
    )  # fmt: skip


def kinds() -> list[str]:
    return sorted(Message.objects.filter(kind__startswith="esim").values_list("kind", flat=True))


@pytest.mark.django_db
def test_low_data_is_told_once_and_again_after_data_was_added() -> None:
    esim = own().esim
    for left in ("9", "2.1"):
        take_over(esim_id=esim.pk, status=status(left), now=now())
        assert kinds() == []
    for left in ("2", "1.5", "1"):
        take_over(esim_id=esim.pk, status=status(left), now=now())
        assert kinds() == ["esim_low"]
    take_over(esim_id=esim.pk, status=status("11", total="20"), now=now())
    take_over(esim_id=esim.pk, status=status("3", total="20"), now=now())
    assert kinds() == ["esim_low"] * 2


@pytest.mark.django_db
def test_the_last_day_is_told_once() -> None:
    esim = own().esim
    take_over(esim_id=esim.pk, status=status("9", days=1.5), now=now())
    assert kinds() == []
    for days in (0.9, 0.89):
        take_over(esim_id=esim.pk, status=status("9", days=days), now=now())
    assert kinds() == ["esim_ending"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Released", "Used up", "Expired", "Paused"])
def test_what_is_not_in_use_is_not_written_about(text: str) -> None:
    esim = own().esim
    take_over(esim_id=esim.pk, status=status("1", days=0.5, text=text), now=now())
    assert kinds() == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_mails_have_a_link_and_no_number(language: str) -> None:
    owned = own()
    owned.order.locale = language
    owned.order.save(update_fields=["locale"])
    take_over(esim_id=owned.esim.pk, status=status("1", days=0.5), now=now())
    for message in Message.objects.filter(kind__startswith="esim"):
        send(message_id=message.pk, now=now())
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        assert NUMBER not in str(sent.message())
        assert f"/orders/{owned.order.number}/open/" in sent.body
    assert AccessLink.objects.filter(order=owned.order).count() >= 2


def test_texts_are_understood_however_they_are_written() -> None:
    assert {read("Installed"), read("IN_USE"), read("active")} == {State.INSTALLED}
    assert read("not-installed") == State.RELEASED
    assert {read("Paused"), read(""), read("inactive")} == {State.UNKNOWN}


def test_what_is_over_is_never_asked_about_again() -> None:
    for state in (State.USED_UP, State.EXPIRED):
        assert not waits.next_question(state, idle=0, age=timedelta(0), ends_at=None, now=NOON)
    old = timedelta(days=181)
    assert not waits.next_question(State.RELEASED, idle=0, age=old, ends_at=None, now=NOON)


def test_the_last_day_is_not_slept_through() -> None:
    ends_at = NOON + timedelta(days=1, hours=5)
    due = waits.next_question(State.INSTALLED, idle=10, age=timedelta(0), ends_at=ends_at, now=NOON)
    assert due == NOON + timedelta(hours=5)


@pytest.mark.django_db
def test_a_minute_asks_no_more_than_its_budget_the_longest_due_first() -> None:
    first, second = own().esim, own_another()
    Esim.objects.filter(pk=first.pk).update(due_at=NOON)
    Esim.objects.filter(pk=second.pk).update(due_at=NOON - timedelta(hours=1))
    assert esims.poll(now=NOON + timedelta(minutes=1), most=1) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.due_at == NOON
    assert second.due_at == NOON + timedelta(minutes=1) + waits.LEASE
    assert esims.poll(now=NOON + timedelta(minutes=1), most=9) == 1
    assert esims.poll(now=NOON + timedelta(minutes=1), most=9) == 0


def own_another() -> Esim:
    """A second one, with a number of its own."""
    return own(lpa="LPA:1$other.example$B-2", number="8944422711108338990").esim


def test_a_hundred_thousand_esims_stay_within_the_budget() -> None:
    """A week on a simulated clock, minute by minute: each minute takes what is due, oldest
    first, never more than BUDGET. One in ten is in use with changing figures, three in ten lie
    installed, two wait to be installed, four are over.
    """
    random = Random(7)  # noqa: S311  chance in a test, the same each time
    life = [State.INSTALLED] * 4 + [State.RELEASED] * 2 + [State.USED_UP, State.EXPIRED] * 2
    kinds = [life[number % 10] for number in range(100_000)]
    busy = [number % 10 == 0 for number in range(100_000)]
    idle = [0 if busy[number] else 5 for number in range(100_000)]
    due = [
        (random.randrange(3 * 24 * 60), number)
        for number in range(100_000)
        if kinds[number] not in {State.USED_UP, State.EXPIRED}
    ]
    heapq.heapify(due)
    calls: Counter[int] = Counter()
    late = 0
    for minute in range(7 * 24 * 60):
        for _ in range(waits.BUDGET):
            if not due or due[0][0] > minute:
                break
            at, number = heapq.heappop(due)
            calls[minute] += 1
            late = max(late, minute - at)
            at_now = NOON + timedelta(minutes=minute)
            idle[number] = 0 if busy[number] and random.random() < 0.2 else idle[number] + 1
            again = waits.next_question(
                kinds[number], idle=idle[number], age=timedelta(days=10), ends_at=None, now=at_now
            )
            assert again is not None
            heapq.heappush(due, (minute + int((again - at_now) / timedelta(minutes=1)), number))
    assert max(calls.values()) <= waits.BUDGET
    assert sum(calls.values()) <= waits.BUDGET * 7 * 24 * 60
    # Where there is more to ask than the budget, everybody waits alike and nobody is forgotten.
    assert timedelta(minutes=late) < timedelta(days=2)

"""The outbox against a real mail server: sent once, tried again, and finally somebody's case."""

import runpy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now
from pytest_django import Settings

from partner_api.secret import Secret
from storefront.cases.models import Case
from storefront.core import logs
from storefront.mail import actions
from storefront.mail.models import RETRY_AFTER, Message
from storefront.orders import actions as orders
from storefront.orders.models import Order
from storefront.orders.states import Status
from tests.mail.postbox import Postbox
from tests.shopping import Customer, bring, order_in

pytestmark = pytest.mark.django_db

PIN = "KIOSK-CANARY-PIN-4711"
KINDS = sorted(path.name for path in Path("templates/emails").glob("order_*"))


def queue(order: Order, kind: str = "order_ready", at: datetime | None = None) -> Message:
    """The mail that a settled order queues."""
    orders.tell(order=order, kind=kind, reference=order.number, now=at or now())
    return Message.objects.get(kind=kind, reference=order.number)


def link_in(text: str) -> str:
    """The address a mail's reader would follow, without its host."""
    (line,) = [line for line in text.splitlines() if "/open/" in line]
    return line.strip().removeprefix("http://127.0.0.1:8000")


def test_a_mail_arrives_in_two_forms_and_its_link_opens_the_order(postbox: Postbox) -> None:
    order = order_in(Status.COMPLETED)
    bring(order, PIN)
    message = queue(order)
    actions.send(message_id=message.pk, now=now())

    (mail,) = postbox.mails
    assert mail["To"] == "alice@example.com"
    assert mail["From"] == "Kiosk <shop@127.0.0.1>"
    assert order.number in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    path = link_in(plain.get_content())
    assert path in html.get_content()
    alice = Customer()
    assert alice.get(path)["Location"] == f"/orders/{order.number}/"
    for text in (plain.get_content(), html.get_content()):
        assert order.lines.get().sku_name in text
        assert PIN not in text
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("sent", 1, "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_is_in_the_orders_language(postbox: Postbox, kind: str) -> None:
    order = order_in(Status.COMPLETED)
    Order.objects.filter(pk=order.pk).update(locale="ru")
    order.refresh_from_db()
    actions.send(message_id=queue(order, kind).pk, now=now())
    (mail,) = postbox.mails
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "заказ" in mail["Subject"].lower()
    assert "заказ" in plain.get_content().lower()
    assert 'lang="ru"' in html.get_content()
    assert link_in(plain.get_content()).startswith(f"/ru/orders/{order.number}/open/")


def test_one_event_is_one_mail_however_often_it_is_told(postbox: Postbox) -> None:
    order = order_in(Status.COMPLETED)
    message = queue(order)
    assert queue(order) == message
    for _ in range(3):
        actions.send(message_id=message.pk, now=now())
    assert len(postbox.mails) == 1
    assert actions.sweep(now=now() + timedelta(days=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_task_send_one_mail(postbox: Postbox) -> None:
    message = queue(order_in(Status.COMPLETED))

    def send(_: int) -> None:
        actions.send(message_id=message.pk, now=now())
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    assert len(postbox.mails) == 1


def nobody_listens(postbox: Postbox, settings: Settings) -> None:
    settings.EMAIL_PORT = 9


def later(postbox: Postbox, settings: Settings) -> None:
    postbox.moods = ["450 mailbox busy"]


def no_such_user(postbox: Postbox, settings: Settings) -> None:
    postbox.moods = ["550 no such user"]


def hangs_up(postbox: Postbox, settings: Settings) -> None:
    postbox.moods = ["drop"]


def lost_key(postbox: Postbox, settings: Settings) -> None:
    settings.PIN_KEYS = (bytes(range(100, 132)),)


def nonsense_sender(postbox: Postbox, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "not an address, at all <"


TROUBLES = [nobody_listens, later, no_such_user, hangs_up, lost_key, nonsense_sender]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_mail_that_cannot_be_sent_waits_and_is_sent_when_it_can(
    postbox: Postbox, settings: Settings, trouble: Callable[..., None]
) -> None:
    start = now()
    message = queue(order_in(Status.COMPLETED), at=start)
    spoiled = ("EMAIL_PORT", "PIN_KEYS", "DEFAULT_FROM_EMAIL")
    good = {name: getattr(settings, name) for name in spoiled}
    trouble(postbox, settings)
    actions.send(message_id=message.pk, now=start)
    message.refresh_from_db()
    assert (message.status, message.attempts, postbox.mails) == ("queued", 1, [])
    assert message.due_at == start + timedelta(seconds=30)
    assert message.error
    assert not Case.objects.exists()

    for name, value in good.items():
        setattr(settings, name, value)
    actions.send(message_id=message.pk, now=start + timedelta(seconds=29))
    assert postbox.mails == [], "not before its time"
    actions.send(message_id=message.pk, now=start + timedelta(seconds=30))
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("sent", 2, "")
    assert len(postbox.mails) == 1


@pytest.mark.parametrize("trouble", [nobody_listens, lost_key])
def test_after_the_last_try_staff_have_a_case_and_the_mail_rests(
    postbox: Postbox, settings: Settings, trouble: Callable[..., None]
) -> None:
    order = order_in(Status.COMPLETED)
    at = now()
    message = queue(order, at=at)
    trouble(postbox, settings)
    for seconds in (*RETRY_AFTER, 0):
        assert not Case.objects.exists()
        actions.send(message_id=message.pk, now=at)
        at += timedelta(seconds=seconds)
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("failed", len(RETRY_AFTER) + 1)
    case = Case.objects.get()
    assert (case.kind, case.subject) == ("mail-failed", order.number)
    assert "order_ready" in case.summary

    assert actions.sweep(now=at + timedelta(days=30)) == 0
    actions.send(message_id=message.pk, now=at + timedelta(days=30))
    assert postbox.mails == []


def test_a_worker_that_died_over_a_mail_leaves_it_to_the_next(postbox: Postbox) -> None:
    start = now()
    message = queue(order_in(Status.COMPLETED), at=start)
    Message.objects.update(due_at=start + actions.CLAIM, attempts=1)  # as its claim left it
    assert actions.sweep(now=start + timedelta(seconds=60)) == 0
    after = start + actions.CLAIM
    assert actions.sweep(now=after) == 1
    actions.send(message_id=message.pk, now=after)
    assert len(postbox.mails) == 1


def test_f108_a_row_of_the_outbox_opens_nothing_and_holds_no_code(postbox: Postbox) -> None:
    order = order_in(Status.COMPLETED)
    bring(order, PIN)
    message = queue(order)
    actions.send(message_id=message.pk, now=now())
    plain = postbox.mails[0].get_body(("plain",))
    assert plain is not None
    token = link_in(plain.get_content()).rstrip("/").rsplit("/", 1)[1]
    with connection.cursor() as cursor:
        for table in ("mail_message", "orders_accesslink", "orders_orderevent", "cases_case"):
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")  # noqa: S608  our own tables
            (dump,) = cursor.fetchone()
            for secret in (PIN, token, token.encode().hex()):
                assert secret not in dump, table


def test_a_failure_that_quotes_the_mail_is_not_kept_word_for_word(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug's message may hold anything, so only its kind is written down."""
    message = queue(order_in(Status.COMPLETED))

    def broken(_: Any, *, context: str) -> Secret:
        raise RuntimeError(f"could not open {context} of https://shop.example/secret-link")

    monkeypatch.setattr(actions, "open_sealed", broken)
    actions.send(message_id=message.pk, now=now())
    message.refresh_from_db()
    assert message.error == "RuntimeError"


NAMES = ["Kiosk, Inc.", "Киоск", 'The "Kiosk"', "a <b> c", "Ki@sk", "x" * 70]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_store_is_a_good_senders_name(
    postbox: Postbox, settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("STORE_NAME", name)
    monkeypatch.setattr(logs, "configure_logging", lambda **_: None)
    read = runpy.run_path("storefront/settings.py")
    settings.DEFAULT_FROM_EMAIL = read["DEFAULT_FROM_EMAIL"]
    actions.send(message_id=queue(order_in(Status.COMPLETED)).pk, now=now())
    (mail,) = postbox.mails
    (address,) = mail["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "shop@127.0.0.1")

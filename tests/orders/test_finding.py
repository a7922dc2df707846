"""Guests without their mail: everybody gets the same answer, and only the mailbox gets the link."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from pytest_django import Settings

from storefront.accounts.models import User
from storefront.core.refs import as_order_number
from storefront.mail.models import Message
from storefront.orders import actions as orders
from storefront.orders.models import AccessLink, LinkRequest, Order
from storefront.orders.states import Status
from tests.shopping import Answer, Customer, complaints, hooked, let_in, order_in

pytestmark = pytest.mark.django_db

FIND = "/orders/find/"


@pytest.fixture(autouse=True)
def _real_waits(settings: Settings) -> None:
    settings.WAIT_SCALE = 1.0


@pytest.fixture
def order() -> Order:
    return order_in(Status.COMPLETED)


def ask(customer: Customer, number: str, email: str = "alice@example.com", via: str = "") -> Answer:
    return customer.post(FIND, {"email": email, "number": number}, headers={"x-forwarded-for": via})


def answered() -> list[str]:
    """Who gets a link, after the worker was here."""
    orders.answer_link_requests(now=now())
    assert not LinkRequest.objects.exists()
    return list(Message.objects.filter(kind="order_link").values_list("to", flat=True))


def test_the_owner_gets_a_mail_with_a_link_and_sees_nothing_on_the_page(order: Order) -> None:
    alice = Customer()
    answer = ask(alice, order.number, "Alice@Example.com")
    assert (answer.status_code, answer["Location"]) == (302, f"{FIND}?sent=1")
    page = alice.get(answer["Location"]).content.decode()
    assert order.number not in page
    assert "alice@" not in page.lower()
    assert alice.get(f"/orders/{order.number}/").status_code == 404
    assert answered() == [order.email]


def test_f106_a_known_and_an_unknown_order_are_answered_alike_with_the_same_work(
    order: Order,
) -> None:
    seen = []
    for number, email in (
        (order.number, order.email),
        (order.number, "mallory@example.com"),
        ("AAAA-AAAA-AAAA", order.email),
        ("AAAA-AAAA-AAAA", "nobody@example.com"),
    ):
        with CaptureQueriesContext(connection) as queries:
            answer = ask(Customer(), number, email)
        work = [query["sql"].split()[0] for query in queries]
        seen.append((answer.status_code, answer["Location"], answer.content, work))
    assert all(one == seen[0] for one in seen)
    assert answered() == [order.email]


@pytest.mark.parametrize("between", ["-", " ", "", " - "])
def test_a_number_is_known_however_it_is_written(order: Order, between: str) -> None:
    written = f" {between.join(order.number.lower().split('-'))} "
    assert as_order_number(written) == order.number
    ask(Customer(), written)
    assert answered() == [order.email]


@pytest.mark.parametrize(
    ("email", "number"), [("", "K7QF"), ("alice", "K7QF"), ("alice@example.com", ""), ("", "")]
)
def test_what_is_missing_is_said(email: str, number: str) -> None:
    answer = ask(Customer(), number, email)
    assert answer.status_code == 400
    assert complaints(answer)
    assert not LinkRequest.objects.exists()


@pytest.mark.parametrize("number", ["x" * 40, "'; --", "%00", "я" * 40, "٣" * 12, "-" * 40])
def test_nonsense_is_answered_like_anything_else(number: str) -> None:
    assert ask(Customer(), number)["Location"] == f"{FIND}?sent=1"
    assert answered() == []


def test_f106_one_address_of_mail_is_written_to_five_times_an_hour(order: Order) -> None:
    answers = [ask(Customer(REMOTE_ADDR=f"203.0.113.{n}"), order.number) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert len(answered()) == 5


def test_f106_one_client_asks_twenty_times_an_hour_whatever_it_claims_to_be() -> None:
    codes = [
        ask(Customer(), "AAAA", f"{n}@example.com", via=f"198.51.100.{n}").status_code
        for n in range(21)
    ]
    assert codes == [302] * 20 + [429]
    elsewhere = ask(Customer(REMOTE_ADDR="203.0.113.9"), "AAAA", "alice@example.com")
    assert elsewhere.status_code == 302, "nobody else is kept out"


def test_a_request_the_queue_lost_is_answered_all_the_same(order: Order) -> None:
    orders.ask_for_link(email=order.email, number=order.number, now=now() - timedelta(minutes=5))
    assert answered() == [order.email]
    assert answered() == [order.email], "once"


def test_who_sees_the_order_may_have_the_link_sent_three_times_an_hour(order: Order) -> None:
    alice = Customer()
    let_in(alice, order)
    path = f"/orders/{order.number}/link/"
    assert [alice.post(path).status_code for _ in range(4)] == [302] * 3 + [429]
    assert Message.objects.filter(kind="order_link", to=order.email).count() == 3
    assert alice.get(path).status_code == 405
    links = AccessLink.objects.count()
    assert Customer().post(path).status_code == 404
    assert AccessLink.objects.count() == links


def test_staff_send_links_and_mails_again(order: Order) -> None:
    olga = Customer()
    olga.force_login(User.objects.create_superuser("olga@shop.example"))
    deed = {"deed": "send_link", "reason": "She lost the first mail."}
    olga.post(f"/admin/orders/order/{order.pk}/act/", deed)
    event = order.events.get(kind="link-sent")
    assert (event.by, event.data) == ("olga@shop.example", {"reason": "She lost the first mail."})
    message = Message.objects.get(kind="order_link", to=order.email)
    Message.objects.update(status="failed", attempts=5, error="550 no such user")
    chosen = {"action": "send_again", "_selected_action": str(message.pk)}
    olga.post("/admin/mail/message/", chosen)
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("queued", 0, "")


def test_the_way_to_it_is_on_every_page() -> None:
    page = Customer().get("/").content.decode()
    assert f'href="{FIND}"' in page
    assert hooked(Customer().get(FIND).content.decode(), "find-email")

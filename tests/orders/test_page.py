"""What the order's page says in each state, and how it asks for its own news."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from django.utils.translation import override

from storefront.orders.models import Order
from storefront.orders.states import SETTLED, Status
from storefront.orders.words import WORDS
from tests.shopping import Customer, Elements, bring, hooked, let_in, order_in, reveal_page, stock

pytestmark = pytest.mark.django_db

# Every state says whether money moved; these words, or those of the other language, do.
MONEY = ("charged", "held", "refunded", "released", "back")


@pytest.fixture
def alice() -> Customer:
    return Customer()


def page_of(customer: Customer, order: Order, **headers: str) -> str:
    """The order's page, as its owner sees it."""
    let_in(customer, order)
    answer = customer.get(f"/orders/{order.number}/", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("status", Status)
def test_every_state_has_words_about_what_happens_and_about_the_money(
    alice: Customer, status: Status
) -> None:
    page = page_of(alice, order_in(status))
    text = Elements(page).text
    words = WORDS[status]
    assert str(words.sentence) in text
    assert str(words.hint) in text
    assert str(words.money) in text
    assert any(word in str(words.money) for word in MONEY)
    (shown,) = hooked(page, "order-status")
    assert shown["data-status"] == status
    assert hooked(page, "order-number")


@pytest.mark.parametrize("status", Status)
def test_every_state_is_written_in_russian_too(status: Status) -> None:
    words = WORDS[status]
    with override("ru"):
        russian = [str(words.sentence), str(words.money), str(status.label)]
    with override("en"):
        english = [str(words.sentence), str(words.money), str(status.label)]
    assert all(here != there for here, there in zip(russian, english, strict=True))


def test_there_are_words_for_no_state_that_does_not_exist() -> None:
    assert set(WORDS) == set(Status)


@pytest.mark.parametrize("status", Status)
def test_only_an_order_that_goes_on_asks_for_news(alice: Customer, status: Status) -> None:
    page = Elements(page_of(alice, order_in(status)))
    (live,) = page.having("data-live")
    assert ("hx-get" in live) == (status not in SETTLED)
    refreshes = [attrs for tag, attrs in page.tags if attrs.get("http-equiv") == "refresh"]
    assert bool(refreshes) == (status not in SETTLED), "without scripts the page reloads instead"


@pytest.mark.parametrize("status", Status)
def test_only_an_unpaid_order_can_be_paid(alice: Customer, status: Status) -> None:
    page = page_of(alice, order_in(status))
    assert bool(hooked(page, "pay-again")) == (status == Status.AWAITING_PAYMENT)


@pytest.mark.parametrize(
    ("status", "states"),
    [
        (Status.AWAITING_PAYMENT, ["done", "current", "todo"]),
        (Status.PAID, ["done", "done", "current"]),
        (Status.CHECKING, ["done", "done", "current"]),
        (Status.IN_REVIEW, ["done", "done", "problem"]),
        (Status.COMPLETED, ["done", "done", "done"]),
        (Status.FAILED, ["done", "done", "problem"]),
        (Status.PARTIALLY_REFUNDED, ["done", "done", "done"]),
        (Status.EXPIRED, ["done", "problem", "todo"]),
        (Status.CANCELLED, ["done", "problem", "todo"]),
    ],
)
def test_the_way_is_drawn_up_to_where_the_order_is(
    alice: Customer, status: Status, states: list[str]
) -> None:
    order = order_in(status)
    let_in(alice, order)
    progress = alice.get(f"/orders/{order.number}/").context["order"].progress
    assert [step.state for step in progress] == states


def test_money_that_was_taken_early_is_not_called_held(alice: Customer) -> None:
    """The first codes are shown before the last ones came, and for that the money is taken."""
    order = order_in(Status.PROCESSING)
    assert "not taken yet" in page_of(alice, order)
    bring(order, "PIN-1")
    text = Elements(page_of(alice, order)).text
    assert "not taken yet" not in text
    assert "You have been charged" in text
    assert "Your order is ready." in text, "all of it is here, whatever the row still says"


def test_htmx_gets_the_live_part_alone_and_caches_keep_both_apart(alice: Customer) -> None:
    order = order_in(Status.PROCESSING)
    let_in(alice, order)
    path = f"/orders/{order.number}/"
    whole = alice.get(path)
    part = alice.get(path, headers={"hx-request": "true"})
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    (first, *_) = Elements(part.content.decode()).tags
    assert first == ("div", first[1])
    assert "data-live" in first[1]
    assert hooked(part.content.decode(), "order-status")
    for answer in (whole, part):
        assert "HX-Request" in answer["Vary"]
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("header", ["hx-boosted", "hx-history-restore-request"])
def test_htmx_gets_the_whole_page_when_it_means_the_page(alice: Customer, header: str) -> None:
    page = page_of(alice, order_in(Status.PROCESSING), **{"hx-request": "true", header: "true"})
    assert "<html" in page


def test_a_strangers_htmx_gets_nothing(alice: Customer) -> None:
    order = order_in(Status.PROCESSING)
    answer = alice.get(f"/orders/{order.number}/", headers={"hx-request": "true"})
    assert answer.status_code == 404


def test_the_address_is_only_hinted_at(alice: Customer) -> None:
    page = page_of(alice, order_in(Status.PROCESSING, email="alice.liddell@example.com"))
    assert "alice.liddell" not in page
    assert "a•••@example.com" in page


def test_a_page_costs_as_many_queries_for_many_codes_and_looks_as_for_one(alice: Customer) -> None:
    counts = []
    for codes, looks in ((1, 1), (30, 5)):
        order = order_in(Status.COMPLETED)
        delivery = bring(order, *(f"{order.number}-{number}" for number in range(codes)))
        let_in(alice, order)
        for _ in range(looks):
            alice.post(reveal_page(order, delivery))
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(f"/orders/{order.number}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_a_page_of_the_shelves_costs_at_most_four_queries() -> None:
    for number in range(30):
        apple = stock(f"Card {number}")
    alice = Customer()
    alice.add(apple)
    for visitor, own in ((Customer(), 0), (alice, 1)):
        for path in (
            "/",
            "/products/",
            "/products/?q=card&sort=price",
            f"/products/{apple.product.slug}/",
        ):
            with CaptureQueriesContext(connection) as queries:
                assert visitor.get(path).status_code == 200
            # A search needs all four for itself; whoever has a cart has a session to read, too.
            assert len(queries) <= 4 + own * ("q=" in path), path


def test_dates_on_the_page_name_their_zone(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    Order.objects.filter(pk=order.pk).update(created_at=now() - timedelta(days=1))
    assert "UTC" in Elements(page_of(alice, order)).text

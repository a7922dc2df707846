"""All codes at once, for those who buy many: each is written down first, none runs as a formula."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storefront.orders.models import Delivery, Order, Reveal
from storefront.orders.states import Status
from tests.shopping import Answer, Customer, bring, hooked, let_in, order_in

pytestmark = pytest.mark.django_db

FORMATS = {"csv": "text/csv", "txt": "text/plain", "print": "text/html"}


@pytest.fixture
def alice() -> Customer:
    return Customer()


@pytest.fixture
def order(alice: Customer) -> Order:
    order = order_in(Status.COMPLETED)
    order.lines.update(quantity=3)
    let_in(alice, order)
    return order


def take(customer: Customer, order: Order, kind: str = "csv") -> Answer:
    return customer.post(f"/orders/{order.number}/codes/", {"format": kind})


@pytest.mark.parametrize("kind", FORMATS)
def test_inv25_every_code_that_leaves_was_written_down_with_its_channel(
    alice: Customer, order: Order, kind: str
) -> None:
    bring(order, "PIN-1", "PIN-2", "PIN-3")
    answer = take(alice, order, kind)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(FORMATS[kind])
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    text = answer.content.decode("utf-8-sig").replace("<span>", "").replace("</span>", "")
    assert all(code in text for code in ("PIN-1", "PIN-2", "PIN-3"))
    looks = Reveal.objects.all()
    assert {look.delivery_id for look in looks} == set(
        Delivery.objects.values_list("pk", flat=True)
    )
    assert {(look.channel, look.by, look.address) for look in looks} == {
        (kind, "guest", "127.0.0.1")
    }


def test_a_file_is_named_after_the_order(alice: Customer, order: Order) -> None:
    bring(order, "PIN-1")
    expected = f'attachment; filename="{order.number}.csv"'
    assert take(alice, order)["Content-Disposition"] == expected


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil.example")', "＝1"]


@pytest.mark.parametrize("nasty", [*FORMULAS, "a,b", 'a"b', "a\nb"])
def test_a_table_holds_text_and_no_formulas(alice: Customer, order: Order, nasty: str) -> None:
    bring(order, nasty)
    order.lines.update(product_name=nasty, sku_name=nasty)
    text = take(alice, order).content.decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text, newline=""))
    for name in ("product", "item", "code"):
        assert row[name] in {nasty, f"'{nasty}"}
        assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_what_is_not_released_is_not_in_it(alice: Customer, order: Order) -> None:
    bring(order, "PIN-1")
    bring(order, "PIN-2", released=False)
    answer = take(alice, order, "txt")
    assert b"PIN-1" in answer.content
    assert b"PIN-2" not in answer.content
    assert Reveal.objects.count() == 1


@pytest.mark.parametrize("kind", ["", "xlsx", "../csv", "page"])
def test_another_format_is_not_there(alice: Customer, order: Order, kind: str) -> None:
    bring(order, "PIN-1")
    assert take(alice, order, kind).status_code == 404
    assert not Reveal.objects.exists()


def test_f104_strangers_and_visits_get_nothing(alice: Customer, order: Order) -> None:
    bring(order, "PIN-1")
    assert take(Customer(), order).status_code == 404
    assert alice.get(f"/orders/{order.number}/codes/").status_code == 405
    empty = order_in(Status.PROCESSING)
    let_in(alice, empty)
    assert take(alice, empty).status_code == 404
    assert not Reveal.objects.exists()


def test_f106_codes_are_taken_along_twenty_times_an_hour(
    alice: Customer, order: Order, settings: object
) -> None:
    settings.WAIT_SCALE = 1.0  # type: ignore[attr-defined]  # pytest-django's
    bring(order, "PIN-1")
    assert [take(alice, order).status_code for _ in range(21)] == [200] * 20 + [429]
    assert Reveal.objects.count() == 20


def test_fifty_codes_are_fifty_tickets_and_cost_no_more_queries_to_show(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    order.lines.update(quantity=50)
    let_in(alice, order)
    bring(order, *(f"PIN-{number}" for number in range(50)))
    with CaptureQueriesContext(connection) as queries:
        page = alice.get(f"/orders/{order.number}/").content.decode()
    assert len(hooked(page, "delivery")) == 50
    assert hooked(page, "codes-csv")
    assert len(queries) <= 9


def test_one_code_needs_no_bulk(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    let_in(alice, order)
    bring(order, "PIN-1")
    assert not hooked(alice.get(f"/orders/{order.number}/").content.decode(), "codes-csv")

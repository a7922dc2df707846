"""The margin page: losses first, every figure leads to its entries, page by page and as a file."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from storefront.catalog.models import Category
from storefront.finance import margins
from storefront.finance.actions import book
from storefront.finance.queries import margin as queries
from storefront.ledger.models import Kind
from storefront.orders.models import Order
from tests.factories import OrderFactory, OrderLineFactory, ProductFactory, SkuFactory
from tests.finance.conftest import member
from tests.finance.test_booking import entry
from tests.shopping import Elements

PAGE, ENTRIES = "/finance/margin/", "/finance/margin/entries/"
D = Decimal


def sold(name: str, *, price: str, cost: str, ago: int = 0, **product: Any) -> Order:
    """One sale of a product of this name, some days ago."""
    at = now() - timedelta(days=ago)
    order = OrderFactory.create(paid=True, total_amount=D(price))
    sku = SkuFactory.create(product=ProductFactory.create(name_en=name, **product))
    OrderLineFactory.create(order=order, sku=sku, unit_amount=D(price))
    entry(order, Kind.SALE, price, at=at)
    # Its purchase is not there: the cost counts for the order, without a product.
    entry(order, Kind.COST, cost, at=at)
    return order


def page(client: Client, path: str = PAGE, **asked: Any) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def names(html: str) -> list[str]:
    rows = html.split('data-testid="margin-row"')[1:]
    return [Elements("<i" + row.split("</th>", 1)[0] + "</th>").text.strip() for row in rows]


@pytest.mark.parametrize(
    ("role", "status"), [("Finance", 200), ("Owner", 200), ("Support", 403), ("Catalog", 403)]
)
@pytest.mark.parametrize("path", [PAGE, ENTRIES, f"{PAGE}?format=csv"])
def test_finance_and_the_owner_read_it_and_other_staff_do_not(
    db: None, role: str, status: int, path: str
) -> None:
    assert member(role).get(path).status_code == status


def test_loss_makers_come_first(fiona: Client) -> None:
    good, bad = sold("Good", price="10", cost="9"), sold("Bad", price="10", cost="10.01")
    book(now=now())
    html = page(fiona, by="order")
    found = names(html)
    assert [bad.number in found[0], good.number in found[1]] == [True, True]
    assert html.count(">Loss<") == 1
    assert "-$0.01" in html


def test_totals_are_of_the_days_asked_for(fiona: Client) -> None:
    sold("Old", price="50", cost="40", ago=100)
    sold("New", price="10", cost="9")
    book(now=now())
    assert '"margin-total"> $1.00 <' in " ".join(page(fiona).split())
    since = (now() - timedelta(days=200)).date()
    assert "$60.00" in page(fiona, since=since)


def test_a_figure_leads_to_the_entries_it_is_the_sum_of(fiona: Client) -> None:
    order = sold("Apple", price="10.50", cost="9.70")
    other = sold("Other", price="3", cost="1")
    book(now=now())
    html = page(fiona, ENTRIES, order=order.number)
    assert html.count('data-testid="ledger-row"') == 2
    assert other.number not in html
    assert "$0.80" in html
    product = order.lines.get().sku.product_id
    html = page(fiona, ENTRIES, product=product)
    assert html.count('data-testid="ledger-row"') == 1
    assert "$10.50" in html
    assert "Apple" in html


def test_a_category_leads_to_its_products_and_no_figure_is_counted_twice(fiona: Client) -> None:
    games = Category.objects.create(id=5, name_en="Games", slug="games")
    sold("Chess", price="10", cost="1", category=games)
    sold("Apple", price="20", cost="2")
    book(now=now())
    html = page(fiona, by="category")
    assert set(names(html)) == {"Games", "No category"}
    html = page(fiona, by="product", category=5)
    assert names(html) == ["Chess"]
    assert '"margin-sold"> $10.00' in " ".join(html.split())
    assert "Games" in html


@pytest.mark.parametrize("by", ["product", "category", "order", "day"])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(
    fiona: Client, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(margins, "PAGE", 3)
    for number in range(8):
        shelf = Category.objects.create(id=number + 1, name_en=f"S{number}", slug=f"s{number}")
        # Equal margins among them, which only the key tells apart.
        sold(f"P{number}", price=str(10 + number % 3), cost="9", ago=number, category=shelf)
    book(now=now())
    seen: list[str] = []
    after = ""
    while True:
        html = page(fiona, by=by, after=after)
        seen += names(html)
        if "margin-next" not in html:
            break
        after = html.split("after=")[1].split('"')[0].replace("%3A", ":")
    # The costs, which belong to no product, are a line of their own.
    assert len(seen) == len(set(seen)) == {"product": 9, "category": 9}.get(by, 8)


def test_entries_are_paged_from_the_newest(fiona: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storefront.finance.views.margin.ENTRIES", 3)
    orders = [sold(f"P{number}", price="10", cost="9", ago=number) for number in range(4)]
    book(now=now())
    html = page(fiona, ENTRIES)
    seen = [row.split("<code>")[1].split("<")[0] for row in html.split("ledger-row")[1:]]
    while "entries-next" in html:
        html = page(fiona, ENTRIES, after=html.split("after=")[-1].split('"')[0])
        seen += [row.split("<code>")[1].split("<")[0] for row in html.split("ledger-row")[1:]]
    assert seen == [order.number for order in orders for _ in range(2)]


def test_the_file_has_every_line_and_no_formula(fiona: Client) -> None:
    sold('=HYPERLINK("http://evil")', price="10", cost="9")
    for by in margins.VIEWS:
        answer = fiona.get(PAGE, {"by": by, "format": "csv"})
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
    book(now=now())
    answer = fiona.get(PAGE, {"by": "product", "format": "csv"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    head, *rows = csv.reader(io.StringIO(text))
    assert head[2:] == ["currency", *queries.FIGURES]
    assert len(rows) == 2
    assert rows[0][1:] == ["No product", "USD", *["0.0000"] * 2, "9.0000", "9.0000", "0.0000",
                           "-9.0000"]  # fmt: skip
    assert rows[1][1].startswith("'=")


@pytest.mark.parametrize(
    "asked",
    [{"since": "2026-13-01"}, {"since": "0001-01-01"}, {"since": "9999-12-31"},
     {"until": "0001-01-01"},
     {"since": "2026-02-01", "until": "2026-01-01"}, {"after": "x:y"}, {"after": "1:zz"},
     {"after": "9" * 30}, {"by": "nothing"}, {"category": "x"}, {"category": "9" * 30},
     {"product": "x"}, {"order": "\x00"}, {"order": "x" * 30}, {"after": "²"}, {"category": "-1"},
     {"after": "1:00000000-0000-0000-0000-000000000000"}, {"after": "-1.5:9999999999999999999999"}],
)  # fmt: skip
def test_nonsense_in_the_address_breaks_nothing(fiona: Client, asked: dict[str, str]) -> None:
    sold("Apple", price="10", cost="9")
    book(now=now())
    for by in ("product", "category", "order", "day"):
        assert fiona.get(PAGE, {"by": by} | asked).status_code in {200, 400}, by
    assert fiona.get(ENTRIES, asked).status_code in {200, 400}


@pytest.mark.parametrize("by", ["product", "category", "order", "day"])
def test_a_page_asks_few_questions(
    fiona: Client, django_assert_max_num_queries: Any, by: str
) -> None:
    for number in range(12):
        sold(f"P{number}", price="10", cost="9")
    book(now=now())
    with django_assert_max_num_queries(10):
        page(fiona, by=by)
    with django_assert_max_num_queries(10):
        page(fiona, ENTRIES)

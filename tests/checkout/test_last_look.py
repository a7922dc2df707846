"""The last look before money moves: what can't be delivered can't be paid for, in words."""

import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils.timezone import now

from storefront.cases.models import Case
from storefront.catalog import fresh
from storefront.catalog.models import CatalogState, Sku
from storefront.fulfillment.models import Purchase
from storefront.orders.models import Order, OrderLine
from storefront.partner.models import Circuit
from tests.catalog.conftest import Partner, partner
from tests.catalog.goods import APPLE, FIVE, custom_sku, product
from tests.shopping import Answer, Customer, Elements, complaints, payment_behind

__all__ = ["partner"]
pytestmark = pytest.mark.django_db

TEN = APPLE.skus[0].id  # costs 9.00, sold at 9.90


@pytest.fixture
def shop(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> Partner:
    """What the sandbox sells is on the shelf since just now."""
    monkeypatch.setattr("storefront.partner.hasty_client", lambda: partner.client)
    partner.now = now() - timedelta(hours=1)
    partner.sync()
    return partner


@pytest.fixture
def alice(shop: Partner) -> Customer:
    alice = Customer()
    alice.add(Sku.objects.get(pk=TEN))
    return alice


def words(answer: Answer) -> str:
    return Elements(answer.content.decode()).text


def refused(answer: Answer) -> str:
    """What a refusal says; nothing was ordered."""
    assert (answer.status_code, complaints(answer)) == (409, 1)
    assert not Order.objects.exists()
    assert "Nothing was ordered." in words(answer)
    return words(answer)


@pytest.mark.fault("F96")
def test_a_cost_that_rose_a_little_is_ours_to_bear_and_is_written_down(
    shop: Partner, alice: Customer
) -> None:
    shop.change(TEN, price="9.50")
    order = payment_behind(alice.check_out()).order
    line = order.lines.get()
    assert (line.unit_amount, line.unit_cost) == (Decimal("9.90"), Decimal("9.50"))
    assert Sku.objects.get(pk=TEN).price == Decimal("10.45")


@pytest.mark.fault("F96")
def test_a_cost_above_the_price_that_was_shown_asks_first(shop: Partner, alice: Customer) -> None:
    shop.change(TEN, price="10.00")
    assert alice.check_out()["Location"] == "/cart/"
    assert "$9.90 → $11.00" in words(alice.get("/cart/"))
    assert not Order.objects.exists()


def test_a_cost_that_jumps_waits_for_staff(shop: Partner, alice: Customer) -> None:
    shop.change(TEN, price="90.00")
    assert alice.check_out()["Location"] == "/cart/"
    assert "Not available right now" in words(alice.get("/cart/"))


def test_what_the_partner_has_sold_out_meanwhile_is_not_sold(
    shop: Partner, alice: Customer
) -> None:
    shop.change(TEN, stock=0)
    assert alice.check_out()["Location"] == "/cart/"
    assert "Sold out" in words(alice.get("/cart/"))
    assert not Order.objects.exists()


def test_what_the_partner_does_not_know_any_more_is_not_sold(
    shop: Partner, alice: Customer
) -> None:
    shop.change(TEN, hidden=True)
    assert "Apple is not sold any more." in refused(alice.check_out())
    shop.sells(*FIVE[1:])
    assert "Apple is not sold any more." in refused(alice.check_out())


def test_an_amount_is_looked_at_by_its_rate(shop: Partner) -> None:
    careem = product(
        "Careem", custom_sku("Careem"), type="voucher_open_range", denomination_type="custom"
    )
    shop.sells(*FIVE, careem)
    shop.sync()
    alice = Customer()
    sku = str(careem.skus[0].id)
    alice.post("/cart/add/", {"sku": sku, "quantity": "1", "amount": "100"})
    shop.change(sku, rate="0.30")
    assert alice.check_out()["Location"] == "/cart/", "29.33 would not pay for 29.40"
    assert "$29.33 → $32.34" in words(alice.get("/cart/"))


def test_a_slow_partner_is_not_waited_for_and_a_fresh_shelf_counts(
    shop: Partner, alice: Customer
) -> None:
    shop.adapter.before = lambda _request: time.sleep(4)
    start = time.monotonic()
    payment_behind(alice.check_out())
    assert time.monotonic() - start < 3, "less than two, on a machine with time"


@pytest.mark.parametrize("trouble", ["503", "html200", "truncated"])
def test_a_partner_in_trouble_is_no_reason_not_to_sell_what_was_confirmed_lately(
    shop: Partner, alice: Customer, trouble: str
) -> None:
    shop.trouble(trouble, "*")
    payment_behind(alice.check_out())


def test_without_an_answer_an_old_price_is_not_sold_at(shop: Partner, alice: Customer) -> None:
    old = now() - timedelta(minutes=31)
    Sku.objects.update(priced_at=old)
    CatalogState.objects.update(priced_at=old)
    shop.trouble("503", "product")
    assert "We can't check price and stock of Apple right now." in refused(alice.check_out())
    shop.calm()
    payment_behind(alice.check_out())


def test_nothing_is_sold_while_the_partner_takes_no_orders(alice: Customer) -> None:
    soon = now() + timedelta(minutes=5)
    Circuit.objects.create(
        capability="place", open_until=soon, reason="unreachable", opened_at=now()
    )
    assert "Our supplier takes no orders at the moment." in refused(alice.check_out())


def test_the_float_less_what_paid_orders_claim_must_cover_the_cost(
    shop: Partner, alice: Customer
) -> None:
    shop.sandbox.control.balance({"balance": "20", "allow_overdraft": False})
    bob = Customer()
    bob.paid_order(Sku.objects.get(pk=TEN), email="bob@example.com")
    alice.post(f"/cart/{TEN}/", {"quantity": "2"})
    answer = alice.check_out()
    assert (answer.status_code, complaints(answer)) == (409, 1), "9 of 20 are claimed, 18 wanted"
    assert "We can't deliver so much at the moment." in words(answer)
    assert Order.objects.count() == 1
    assert Case.objects.filter(kind="float-short", closed_at=None).exists()

    shop.sandbox.control.balance({"topup": "100"})
    payment_behind(alice.check_out())
    assert not Case.objects.filter(kind="float-short", closed_at=None).exists()


def test_a_shop_does_not_need_the_balance_to_sell(shop: Partner, alice: Customer) -> None:
    shop.trouble("503", "balance")
    payment_behind(alice.check_out())


WORSE: dict[str, tuple[dict[str, Any], str]] = {
    "sold out": ({"stock": 0}, "Apple can't be bought now: Sold out."),
    "too dear": ({"price": "10.00"}, "The price of Apple has risen too far since."),
    "gone": ({"hidden": True}, "Apple is not sold any more."),
}


@pytest.mark.fault("F70")
@pytest.mark.parametrize("why", WORSE)
def test_an_order_that_can_not_be_delivered_any_more_can_not_be_paid_again(
    shop: Partner, alice: Customer, why: str
) -> None:
    change, reason = WORSE[why]
    order = payment_behind(alice.check_out()).order
    alice.decide(order.payments.get(), "decline")
    shop.change(TEN, **change)
    answer = alice.post(f"/checkout/{order.number}/")
    assert answer["Location"] == f"/orders/{order.number}/"
    page = words(alice.get(answer["Location"]))
    assert reason in page
    assert "Nothing was charged." in page
    assert order.payments.count() == 1


@pytest.mark.fault("F70")
def test_an_order_keeps_its_price_when_it_is_paid_again(shop: Partner, alice: Customer) -> None:
    order = payment_behind(alice.check_out()).order
    alice.decide(order.payments.get(), "decline")
    shop.change(TEN, price="9.80")
    again = payment_behind(alice.post(f"/checkout/{order.number}/"))
    assert again.amount == Decimal("9.90")


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_partner_is_asked(
    shop: Partner, alice: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    ask = fresh.ask

    def spy(**asked: Any) -> fresh.Told:
        seen.append(connection.in_atomic_block)
        return ask(**asked)

    monkeypatch.setattr(fresh, "ask", spy)
    payment_behind(alice.check_out())
    assert seen == [False]


def test_what_was_just_confirmed_stays_fresh_without_a_sync(shop: Partner, alice: Customer) -> None:
    with time_machine.travel(now() + timedelta(hours=5)):
        alice.get("/cart/")
        payment_behind(alice.check_out())
        assert Sku.objects.filter(pk=TEN, priced_at__gt=now() - timedelta(minutes=1)).exists()
    assert Purchase.objects.count() == 0
    assert OrderLine.objects.count() == 1

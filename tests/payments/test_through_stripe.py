"""A shop that takes its money through Stripe: from the checkout to "paid", whoever tells first.

Customers use the shop's real pages, Stripe is the fake behind the real package, and what the shop
is told comes as signed webhooks.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
import time_machine
from django.conf import settings as shop_settings
from django.utils.timezone import now

from storefront.cases.models import Case
from storefront.checkout.actions import UNPAID_LIFETIME, expire_unpaid
from storefront.fulfillment.models import Purchase
from storefront.ledger.models import Entry
from storefront.orders.models import Order
from storefront.payments import actions
from storefront.payments.models import Payment
from storefront.payments.states import Status
from storefront.payments.waits import CHECK, PAGE
from storefront.schedule import beat_schedule
from storefront.webhooks.models import StripeEvent
from tests.fake_stripe import FakeStripe
from tests.fake_stripe.shop import follow, hear, send, session_of, sweep
from tests.shopping import Customer, bring, reveal_page, stock

pytestmark = pytest.mark.django_db
PAID, OPEN = ("authorised", "paid", 1), ("open", "awaiting_payment", 0)


def statuses(payment: Payment) -> tuple[str, str, int]:
    """Payment, order, and how many purchases were written."""
    payment.refresh_from_db()
    order = Order.objects.get(pk=payment.order_id)
    return payment.status, order.status, Purchase.objects.filter(line__order=order).count()


def come_back(alice: Customer, payment: Payment) -> None:
    """The browser returns to the address that Stripe was given."""
    assert alice.get(f"/pay/{payment.pk}/return/")["Location"] == f"/orders/{payment.order.number}/"


# --- Who tells first (F55) ------------------------------------------------------------------------


@pytest.mark.fault("F55", "F56")
@pytest.mark.parametrize("who", [*permutations(["return", "webhook"]), ("return",), ("webhook",),
                                 ("sweep",), ("webhook",) * 3])  # fmt: skip
def test_whoever_tells_the_end_is_the_same(
    fake: FakeStripe, alice: Customer, payment: Payment, who: tuple[str, ...]
) -> None:
    fake.pay(payment.session_reference)
    for one in who:
        if one == "return":
            come_back(alice, payment)
        elif one == "webhook":
            hear(fake, "checkout.session.completed")
        else:
            sweep(payment, CHECK + timedelta(seconds=1))
        assert statuses(payment) == PAID
    assert payment.provider_reference in fake.intents
    assert payment.events.count() == 1


@pytest.mark.fault("F55")
def test_without_webhook_and_return_a_payment_is_known_within_two_minutes() -> None:
    tick = beat_schedule(1)["sweep purchases"]["schedule"]
    check = CHECK / shop_settings.WAIT_SCALE
    assert isinstance(tick, timedelta)
    assert 2 * check + 2 * tick <= timedelta(minutes=2), "paid just after a look, and a late tick"


@pytest.mark.fault("F55")
def test_coming_back_without_having_paid_proves_nothing(
    fake: FakeStripe, alice: Customer, payment: Payment
) -> None:
    come_back(alice, payment)
    sweep(payment, CHECK + timedelta(seconds=1))
    assert statuses(payment) == OPEN


def test_while_stripe_is_away_the_customer_is_told_to_wait_and_nothing_is_lost(
    fake: FakeStripe, alice: Customer, payment: Payment
) -> None:
    fake.pay(payment.session_reference)
    fake.bad_day("sessions.retrieve", "500", "lost")
    come_back(alice, payment)
    assert statuses(payment) == OPEN
    assert payment.order.confirming_since or Order.objects.get().confirming_since
    hear(fake, "checkout.session.completed")
    assert StripeEvent.objects.get().status == "received", "it is tried again"
    follow()
    assert statuses(payment) == PAID


# --- Clicking (F54) -------------------------------------------------------------------------------


@pytest.mark.fault("F54")
def test_paying_again_leads_to_the_same_page(
    fake: FakeStripe, alice: Customer, payment: Payment
) -> None:
    for _ in range(3):
        answer = alice.post(f"/checkout/{payment.order.number}/")
        assert answer["Location"] == session_of(fake, payment)["url"]
    assert len(fake.sessions) == 1


@pytest.mark.fault("F54")
def test_a_page_whose_address_got_lost_is_the_page_one_gets_next(
    fake: FakeStripe, alice: Customer
) -> None:
    alice.add(stock())
    fake.bad_day("sessions.create", "unheard")
    assert alice.check_out()["Location"].startswith("/orders/")
    order = Order.objects.get()
    answer = alice.post(f"/checkout/{order.number}/")
    (session,) = fake.sessions.values()
    assert answer["Location"] == session["url"]
    assert Payment.objects.count() == 1


# --- Late, old and twice (F57-F59) ----------------------------------------------------------------


@pytest.mark.fault("F58")
def test_an_old_session_that_expires_changes_nothing_that_was_paid(
    fake: FakeStripe, payment: Payment
) -> None:
    session = fake.sessions[payment.session_reference]
    fake.pay(session["id"])
    hear(fake, "checkout.session.completed")
    fake.tell("checkout.session.expired", session | {"status": "expired"})
    hear(fake, "checkout.session.expired")
    assert statuses(payment) == PAID


@pytest.mark.fault("F58", "F59")
def test_a_session_paid_after_we_closed_it_gives_all_back(
    fake: FakeStripe, payment: Payment
) -> None:
    actions.close(payment=payment, to=Status.EXPIRED, by="system", now=now())
    Order.objects.update(status="expired")
    intent = fake.pay(payment.session_reference)
    hear(fake, "checkout.session.completed")
    assert statuses(payment) == ("voided", "expired", 0)
    assert intent["status"] == "canceled"
    assert not Entry.objects.exists()
    assert Case.objects.filter(kind="unwanted-payment").exists()


@pytest.mark.fault("F59")
@pytest.mark.parametrize("is_held", [True, False])
def test_a_second_session_that_is_paid_goes_back_at_once(
    fake: FakeStripe, alice: Customer, payment: Payment, is_held: bool
) -> None:
    first = payment
    actions.close(payment=first, to=Status.DECLINED, by="system", now=now())
    alice.post(f"/checkout/{first.order.number}/")
    second = Payment.objects.exclude(pk=first.pk).get()
    session_of(fake, second)
    fake.pay(second.session_reference)
    hear(fake, "checkout.session.completed")
    assert statuses(second) == PAID

    if not is_held:
        fake.sessions[first.session_reference]["_wishes"] = {}
    intent = fake.pay(first.session_reference)
    for _ in range(2):
        hear(fake, "checkout.session.completed")
    first.refresh_from_db()
    assert first.status == ("voided" if is_held else "returned")
    assert intent["status"] == ("canceled" if is_held else "succeeded")
    assert sum(row["amount"] for row in fake.refunds.values()) == (0 if is_held else 990)
    assert statuses(second) == PAID
    kinds = [] if is_held else ["fee", "refund", "sale"]
    assert sorted(Entry.objects.values_list("kind", flat=True)) == kinds


@pytest.mark.fault("F57")
def test_a_confirmation_after_the_refund_changes_nothing(
    fake: FakeStripe, payment: Payment
) -> None:
    fake.pay(payment.session_reference)
    hear(fake, "checkout.session.completed")
    payment.refresh_from_db()
    actions.capture(payment=payment, amount=payment.amount, by="system", now=now())
    actions.refund(payment=payment, amount=payment.amount, reference="r-1", reason="asked",
                   by="olga", now=now())  # fmt: skip
    before = (statuses(payment), Entry.objects.count(), len(fake.calls))
    with time_machine.travel(now() + timedelta(days=1)):
        StripeEvent.objects.all().delete()  # as if it had never come
        hear(fake, "checkout.session.completed")
    assert (statuses(payment), Entry.objects.count(), len(fake.calls)) == before


def test_an_order_nobody_paid_closes_its_page_at_stripe(fake: FakeStripe, payment: Payment) -> None:
    Order.objects.update(created_at=now() - UNPAID_LIFETIME - timedelta(seconds=1))
    assert expire_unpaid(now=now()) == 1
    assert statuses(payment) == ("expired", "expired", 0)
    assert fake.sessions[payment.session_reference]["status"] == "expired"


def test_a_page_that_stripe_made_and_never_told_of_is_not_waited_for(
    fake: FakeStripe, alice: Customer
) -> None:
    """For a whole day Stripe answers its key with the same failure."""
    alice.add(stock())
    fake.bad_day("sessions.create", "500 after")
    alice.check_out()
    payment = Payment.objects.get()
    soon = now() + UNPAID_LIFETIME + timedelta(seconds=1)
    assert expire_unpaid(now=soon) == 0, "the page may be open still, and its key be answered"

    expire_unpaid(now=now() + PAGE + CHECK + timedelta(seconds=1))

    assert statuses(payment) == ("expired", "expired", 0)


def test_an_order_that_was_paid_at_the_last_moment_is_not_closed(
    fake: FakeStripe, payment: Payment
) -> None:
    fake.pay(payment.session_reference)
    Order.objects.update(created_at=now() - UNPAID_LIFETIME - timedelta(seconds=1))
    expire_unpaid(now=now())
    assert statuses(payment) == PAID


# --- Other money (F60, F70) -----------------------------------------------------------------------


@pytest.mark.fault("F60")
@pytest.mark.parametrize("paid", [{"amount": 1}, {"amount": 100_000}, {"currency": "jpy"}])
def test_other_money_goes_before_a_person_and_delivers_nothing(
    fake: FakeStripe, alice: Customer, payment: Payment, paid: dict[str, Any]
) -> None:
    fake.pay(payment.session_reference, **paid)
    hear(fake, "checkout.session.completed")
    come_back(alice, payment)
    sweep(payment, timedelta(minutes=5))
    assert statuses(payment) == ("in_review", "awaiting_payment", 0)
    assert Case.objects.get(kind="wrong-payment").subject == payment.order.number


@pytest.mark.fault("F60")
def test_money_of_a_test_is_not_taken_by_a_shop_for_real_money(
    fake: FakeStripe, payment: Payment, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.pay(payment.session_reference)
    monkeypatch.setattr("storefront.payments.providers.stripe.is_live", lambda: True)
    hear(fake, "checkout.session.completed")
    assert statuses(payment) == ("in_review", "awaiting_payment", 0)


@pytest.mark.fault("F70")
def test_what_was_promised_is_charged_whatever_became_of_the_goods_price(
    fake: FakeStripe, payment: Payment
) -> None:
    sku = payment.order.lines.get().sku
    type(sku).objects.update(price=Decimal("99.00"), is_hidden=True)
    intent = fake.pay(payment.session_reference)
    hear(fake, "checkout.session.completed")
    assert statuses(payment) == PAID
    assert intent["amount"] == 990


# --- In doubt (F66) -------------------------------------------------------------------------------


@pytest.fixture
def sold(fake: FakeStripe, alice: Customer, payment: Payment) -> Payment:
    """Paid, taken, and the code is there to be seen."""
    fake.pay(payment.session_reference)
    hear(fake, "checkout.session.completed")
    payment.refresh_from_db()
    actions.capture(payment=payment, amount=payment.amount, by="system", now=now())
    return payment


@pytest.mark.fault("F66")
@pytest.mark.parametrize("how", ["dispute", "warn"])
@pytest.mark.parametrize("was_seen", [False, True])
def test_money_in_doubt_locks_what_nobody_saw_and_tells_staff(
    fake: FakeStripe, alice: Customer, sold: Payment, how: str, was_seen: bool
) -> None:
    delivery = bring(sold.order, "CODE-1111-2222")
    if was_seen:
        assert b"CODE-1111-2222" in alice.post(reveal_page(sold.order, delivery)).content
    event = getattr(fake, how)(fake.intents[sold.provider_reference])
    for _ in range(2):
        assert send(fake, event).status_code == 200
        follow()
    page = alice.post(reveal_page(sold.order, delivery)).content
    assert (b"CODE-1111-2222" in page) is was_seen, "what was seen once is no secret any more"
    case = Case.objects.get(kind={"dispute": "dispute", "warn": "fraud-warning"}[how])
    assert ("Codes were seen" in case.summary) is was_seen
    assert Order.objects.get().frozen_at


@pytest.mark.fault("F66")
def test_a_dispute_that_came_before_we_knew_of_the_money_waits_for_it(
    fake: FakeStripe, alice: Customer, payment: Payment
) -> None:
    intent = fake.pay(payment.session_reference)
    assert send(fake, fake.dispute(intent)).status_code == 200
    follow()
    assert StripeEvent.objects.get().status == "received"
    come_back(alice, payment)
    follow()
    assert Order.objects.get().frozen_because == "dispute"

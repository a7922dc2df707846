"""One order and everything that can happen to its money, in any order: customers, banks, Stripe's
bad days, old and doubled events, colleagues at once, and time. INV-9 to INV-15 hold on the way, and
once the faults end, every cent is where our rows say it is.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as shop
from django.db import connection
from django.utils.timezone import now
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storefront.checkout.actions import expire_unpaid
from storefront.checkout.paying import start_payment
from storefront.core import states
from storefront.fulfillment.actions import confirming
from storefront.ledger.models import Entry
from storefront.orders.models import Order
from storefront.orders.states import Status as OrderStatus
from storefront.payments import actions
from storefront.payments.currencies import to_minor
from storefront.payments.models import Payment, PaymentEvent, Refund
from storefront.payments.providers import ProviderRefusal, ProviderTrouble, stripe_events
from storefront.payments.queries import due
from storefront.payments.states import MOVES, Status
from storefront.webhooks import payment_inbox
from storefront.webhooks.models import StripeEvent
from tests.fake_stripe import FakeStripe, Refused
from tests.fulfillment.conftest import empty_all_tables
from tests.shopping import order_in

HOWS = ["lost", "unheard", "500", "500 after", "html", "429", "busy"]
REFUSALS = (
    actions.NotHeld, actions.NotPayable, actions.TooMuch, ProviderRefusal, ProviderTrouble, Refused,
    states.LostRace, states.NotAllowed, ValueError,
)  # fmt: skip
AMOUNTS = [Decimal(amount) for amount in ("0", "0.01", "3.33", "4.95", "9.90", "9.91")]
TAKEN = {Status.AUTHORISED, Status.CAPTURED}
WHICH = st.integers(0, 3)


class OneOrder(RuleBasedStateMachine):
    """Its state is the database and the account at Stripe; the machine only pushes."""

    def __init__(self, stripe: FakeStripe) -> None:
        super().__init__()
        empty_all_tables()
        for books in (stripe.sessions, stripe.intents, stripe.charges, stripe.refunds, stripe.keys,
                      stripe.events, stripe.calls, stripe.trouble):  # fmt: skip
            books.clear()
        stripe.offset = 0
        self.stripe = stripe
        self.order = order_in(OrderStatus.AWAITING_PAYMENT)

    @property
    def moment(self) -> datetime:
        """The shop's clock, which is Stripe's."""
        return now() + timedelta(seconds=self.stripe.offset)

    def payment(self, which: int) -> Payment | None:
        """One of the order's payments."""
        rows = list(Payment.objects.select_related("order").order_by("created_at"))
        return rows[which % len(rows)] if rows else None

    def with_payment(self, which: int, call: Callable[[Payment], object]) -> None:
        """Do it to one of them; what it refuses, it refuses by name."""
        if payment := self.payment(which):
            with suppress(*REFUSALS):
                call(payment)

    # --- The customer and the bank ---

    @rule()
    def clicks_on_pay(self) -> None:
        with suppress(*REFUSALS):
            start_payment(order=Order.objects.get(), now=self.moment)

    @precondition(lambda self: self.stripe.sessions)
    @rule(which=WHICH, amount=st.sampled_from([None, None, None, 1, 5000]),
          is_held=st.sampled_from([True, True, False]))  # fmt: skip
    def pays(self, which: int, amount: int | None, is_held: bool) -> None:
        """On a page that somebody was led to: nobody knows the address of another one."""
        known = Payment.objects.exclude(session_reference="").order_by("created_at")
        if not (names := list(known.values_list("session_reference", flat=True))):
            return
        session = self.stripe.sessions[names[which % len(names)]]
        if not is_held and session["status"] == "open":
            session["_wishes"] = {}
        with suppress(Refused):
            self.stripe.pay(session["id"], amount=amount)

    @precondition(lambda self: self.stripe.sessions)
    @rule(which=WHICH)
    def leaves_the_page_until_it_closes(self, which: int) -> None:
        session = list(self.stripe.sessions.values())[which % len(self.stripe.sessions)]
        with suppress(Refused):
            self.stripe.expire(session)

    @precondition(lambda self: self.stripe.intents)
    @rule(which=WHICH)
    def the_bank_declines_or_lets_go(self, which: int) -> None:
        intent = list(self.stripe.intents.values())[which % len(self.stripe.intents)]
        if intent["status"] == "requires_capture":
            intent |= {"status": "canceled", "amount_capturable": 0}

    @rule(which=WHICH)
    def comes_back(self, which: int) -> None:
        self.with_payment(which, self.confirm)

    # --- Stripe ---

    @rule(how=st.sampled_from(HOWS))
    def has_a_bad_moment(self, how: str) -> None:
        self.stripe.bad_day("*", how)

    @precondition(lambda self: self.stripe.events)
    @rule(which=st.integers(0, 20), times=st.integers(1, 3))
    def sends_an_event_new_or_old(self, which: int, times: int) -> None:
        event = self.stripe.events[which % len(self.stripe.events)]
        body, header = self.stripe.signed(event)
        for _ in range(times):
            told = stripe_events.read_event(
                body, header, secret=shop.STRIPE_WEBHOOK_SECRET, now=self.moment
            )
            payment_inbox.store(event=told, now=self.moment)
            self.follow()

    @precondition(lambda self: self.stripe.intents)
    @rule(which=WHICH)
    def disputes(self, which: int) -> None:
        intent = list(self.stripe.intents.values())[which % len(self.stripe.intents)]
        if intent["amount_received"]:
            self.stripe.dispute(intent)

    # --- The shop ---

    @rule(seconds=st.sampled_from([1, 60, 2400, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.stripe.offset += seconds

    @rule()
    def sweeps(self) -> None:
        for payment_id in due(now=self.moment, most=10):
            confirming.tend(payment_id=payment_id, now=self.moment)
        self.follow()

    @rule()
    def closes_what_nobody_paid(self) -> None:
        expire_unpaid(now=self.moment)

    @rule(which=WHICH, amount=st.sampled_from(AMOUNTS))
    def takes(self, which: int, amount: Decimal) -> None:
        self.with_payment(which, lambda payment: actions.capture(
            payment=payment, amount=amount, by="system", now=self.moment))  # fmt: skip

    @rule(which=WHICH)
    def lets_go(self, which: int) -> None:
        self.with_payment(
            which, lambda payment: actions.void(payment=payment, by="system", now=self.moment)
        )

    @rule(which=WHICH, amount=st.sampled_from(AMOUNTS), name=st.sampled_from(["a", "b", "c"]))
    def gives_back(self, which: int, amount: Decimal, name: str) -> None:
        self.with_payment(which, lambda payment: self.refund(payment, amount, name))

    @rule(which=WHICH, amount=st.sampled_from(AMOUNTS), same=st.booleans())
    def two_colleagues_at_once(self, which: int, amount: Decimal, same: bool) -> None:
        def press(name: str) -> Callable[[], object]:
            return lambda: self.with_payment(which, lambda row: self.refund(row, amount, name))

        self.at_once(press("r"), press("r" if same else "s"))

    @rule(which=WHICH)
    def the_return_the_sweeper_and_closing_race(self, which: int) -> None:
        self.at_once(
            lambda: self.with_payment(which, self.confirm),
            lambda: self.with_payment(which, self.confirm),
            lambda: expire_unpaid(now=self.moment),
        )

    @rule()
    def a_person_sends_wrong_money_back(self) -> None:
        for payment in Payment.objects.filter(status=Status.IN_REVIEW):
            actions.set_aside(payment=payment, reference=payment.provider_reference,
                              reason="looked at", by="olga", now=self.moment)  # fmt: skip

    # --- What holds ---

    @invariant()
    def nothing_is_broken(self) -> None:
        check(self.stripe)

    def teardown(self) -> None:
        """The faults end, and time goes by: nothing is left open, and all books agree."""
        self.stripe.trouble.clear()
        for _ in range(6):
            self.stripe.offset += 3600
            self.sweeps()
            self.closes_what_nobody_paid()
            self.a_person_sends_wrong_money_back()
        check(self.stripe)
        check_at_rest(self.stripe)

    # --- Words of the machine ---

    def confirm(self, payment: Payment) -> None:
        confirming.confirm(payment_id=payment.pk, now=self.moment)

    def refund(self, payment: Payment, amount: Decimal, name: str) -> None:
        actions.refund(payment=payment, amount=amount, reference=f"{name}-{payment.pk}",
                       reason="asked", by="olga", now=self.moment)  # fmt: skip

    def follow(self) -> None:
        for event in StripeEvent.objects.filter(status="received"):
            payment_inbox.apply(event_id=event.pk, now=self.moment)

    def at_once(self, *calls: Callable[[], object]) -> None:
        def run(call: Callable[[], object]) -> None:
            try:
                call()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            list(pool.map(run, calls))


def check(stripe: FakeStripe) -> None:
    """What holds at any moment."""
    payments = list(Payment.objects.all())
    # INV-9, INV-13: one payment at most has the order's money, and the order says so.
    taken = [row for row in payments if row.status in TAKEN]
    assert len(taken) <= 1
    assert bool(taken) <= (Order.objects.get().status not in {"awaiting_payment", "expired"})
    for row in payments:
        assert 0 <= row.refunded_amount <= row.captured_amount <= row.amount
        given = sum(refund.amount for refund in Refund.objects.filter(payment=row)
                    if refund.status != "failed")  # fmt: skip
        assert given == row.refunded_amount, "INV-11"
    # INV-12: no effect without a key of ours, one refund per key, never more than was taken.
    assert all(key for kind, key in stripe.calls if kind != "sessions.expire")
    keys = [row["metadata"].get("kiosk_key") for row in stripe.refunds.values()]
    assert all(keys)
    assert len(keys) == len(set(keys))
    assert len(stripe.sessions) <= len(payments)
    # INV-15: each payment's history is one walk along the moves there are.
    for row in payments:
        at = Status.OPEN
        for event in PaymentEvent.objects.filter(payment=row):
            assert event.from_status == at
            assert event.to_status in MOVES[at]
            at = Status(event.to_status)
        assert at == row.status


def check_at_rest(stripe: FakeStripe) -> None:
    """INV-10: what Stripe has of each payment's money is what our rows and our ledger say."""
    assert not Refund.objects.filter(status="pending").exists()
    sold = booked("sale") - booked("refund")
    left = sum(net(stripe, intent) for intent in stripe.intents.values())
    assert to_minor(sold, "USD") == left - frozen(stripe)
    for row in Payment.objects.all():
        assert row.status not in {Status.OPEN, Status.IN_REVIEW}
        intent = stripe.intents.get(row.provider_reference)
        if row.status == Status.CAPTURED:
            assert intent
            assert intent["amount_received"] == to_minor(row.captured_amount, "USD")
            assert net(stripe, intent) == to_minor(row.left, "USD")
        elif intent and row.status in {Status.VOIDED, Status.RETURNED}:
            assert net(stripe, intent) == 0
            assert intent["status"] != "requires_capture"


def net(stripe: FakeStripe, intent: dict[str, Any]) -> int:
    """What was taken of it and not given back."""
    charge = stripe.charges[intent["latest_charge"]]
    return int(intent["amount_received"]) - int(charge["amount_refunded"])


def frozen(stripe: FakeStripe) -> int:
    """Unwanted money under dispute: the bank has it, and a person the case."""
    stuck = Payment.objects.filter(status=Status.UNWANTED)
    names = {row.provider_reference for row in stuck}
    assert all(stripe.charges[stripe.intents[name]["latest_charge"]]["disputed"] for name in names)
    return sum(net(stripe, stripe.intents[name]) for name in names)


def booked(kind: str) -> Decimal:
    """The ledger's sum."""
    return sum((row.amount for row in Entry.objects.filter(kind=kind)), Decimal(0))


@pytest.fixture
def real_commits(transactional_db: None) -> Iterator[None]:
    """Threads see each other's work; nothing stays."""
    yield
    empty_all_tables()


@pytest.mark.usefixtures("real_commits")
@pytest.mark.fault("F55", "F56", "F57", "F58", "F59", "F60", "F63", "F64")
@pytest.mark.parametrize(
    "examples", [20, pytest.param(400, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def test_money_is_where_the_rows_say_whatever_happens(fake: FakeStripe, examples: int) -> None:
    """A few that are always the same, or many that are new each time."""
    run_state_machine_as_test(
        lambda: OneOrder(fake),  # type: ignore[arg-type]  # it only calls it, and says so
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=examples == 20,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

"""What the shop says to Stripe and makes of its answers, through the real `stripe` package.

An upgrade of the package that changes any of it turns one of these red, and no shop.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import stripe
from django.utils.timezone import now

from storefront.payments.currencies import DIGITS, UnsupportedCurrency, from_minor, to_minor
from storefront.payments.providers import (
    HoldGone,
    ProviderRefusal,
    ProviderTrouble,
    provider,
    stripe_calls,
)
from storefront.payments.providers.protocol import Asked, Fee, Goods, State
from tests.fake_stripe import FakeStripe

PRICE = Decimal("9.90")


def asked(**changes: Any) -> Asked:
    """One card for $9.90."""
    page: dict[str, Any] = {
        "payment_id": uuid4(),
        "order_number": "K-1",
        "goods": [Goods(name="Apple, $10 card", price=PRICE, quantity=1)],
        "currency": "USD",
        "email": "alice@example.com",
        "locale": "ru",
        "return_url": "http://127.0.0.1:8000/ru/pay/return/",
        "back_url": "http://127.0.0.1:8000/ru/orders/K-1/",
        "closes_at": now() + timedelta(minutes=35),
    }
    return Asked(**page | changes)


def held(fake: FakeStripe) -> str:
    """The money of a page that was paid: Stripe's name for it."""
    session = provider().start(asked(), key="start-1").session
    return str(fake.pay(session)["id"])


@pytest.mark.fault("F68")
def test_the_version_of_the_package_is_the_one_this_was_written_for() -> None:
    assert stripe.api_version == stripe_calls.API_VERSION
    assert stripe.VERSION.split(".")[0] == "16"


# --- The page -------------------------------------------------------------------------------------


def test_a_page_asks_for_what_was_shown_and_only_holds_it(fake: FakeStripe) -> None:
    page = asked(goods=[Goods(name="A", price=PRICE, quantity=2), Goods(name="x" * 999,
                        price=Decimal("0.05"), quantity=3)])  # fmt: skip
    started = provider().start(page, key="start-1")
    (session,) = fake.sessions.values()
    assert (started.session, started.url) == (session["id"], session["url"])
    assert (session["amount_total"], session["currency"]) == (1995, "usd")
    assert session["client_reference_id"] == str(page.payment_id)
    assert session["customer_email"] == "alice@example.com"
    assert session["success_url"] == page.return_url
    assert session["_wishes"]["capture_method"] == "manual"
    assert provider().confirm(started.session).state == State.OPEN


@pytest.mark.fault("F54")
def test_a_page_asked_for_again_is_the_same_page(fake: FakeStripe) -> None:
    page = asked()
    fake.bad_day("sessions.create", "unheard")
    with pytest.raises(ProviderTrouble):
        provider().start(page, key="start-1")
    first, second = (provider().start(page, key="start-1") for _ in range(2))
    assert first == second
    assert len(fake.sessions) == 1


def test_a_page_that_would_be_another_one_under_the_same_key_is_trouble(fake: FakeStripe) -> None:
    provider().start(asked(), key="start-1")
    with pytest.raises(ProviderTrouble, match="IdempotencyError"):
        provider().start(asked(), key="start-1")
    assert len(fake.sessions) == 1


def test_money_that_was_held_is_told_with_sum_and_currency(fake: FakeStripe) -> None:
    session = provider().start(asked(), key="start-1").session
    intent = fake.pay(session)
    word = provider().confirm(session)
    assert (word.state, word.reference, word.minor, word.currency) == (
        State.HELD, intent["id"], 990, "USD",
    )  # fmt: skip
    assert (word.is_right_mode, word.oddity, word.fee) == (True, "", None)


def test_money_that_was_taken_at_once_is_told_with_its_fee(fake: FakeStripe) -> None:
    session = provider().start(asked(), key="start-1").session
    fake.sessions[session]["_wishes"] = {}  # a method that cannot be held
    fake.pay(session)
    word = provider().confirm(session)
    assert (word.state, word.minor) == (State.TAKEN, 990)
    assert word.fee == Fee(amount=Decimal("0.59"), currency="USD")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("processing", State.PENDING),
        ("requires_action", State.PENDING),
        ("requires_payment_method", State.DECLINED),
        ("canceled", State.EXPIRED),
    ],
)
def test_what_became_of_the_money_decides(fake: FakeStripe, status: str, state: State) -> None:
    session = provider().start(asked(), key="start-1").session
    fake.pay(session)["status"] = status
    assert provider().confirm(session).state == state


@pytest.mark.fault("F60")
@pytest.mark.parametrize("changed", [{"amount": 100}, {"currency": "eur"}])
def test_other_money_than_the_page_showed_is_odd(fake: FakeStripe, changed: dict[str, Any]) -> None:
    session = provider().start(asked(), key="start-1").session
    fake.pay(session, **changed)
    assert provider().confirm(session).oddity == "the page said 990 usd"


@pytest.mark.fault("F60")
def test_money_of_another_mode_is_said_to_be(fake: FakeStripe, settings: Any) -> None:
    session = provider().start(asked(), key="start-1").session
    fake.pay(session)["livemode"] = True
    assert not provider().confirm(session).is_right_mode


def test_a_page_is_closed_once_and_says_what_came_of_it(fake: FakeStripe) -> None:
    first = provider().start(asked(), key="start-1").session
    assert provider().end(first).state == State.EXPIRED
    assert provider().end(first).state == State.EXPIRED
    second = provider().start(asked(), key="start-2").session
    fake.pay(second)
    assert provider().end(second).state == State.HELD


# --- Money ----------------------------------------------------------------------------------------


def test_a_part_is_taken_once_and_the_rest_let_go(fake: FakeStripe) -> None:
    money = held(fake)
    assert provider().look_up(money, "USD").is_held
    for _ in range(2):
        fee = provider().capture(money, Decimal("4.95"), "USD", key="capture-1")
        assert fee == Fee(amount=Decimal("0.59"), currency="USD")
    books = provider().look_up(money, "USD")
    assert (books.is_held, books.taken) == (False, Decimal("4.95"))
    assert provider().capture(money, Decimal("4.95"), "USD", key="another") == fee
    with pytest.raises(ProviderRefusal):
        provider().capture(money, Decimal("9.90"), "USD", key="a-third")


@pytest.mark.fault("F65")
def test_a_hold_that_lapsed_is_gone(fake: FakeStripe) -> None:
    money = held(fake)
    fake.lapse(fake.intents[money])
    with pytest.raises(HoldGone):
        provider().capture(money, PRICE, "USD", key="capture-1")
    provider().void(money, key="void-1")  # released already means done
    assert not provider().look_up(money, "USD").is_held


def test_what_was_taken_is_not_released(fake: FakeStripe) -> None:
    money = held(fake)
    provider().capture(money, PRICE, "USD", key="capture-1")
    with pytest.raises(ProviderRefusal):
        provider().void(money, key="void-1")


@pytest.mark.fault("F63")
def test_a_refund_bears_our_key_for_longer_than_stripe_remembers_it(fake: FakeStripe) -> None:
    money = held(fake)
    provider().capture(money, PRICE, "USD", key="capture-1")
    for _ in range(2):
        provider().refund(money, Decimal("1.23"), "USD", key="refund-1")
    provider().refund(money, Decimal("0.07"), "USD", key="refund-2")
    fake.offset += 25 * 3600
    assert provider().look_up(money, "USD").refunds == {
        "refund-1": Decimal("1.23"), "refund-2": Decimal("0.07"),
    }  # fmt: skip
    provider().refund(money, None, "USD", key="return-1")
    assert sum(provider().look_up(money, "USD").refunds.values()) == PRICE
    with pytest.raises(ProviderRefusal, match="charge_already_refunded"):
        provider().refund(money, Decimal("0.01"), "USD", key="refund-3")


def test_more_refunds_than_fit_on_a_page_are_all_found(fake: FakeStripe) -> None:
    money = held(fake)
    provider().capture(money, PRICE, "USD", key="capture-1")
    for number in range(102):
        fake.refund({"payment_intent": money, "amount": 1,
                     "metadata": {"kiosk_key": f"refund-{number}"}})  # fmt: skip
    fake.refund({"payment_intent": money, "amount": 1})  # made by hand at Stripe
    assert len(provider().look_up(money, "USD").refunds) == 102


def test_a_refund_that_failed_is_none(fake: FakeStripe) -> None:
    money = held(fake)
    provider().capture(money, PRICE, "USD", key="capture-1")
    provider().refund(money, PRICE, "USD", key="refund-1")
    next(iter(fake.refunds.values()))["status"] = "failed"
    assert provider().look_up(money, "USD").refunds == {}


# --- Failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how", ["lost", "unheard", "500", "500 after", "html", "429", "401", "busy"]
)
def test_whatever_leaves_the_outcome_open_is_trouble(fake: FakeStripe, how: str) -> None:
    money = held(fake)
    fake.bad_day("intents.capture", how)
    with pytest.raises(ProviderTrouble):
        provider().capture(money, PRICE, "USD", key="capture-1")
    done = {"unheard", "500 after", "html"}
    assert fake.intents[money]["status"] == ("succeeded" if how in done else "requires_capture")


def test_a_stripe_nobody_reaches_is_trouble(settings: Any, fake: FakeStripe) -> None:
    settings.STRIPE_API_URL = "http://127.0.0.1:9"
    with pytest.raises(ProviderTrouble, match="APIConnectionError"):
        provider().confirm("cs_test_1")


def test_what_stripe_does_not_know_is_refused(fake: FakeStripe) -> None:
    with pytest.raises(ProviderRefusal, match="resource_missing"):
        provider().confirm("cs_test_1")


@pytest.mark.fault("F68")
def test_each_error_of_the_package_has_its_outcome() -> None:
    """A new one in a new version has to be thought about."""
    known = {error for error in vars(stripe).values()
             if isinstance(error, type) and issubclass(error, stripe.StripeError)}  # fmt: skip
    of_the_first_api = {
        "APIConnectionError", "APIError", "AuthenticationError", "CardError", "IdempotencyError",
        "InvalidRequestError", "PermissionError", "RateLimitError", "SignatureVerificationError",
        "StripeError", "StripeErrorWithParamCode",
    }  # fmt: skip
    of_the_second = {
        "AlreadyCanceledError", "BlockedByStripeError", "CannotProceedError",
        "CapabilityNotEnabledError", "ControlledByAlternateResourceError", "FeatureNotEnabledError",
        "FinancialAccountNotOpenError", "FxQuoteNeedsRefreshError", "InsufficientFundsError",
        "InvalidPaymentMethodError", "InvalidPayoutMethodError", "InvalidVaultedCredentialError",
        "NotCancelableError", "QuotaExceededError", "RecipientNotNotifiableError",
        "TemporarySessionExpiredError", "VerificationAttemptFailedError",
        "VerificationExpiredError", "VerificationNotInitiatedError",
    }  # fmt: skip
    assert {error.__name__ for error in known} - of_the_second - of_the_first_api == set()
    for error in known - {stripe.StripeErrorWithParamCode}:
        made = error("x", "param", "code") if issubclass(
            error, stripe.CardError | stripe.InvalidRequestError) else error("x")  # fmt: skip
        expected = ProviderRefusal if isinstance(made, stripe_calls.REFUSALS) else ProviderTrouble
        with pytest.raises(expected), stripe_calls.asking("x"):
            raise made


# --- Currencies -----------------------------------------------------------------------------------


@pytest.mark.fault("F67")
@pytest.mark.parametrize(
    ("currency", "price", "minor"),
    [("JPY", "1000", 1000), ("USD", "0.07", 7), ("EUR", "1.10", 110)],
)
def test_minor_units_are_exact(fake: FakeStripe, currency: str, price: str, minor: int) -> None:
    goods = [Goods(name="A", price=Decimal(price), quantity=1)]
    session = provider().start(asked(currency=currency, goods=goods), key="start-1").session
    assert fake.sessions[session]["amount_total"] == minor
    fake.pay(session)
    assert provider().confirm(session).minor == minor


@pytest.mark.fault("F67")
@pytest.mark.parametrize(
    ("currency", "price"), [("KWD", "1.234"), ("USD", "0.005"), ("JPY", "1000.5"), ("ISK", "100"),
                            ("UGX", "100"), ("usd", "1"), ("XXX", "1")]
)  # fmt: skip
def test_what_cannot_be_said_exactly_is_never_asked(
    fake: FakeStripe, currency: str, price: str
) -> None:
    goods = [Goods(name="A", price=Decimal(price), quantity=1)]
    with pytest.raises(ProviderRefusal):
        provider().start(asked(currency=currency, goods=goods), key="start-1")
    assert fake.calls == []


@pytest.mark.fault("F67")
def test_each_currency_of_the_table_goes_there_and_back() -> None:
    for currency in DIGITS:
        for minor in (1, 99, 100, 123_456_789):
            assert to_minor(from_minor(minor, currency), currency) == minor
    with pytest.raises(UnsupportedCurrency):
        from_minor(1, "KWD")

"""Money is taken once and given back once, whatever the provider answers and whoever asks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now

from storefront.core import states
from storefront.ledger.models import Entry
from storefront.orders.states import Status as OrderStatus
from storefront.payments import actions
from storefront.payments.models import Capture, Payment, Refund
from storefront.payments.providers import NoProvider, ProviderTrouble, provider
from storefront.payments.states import Status
from tests.fulfillment.till import Till
from tests.shopping import order_in

pytestmark = pytest.mark.django_db

NINE_NINETY = Decimal("9.90")


def authorise(payment: Payment, **changes: Any) -> None:
    told: dict[str, Any] = {
        "reference": "hold-1",
        "amount": NINE_NINETY,
        "currency": "USD",
        "by": "till",
    }
    actions.authorise(payment=payment, now=now(), **(told | changes))


def capture(payment: Payment, amount: str = "9.90") -> None:
    actions.capture(payment=payment, amount=Decimal(amount), by="system", now=now())


def refund(payment: Payment, amount: str, reference: str = "r-1") -> None:
    actions.refund(
        payment=payment,
        amount=Decimal(amount),
        reference=reference,
        reason="asked",
        by="olga",
        now=now(),
    )


@pytest.fixture
def taken(held: Payment) -> Payment:
    capture(held)
    return held


def booked() -> list[tuple[str, Decimal]]:
    return [(row.kind, row.amount) for row in Entry.objects.order_by("pk")]


# --- Opening and holding --------------------------------------------------------------------------


def test_an_order_has_one_open_payment(opened: Payment) -> None:
    again = actions.open_for(order=opened.order, now=now())
    assert again == opened
    assert (opened.status, opened.amount, opened.currency) == ("open", NINE_NINETY, "USD")


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - {OrderStatus.AWAITING_PAYMENT}))
def test_only_an_order_that_waits_for_money_is_paid(till: Till, status: OrderStatus) -> None:
    with pytest.raises(actions.NotPayable):
        actions.open_for(order=order_in(status), now=now())
    assert not Payment.objects.exists()


def test_a_provider_this_shop_has_not_opens_nothing(settings: Any) -> None:
    order = order_in(OrderStatus.AWAITING_PAYMENT)
    settings.PAYMENT_PROVIDER = "cash"
    with pytest.raises(NoProvider):
        actions.open_for(order=order, now=now())
    with pytest.raises(NoProvider):
        provider("cash")
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"amount": Decimal("9.89")},
        {"amount": Decimal("9.91")},
        {"amount": Decimal(0)},
        {"amount": Decimal("-9.90")},
        {"currency": "EUR"},
        {"currency": "usd"},
    ],
)
def test_f60_another_amount_or_currency_is_not_this_payment(
    opened: Payment, told: dict[str, Any]
) -> None:
    with pytest.raises(actions.WrongAmount):
        authorise(opened, **told)
    opened.refresh_from_db()
    assert (opened.status, opened.provider_reference) == ("open", "")
    assert not opened.events.exists()


def test_a_payment_never_goes_back(held: Payment) -> None:
    for to in (Status.DECLINED, Status.EXPIRED):
        with pytest.raises(states.NotAllowed):
            actions.close(payment=held, to=to, by="till", now=now())
    with pytest.raises(states.NotAllowed):
        authorise(held)
    stale = Payment.objects.get(pk=held.pk)
    capture(held)
    stale.status = Status.OPEN  # what a request believes that looked before
    with pytest.raises(states.LostRace):
        authorise(stale)
    assert [event.to_status for event in held.events.all()] == ["authorised", "captured"]


# --- Taking ---------------------------------------------------------------------------------------


def test_a_part_is_taken_and_booked_once(till: Till, held: Payment) -> None:
    capture(held, "4.95")
    capture(held, "4.95")
    assert till.sum_of("capture", "hold-1") == Decimal("4.95")
    assert held.captured_amount == Decimal("4.95")
    assert booked() == [("sale", Decimal("4.95"))]


@pytest.mark.parametrize("amount", ["0", "-0.01", "-9.90", "9.91", "1000000", "0.001", "4.955"])
def test_an_amount_that_is_none_or_too_much_is_not_taken(
    till: Till, held: Payment, amount: str
) -> None:
    with pytest.raises((actions.TooMuch, ValueError)):
        capture(held, amount)
    assert till.calls == []
    assert not Capture.objects.exists()
    assert booked() == []


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_lost_answer_is_asked_for_with_the_same_key_and_amount(
    till: Till, held: Payment, how: str
) -> None:
    till.bad_day(how)
    with pytest.raises(ProviderTrouble):
        capture(held)
    held.refresh_from_db()
    assert (held.status, held.captured_amount, booked()) == ("authorised", 0, [])
    capture(held, "4.95")  # what was decided first holds
    assert len({key for _, key in till.calls}) == 1
    assert till.sum_of("capture", "hold-1") == held.captured_amount == NINE_NINETY
    assert booked() == [("sale", NINE_NINETY)]


def test_a_released_hold_is_released_once_and_taken_never(till: Till, held: Payment) -> None:
    till.bad_day("after")
    with pytest.raises(ProviderTrouble):
        actions.void(payment=held, by="system", now=now())
    for _ in range(2):
        actions.void(payment=held, by="system", now=now())
    assert till.sum_of("void", "hold-1") == NINE_NINETY
    with pytest.raises(actions.NotHeld):
        capture(held)
    assert booked() == []


# --- Giving back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["0", "-0.01", "-9.90", "9.91", "1000000", "0.001", "1.234"])
def test_f64_an_amount_that_is_none_or_too_much_is_not_given_back(
    till: Till, taken: Payment, amount: str
) -> None:
    with pytest.raises((actions.TooMuch, ValueError)):
        refund(taken, amount)
    taken.refresh_from_db()
    assert taken.refunded_amount == 0
    assert not Refund.objects.exists()
    assert till.sum_of("refund", "hold-1") == 0


def test_f64_after_a_part_only_the_rest_is_left(till: Till, taken: Payment) -> None:
    refund(taken, "4.00", "r-1")
    with pytest.raises(actions.TooMuch):
        refund(taken, "5.91", "r-2")
    refund(taken, "5.90", "r-2")
    with pytest.raises(actions.TooMuch):
        refund(taken, "0.01", "r-3")
    assert till.sum_of("refund", "hold-1") == NINE_NINETY
    assert booked()[1:] == [("refund", Decimal("4.00")), ("refund", Decimal("5.90"))]


def test_nothing_is_given_back_of_what_was_not_taken(till: Till, held: Payment) -> None:
    with pytest.raises(actions.TooMuch):
        refund(held, "0.01")
    assert till.calls == []


@pytest.mark.parametrize("how", ["before", "after"])
def test_f63_a_refund_whose_answer_got_lost_is_one_refund(
    till: Till, taken: Payment, how: str
) -> None:
    till.bad_day(how, kind="refund")
    with pytest.raises(ProviderTrouble):
        refund(taken, "9.90")
    taken.refresh_from_db()
    assert taken.refunded_amount == NINE_NINETY, "counted as soon as it may have happened"
    assert booked() == [("sale", NINE_NINETY)]
    with pytest.raises(actions.TooMuch):
        refund(taken, "9.90", "another")
    for _ in range(2):
        refund(taken, "9.90")
    assert len({key for kind, key in till.calls if kind == "refund"}) == 1
    assert till.sum_of("refund", "hold-1") == NINE_NINETY
    assert booked()[1:] == [("refund", NINE_NINETY)]


def test_a_reference_of_another_payment_is_not_mistaken_for_ones_own(
    till: Till, taken: Payment
) -> None:
    refund(taken, "1.00", "r-1")
    other = actions.open_for(order=order_in(OrderStatus.AWAITING_PAYMENT), now=now())
    till.hold("hold-2", NINE_NINETY)
    authorise(other, reference="hold-2")
    capture(other)
    with pytest.raises(ValueError, match="another payment"):
        refund(other, "2.00", "r-1")
    other.refresh_from_db()
    assert other.refunded_amount == 0
    assert till.sum_of("refund", "hold-2") == 0


# --- At the same moment ---------------------------------------------------------------------------


def at_once(*calls: Callable[[], None]) -> list[type[Exception] | None]:
    """Each call in a thread and on a connection of its own; what each raised."""

    def run(call: Callable[[], None]) -> type[Exception] | None:
        try:
            call()
        except Exception as error:  # noqa: BLE001  the test looks at it
            return type(error)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def fresh(payment: Payment) -> Payment:
    return Payment.objects.get(pk=payment.pk)


@pytest.mark.django_db(transaction=True)
def test_f63_two_colleagues_pressing_refund_give_back_once(till: Till, taken: Payment) -> None:
    raised = at_once(*(lambda: refund(fresh(taken), "9.90") for _ in range(4)))
    assert raised == [None] * 4
    assert till.sum_of("refund", "hold-1") == NINE_NINETY
    assert booked()[1:] == [("refund", NINE_NINETY)]


@pytest.mark.django_db(transaction=True)
def test_two_different_refunds_never_exceed_what_was_taken(till: Till, taken: Payment) -> None:
    calls = [lambda name=name: refund(fresh(taken), "6.00", name) for name in ("a", "b", "c")]
    raised = at_once(*calls)
    assert sorted(map(str, raised)) == sorted(
        map(str, [None, actions.TooMuch, actions.TooMuch])
    )  # fmt: skip
    assert till.sum_of("refund", "hold-1") == Decimal("6.00")


@pytest.mark.django_db(transaction=True)
def test_two_workers_taking_the_money_take_it_once(till: Till, held: Payment) -> None:
    raised = at_once(*(lambda: capture(fresh(held)) for _ in range(4)))
    assert raised == [None] * 4
    assert till.sum_of("capture", "hold-1") == NINE_NINETY
    assert booked() == [("sale", NINE_NINETY)]

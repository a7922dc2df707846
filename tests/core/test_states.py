"""A row moves only as its table says, only from where it truly is, and wholly or not at all."""

import pytest

from storefront.core import states
from storefront.payments.models import Payment
from storefront.payments.states import MOVES, Status
from tests.factories import PaymentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment() -> Payment:
    return PaymentFactory.create()


def stored(payment: Payment) -> tuple[str, str]:
    return Payment.objects.values_list("status", "provider_reference").get(pk=payment.pk)


def test_a_move_writes_its_fields_along_and_tells_the_old_status(payment: Payment) -> None:
    old = states.swap(payment, to=Status.AUTHORISED, moves=MOVES, provider_reference="held-1")

    assert old == Status.OPEN
    assert (payment.status, payment.provider_reference) == ("authorised", "held-1")
    assert stored(payment) == ("authorised", "held-1")


@pytest.mark.parametrize("to", [Status.CAPTURED, Status.VOIDED, Status.OPEN])
def test_a_move_that_the_table_does_not_have_changes_nothing(payment: Payment, to: str) -> None:
    with pytest.raises(states.NotAllowed, match=f"open -> {to}"):
        states.swap(payment, to=to, moves=MOVES, provider_reference="forged")

    assert (payment.status, payment.provider_reference) == ("open", "")
    assert stored(payment) == ("open", "")


def test_who_saw_an_older_state_loses_and_changes_nothing(payment: Payment) -> None:
    late = Payment.objects.get(pk=payment.pk)
    states.swap(payment, to=Status.AUTHORISED, moves=MOVES, provider_reference="held-1")

    with pytest.raises(states.LostRace):
        states.swap(late, to=Status.DECLINED, moves=MOVES, provider_reference="held-2")

    assert (late.status, late.provider_reference) == ("open", "")
    assert stored(payment) == ("authorised", "held-1")


def test_the_same_move_twice_is_made_once(payment: Payment) -> None:
    twin = Payment.objects.get(pk=payment.pk)
    states.swap(payment, to=Status.AUTHORISED, moves=MOVES)

    with pytest.raises(states.LostRace):
        states.swap(twin, to=Status.AUTHORISED, moves=MOVES)


def test_a_further_condition_must_hold_as_well(payment: Payment) -> None:
    with pytest.raises(states.LostRace):
        states.swap(payment, to=Status.AUTHORISED, moves=MOVES, where={"provider": "another"})

    assert stored(payment) == ("open", "")


def test_another_row_stays_where_it_is(payment: Payment) -> None:
    other = PaymentFactory.create()

    states.swap(payment, to=Status.DECLINED, moves=MOVES)

    assert stored(other) == ("open", "")

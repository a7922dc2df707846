"""Every pair of states is either a move or refused; nothing leaves a settled order but a refund."""

import pytest
from django.db.models import TextChoices

from storefront.fulfillment import states as purchases
from storefront.orders import states as orders
from storefront.payments import states as payments

TABLES = [
    pytest.param(orders.Status, orders.MOVES, id="orders"),
    pytest.param(purchases.Status, purchases.MOVES, id="purchases"),
    pytest.param(payments.Status, payments.MOVES, id="payments"),
]


@pytest.mark.parametrize(("status", "moves"), TABLES)
def test_every_state_has_its_moves_and_they_lead_to_states(
    status: type[TextChoices], moves: dict
) -> None:
    assert set(moves) == set(status)
    assert set().union(*moves.values()) <= set(status)


@pytest.mark.parametrize("old", sorted(purchases.FINAL))
def test_a_finished_purchase_never_moves(old: str) -> None:
    assert purchases.MOVES[old] == frozenset()


@pytest.mark.parametrize(("status", "moves"), TABLES[1:])
def test_no_purchase_or_payment_comes_back_to_its_beginning(
    status: type[TextChoices], moves: dict
) -> None:
    beginning = next(iter(status))
    assert all(beginning not in targets for targets in moves.values())


def test_a_payment_never_goes_back() -> None:
    """From no state does any way lead to it again."""
    for start in payments.Status:
        reached, waiting = set[str](), {str(start)}
        while waiting:
            following = {str(to) for old in waiting for to in payments.MOVES[old]}
            waiting = following - reached
            reached |= following
        assert start not in reached


def test_only_a_paid_order_reaches_delivery() -> None:
    delivered = {orders.Status.COMPLETED, orders.Status.PARTIALLY_COMPLETED}
    sources = {old for old in orders.Status if orders.MOVES[old] & delivered}
    assert sources == orders.UNDER_WAY


def test_an_order_without_money_never_becomes_paid_later() -> None:
    for closed in (orders.Status.EXPIRED, orders.Status.CANCELLED, orders.Status.FAILED):
        assert orders.MOVES[closed] == frozenset()

"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import FINAL, Status
from tests.factories import NOON, DeliveryFactory, PurchaseFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.FAILED, Status.NOT_PLACED}))
def test_a_chunk_has_one_purchase_that_may_bring_a_code(status: Status) -> None:
    ended = {"finished_at": NOON, "due_at": None} if status in FINAL else {}
    first = PurchaseFactory.create(status=status, **ended)

    with pytest.raises(IntegrityError):
        PurchaseFactory.create(line=first.line, attempt=2)


@pytest.mark.parametrize("status", [Status.FAILED, Status.NOT_PLACED])
def test_after_a_definite_no_a_chunk_may_be_tried_once_more_under_another_id(
    status: Status,
) -> None:
    first = PurchaseFactory.create(status=status, finished_at=NOON, due_at=None)

    second = PurchaseFactory.create(line=first.line, attempt=2)

    assert second.external_id != first.external_id
    with pytest.raises(IntegrityError):
        PurchaseFactory.create(line=first.line, attempt=3)


@pytest.mark.parametrize(
    "columns",
    [
        {"quantity": 0},
        {"delivered": 2},
        {"posts": 1},
        {"last_post_at": NOON},
        {"finished_at": NOON},
        {"status": "completed"},
    ],
    ids=str,
)
def test_a_purchase_that_makes_no_sense_is_refused(columns: dict[str, Any]) -> None:
    row = PurchaseFactory.create()

    with pytest.raises(IntegrityError):
        Purchase.objects.filter(pk=row.pk).update(**columns)


@pytest.mark.parametrize(
    "again",
    [
        lambda first: PurchaseFactory.create(external_id=first.external_id),
        lambda first: PurchaseFactory.create(line=first.line, chunk=1),
    ],
    ids=["its id", "its place"],
)
def test_a_purchase_is_written_once(again: Callable[[Purchase], Purchase]) -> None:
    first = PurchaseFactory.create(status=Status.FAILED, finished_at=NOON, due_at=None)

    with pytest.raises(IntegrityError):
        again(first)


def test_a_unit_and_a_code_are_delivered_once() -> None:
    first = DeliveryFactory.create(code="ABCD-EFGH")

    for same in ({"source": first.source, "index": first.index}, {"code": "ABCD-EFGH"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeliveryFactory.create(**same)

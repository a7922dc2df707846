""" "This code doesn't work": a case for a person, which does not hold the code."""

from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from storefront.cases.models import Case
from storefront.orders.models import Delivery, Order, OrderEvent
from storefront.orders.states import Status
from tests.shopping import Answer, Customer, bring, hooked, let_in, order_in, reveal_page

pytestmark = pytest.mark.django_db

PIN = "KSK-4711-CANARY"


@pytest.fixture
def alice() -> Customer:
    return Customer()


@pytest.fixture
def order(alice: Customer) -> Order:
    order = order_in(Status.COMPLETED)
    let_in(alice, order)
    return order


@pytest.fixture
def delivery(alice: Customer, order: Order) -> Delivery:
    """One that was looked at."""
    delivery = bring(order, PIN)
    assert alice.post(reveal_page(order, delivery)).status_code == 200
    return delivery


def tell(
    customer: Customer,
    order: Order,
    delivery: Delivery | UUID,
    words: str = "",
    reason: str = "used",
) -> Answer:
    key = delivery.pk if isinstance(delivery, Delivery) else delivery
    path = f"/orders/{order.number}/deliveries/{key}/problem/"
    return customer.post(path, {"reason": reason, "words": words})


def test_staff_get_a_case_and_the_customer_an_answer(
    alice: Customer, order: Order, delivery: Delivery
) -> None:
    page = alice.get(f"/orders/{order.number}/").content.decode()
    assert hooked(page, "report-problem")
    assert tell(alice, order, delivery, "They say it is spent").status_code == 302
    case = Case.objects.get()
    assert (case.kind, case.subject) == ("code-problem", f"{order.number} {delivery.pk}")
    assert "They say it is spent" in case.summary
    page = alice.get(f"/orders/{order.number}/").content.decode()
    assert "You told us on" in page
    assert not hooked(page, "report-problem")


@pytest.mark.parametrize("write", ["{}", "my code {} fails", "{}{}"])
@pytest.mark.parametrize("code", [PIN, PIN.lower(), PIN.replace("-", " "), PIN.replace("-", "")])
def test_f108_a_quoted_code_is_taken_out(
    alice: Customer, order: Order, delivery: Delivery, write: str, code: str
) -> None:
    tell(alice, order, delivery, write.replace("{}", code) + " and SN-" + PIN)
    summary = Case.objects.get().summary
    assert "4711" not in summary
    assert "CANARY" not in summary.upper()


def test_telling_twice_is_one_open_case(alice: Customer, order: Order, delivery: Delivery) -> None:
    for _ in range(2):
        tell(alice, order, delivery)
    assert Case.objects.count() == 1


def test_f106_ten_an_hour_are_enough(
    alice: Customer, order: Order, delivery: Delivery, settings: Settings
) -> None:
    settings.WAIT_SCALE = 1.0
    codes = [tell(alice, order, delivery).status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]
    assert OrderEvent.objects.filter(kind="problem").count() == 10


def test_only_a_code_of_ones_own_that_was_seen_has_problems(
    alice: Customer, order: Order, delivery: Delivery
) -> None:
    untouched = order_in(Status.COMPLETED)
    let_in(alice, untouched)
    unseen = bring(untouched, "ANOTHER-PIN")
    assert tell(alice, untouched, unseen).status_code == 404
    foreign = bring(order_in(Status.COMPLETED), "FOREIGN-PIN")
    for known in (unseen, foreign, uuid4()):
        assert tell(alice, order, known).status_code == 404
    assert tell(Customer(), order, delivery).status_code == 404
    assert tell(alice, order, delivery, reason="because").status_code == 404
    assert tell(alice, order, delivery, words="x" * 201).status_code == 404
    assert not Case.objects.exists()
    assert not OrderEvent.objects.filter(kind="problem").exists()

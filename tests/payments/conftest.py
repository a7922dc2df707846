"""A payment of $9.90, at a provider that keeps books."""

from collections.abc import Iterator

import pytest
from django.utils.timezone import now

from storefront.orders.states import Status
from storefront.payments import actions, providers
from storefront.payments.models import Payment
from tests.fake_stripe import FakeStripe
from tests.fake_stripe.shop import session_of, through_stripe
from tests.fulfillment.till import Till
from tests.shopping import Customer, order_in, stock


@pytest.fixture
def till(monkeypatch: pytest.MonkeyPatch) -> Till:
    till = Till()
    monkeypatch.setitem(providers._PROVIDERS, "till", lambda: till)
    return till


@pytest.fixture
def opened(till: Till, settings: object) -> Payment:
    settings.PAYMENT_PROVIDER = "till"  # type: ignore[attr-defined]  # pytest-django's settings
    return actions.open_for(order=order_in(Status.AWAITING_PAYMENT), now=now())


@pytest.fixture
def held(till: Till, opened: Payment) -> Payment:
    till.hold("hold-1", opened.amount)
    actions.authorise(
        payment=opened,
        reference="hold-1",
        amount=opened.amount,
        currency="USD",
        by="till",
        now=now(),
    )
    return opened


@pytest.fixture
def fake(settings: object) -> Iterator[FakeStripe]:
    """The shop takes its money through a Stripe of our own."""
    with through_stripe(settings) as stripe:
        yield stripe


@pytest.fixture
def alice() -> Customer:
    return Customer()


@pytest.fixture
def payment(fake: FakeStripe, alice: Customer) -> Payment:
    """Alice's order of $9.90; she is on Stripe's page."""
    alice.add(stock())
    answer = alice.check_out()
    opened = Payment.objects.select_related("order").get()
    assert answer["Location"] == session_of(fake, opened)["url"]
    return opened

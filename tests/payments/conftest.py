"""A payment of $9.90, at a provider that keeps books."""

import pytest
from django.utils.timezone import now

from storefront.orders.states import Status
from storefront.payments import actions, providers
from storefront.payments.models import Payment
from tests.fulfillment.till import Till
from tests.shopping import order_in


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

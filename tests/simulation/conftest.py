"""The simulation runs at its true pace: the partner's five minutes are not scaled, so neither are
the shop's waits.
"""

from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from storefront.fulfillment import queries, waits
from storefront.fulfillment.actions import claiming, confirming
from storefront.payments import waits as payment_waits
from storefront.payments.actions import opening, returning
from tests.fulfillment.conftest import empty_all_tables

MODULES: tuple[ModuleType, ...] = (
    waits, queries, claiming, confirming, payment_waits, opening, returning,
)  # fmt: skip


@pytest.fixture(scope="session")
def true_pace() -> Iterator[None]:
    """Every wait as long as it is in a real shop."""
    scale = settings.WAIT_SCALE
    with pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            for name, value in vars(module).items():
                if isinstance(value, timedelta) and name != "PAGE":
                    patch.setattr(module, name, value / scale)
            if hasattr(module, "LEASE"):
                patch.setattr(module, "LEASE", timedelta(seconds=120))
        patch.setattr(settings, "WAIT_SCALE", 1)
        yield


@pytest.fixture
def _django_db_helper(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits and an empty database afterwards; see tests/fulfillment."""
    with django_db_blocker.unblock():
        yield
        empty_all_tables()


@pytest.fixture
def simulated(transactional_db: None, true_pace: None) -> None:
    """An empty database, and time as it is."""

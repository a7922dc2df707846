"""One small sandbox for each test, and Alice, who buys from it."""

from collections.abc import Iterator

import pytest

from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer
from tests.partner_api.sandbox.goods import small_catalog


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in this process, fifty times faster than the partner."""
    sandbox = Sandbox(catalog=small_catalog(), time_scale=0.02)
    yield sandbox
    sandbox.close()


@pytest.fixture
def alice(sandbox: Sandbox) -> Buyer:
    """A buyer with the right token and secret."""
    return Buyer("http://partner.test", token=sandbox.token, secret=sandbox.secret, sandbox=sandbox)

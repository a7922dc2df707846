"""The bench of fulfilment, without its own look at the invariants in the end: here they break."""

import pytest

from partner_api import PartnerClient
from partner_api.sandbox.server import Running
from tests.fulfillment.bench import Bench
from tests.fulfillment.conftest import (  # noqa: F401  fixtures are found by their names
    _django_db_helper,
    partner,
    partner_client,
    till,
)
from tests.fulfillment.till import Till


@pytest.fixture
def shop(
    transactional_db: None,
    partner: Running,  # noqa: F811  the fixture
    partner_client: PartnerClient,  # noqa: F811  the fixture
    till: Till,  # noqa: F811  the fixture
) -> Bench:
    """A shop, its partner, and a till."""
    return Bench(partner=partner, client=partner_client, till=till)

"""One small sandbox for each test, and Alice, who buys from it."""

from collections.abc import Iterator

import pytest

from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.server import Running, running
from tests.partner_api.sandbox.buyer import Buyer
from tests.partner_api.sandbox.goods import small_catalog

HOST = "http://partner.test"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in this process, fifty times faster than the partner."""
    sandbox = Sandbox(catalog=small_catalog(), time_scale=0.02)
    yield sandbox
    sandbox.close()


@pytest.fixture
def alice(sandbox: Sandbox) -> Buyer:
    """A buyer with the right token and secret, in the same process."""
    return Buyer(HOST, token=sandbox.token, secret=sandbox.secret, sandbox=sandbox)


@pytest.fixture
def served() -> Iterator[Running]:
    """The same sandbox on a loopback port."""
    with running(catalog=small_catalog(), time_scale=0.02) as served:
        yield served


@pytest.fixture(params=["in process", "over HTTP"])
def both_ways(request: pytest.FixtureRequest) -> tuple[Sandbox, Buyer]:
    """A sandbox and Alice, who must see the same whichever way she reaches it."""
    if request.param == "in process":
        return request.getfixturevalue("sandbox"), request.getfixturevalue("alice")
    served: Running = request.getfixturevalue("served")
    sandbox = served.sandbox
    return sandbox, Buyer(served.url, token=sandbox.token, secret=sandbox.secret)

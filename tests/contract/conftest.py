"""The partners the contract holds for: each test runs once for every one of them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from partner_api.sandbox.app import Sandbox
from tests.contract.partners import IN_PROCESS, OVER_HTTP, REAL, Partner, opened, real_partner

_HOST = urlsplit(real_partner()[0]).hostname
_ABSENT = "PARTNER_CONTRACT_URL, PARTNER_CONTRACT_TOKEN and PARTNER_CONTRACT_SECRET are not set"
SANDBOXES = [IN_PROCESS, OVER_HTTP]
PARTNERS = [
    *SANDBOXES,
    pytest.param(
        REAL,
        marks=[
            pytest.mark.skipif(not all(real_partner()), reason=_ABSENT),
            pytest.mark.allow_hosts([_HOST or "127.0.0.1"]),
        ],
    ),
]


@pytest.fixture(scope="session", params=PARTNERS)
def partner(request: pytest.FixtureRequest) -> Iterator[Partner]:
    """Each partner in turn, for reading."""
    with opened(request.param) as partner:
        yield partner


@pytest.fixture
def seller(partner: Partner) -> Partner:
    """The same partner, when its money may be spent."""
    if not partner.may_buy:
        pytest.skip("PARTNER_CONTRACT_BUY is not 1")
    return partner


@pytest.fixture(scope="session", params=SANDBOXES)
def own(request: pytest.FixtureRequest) -> Iterator[Partner]:
    """Each of our own sandboxes in turn, whose faults can be asked for."""
    with opened(request.param) as partner:
        yield partner


@pytest.fixture
def sandbox(own: Partner) -> Iterator[Sandbox]:
    """The sandbox behind `own`, without the faults of the test before."""
    assert own.sandbox is not None
    yield own.sandbox
    own.sandbox.control.reset({})

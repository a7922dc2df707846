"""One whole shop for the journeys; each journey buys for itself."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack, running


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running shop, on real waits: what the journeys see is what a customer would."""
    with running(tmp_path_factory.mktemp("shop"), WAIT_SCALE="1") as stack:
        yield stack

"""One whole shop in a hurry for all tests of this folder; each gets it whole and leaves it so."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack, running, wait_for

WHOLE = ("web", "worker", "beat")


@pytest.fixture(scope="package")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The shop, its waits fifty times shorter."""
    folder = tmp_path_factory.mktemp("chaos")
    with running(folder, WAIT_SCALE="0.02", DAILY_UNITS="100000") as stack:
        yield stack


@pytest.fixture
def shop(hurried: Stack) -> Iterator[Stack]:
    """All its processes up, nobody misbehaving."""
    make_whole(hurried)
    yield hurried
    make_whole(hurried)


def make_whole(shop: Stack) -> None:
    """Calm the partner, mend the wires, start what is missing, end what is too much."""
    shop.calm()
    for name in set(shop.processes) - {"partner", *WHOLE}:
        shop.kill(name)
    for name in WHOLE:
        if name in shop.processes and shop.processes[name].poll() is None:
            continue
        shop.processes.pop(name, None)
        shop.start(name)
    wait_for(lambda: shop.answers("/health/ready"))

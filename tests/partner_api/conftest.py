"""A stub partner on the loopback, and a client that is in a hurry."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from partner_api import PartnerClient, RequestsTransport
from tests.partner_api.stub import Stub, serving

TOKEN = "token-of-the-tests"
SECRET = "secret-of-the-tests"
NOW = 1768478058.0

# A busy machine is slow; how long one example takes says nothing here.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


class Sleeps(list[float]):
    """Stands in for time.sleep and remembers how long it should have slept."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving() as server:
        yield server


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def make_client(stub: Stub, sleeps: Sleeps) -> Iterator[Callable[..., PartnerClient]]:
    """Makes clients of the stub; keyword arguments of the transport and the client are mixed."""
    made: list[PartnerClient] = []

    def make(
        *,
        base_url: str | None = None,
        paths: dict[str, str] | None = None,
        locale: str | None = None,
        custom_amount_field: str = "amount",
        **transport: float,
    ) -> PartnerClient:
        client = PartnerClient(
            base_url=base_url or stub.url,
            token=TOKEN,
            secret=SECRET,
            paths=paths,
            locale=locale,
            custom_amount_field=custom_amount_field,
            clock=lambda: NOW,
            transport=RequestsTransport(sleep=sleeps, random=lambda: 0.5, **transport),  # type: ignore[arg-type]  # numbers of several kinds
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client: Callable[..., PartnerClient]) -> PartnerClient:
    return make_client(read_timeout=0.4, deadline=2.0, connect_timeout=0.4)

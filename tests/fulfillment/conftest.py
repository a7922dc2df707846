"""The bench: a shop, its partner on a loopback port, and a till. Every test ends with the check of
the invariants, whatever else it asserts.
"""

from collections.abc import Iterator
from functools import cache

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from partner_api import PartnerClient, RequestsTransport
from partner_api.sandbox.server import Running, running
from storefront.payments import providers
from tests.fulfillment import invariants
from tests.fulfillment.bench import Bench
from tests.fulfillment.till import Till
from tests.partner_api.sandbox.goods import small_catalog


@pytest.fixture
def partner() -> Iterator[Running]:
    """A sandbox a hundred times faster than the partner, with one product of each kind."""
    with running(catalog=small_catalog(), time_scale=0.01) as partner:
        yield partner


@pytest.fixture
def partner_client(partner: Running) -> Iterator[PartnerClient]:
    """The real client with little patience, so that silence costs a test half a second."""
    client = PartnerClient(
        base_url=partner.url,
        token=partner.sandbox.token,
        secret=partner.sandbox.secret,
        transport=RequestsTransport(connect_timeout=0.5, read_timeout=0.5, deadline=1.0, tries=1),
    )
    yield client
    client.close()


@pytest.fixture
def till(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Till:
    """The shop's payment provider."""
    till = Till()
    monkeypatch.setitem(providers._PROVIDERS, "till", lambda: till)
    settings.PAYMENT_PROVIDER = "till"
    return till


@pytest.fixture
def _django_db_helper(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What `transactional_db` does, real commits and an empty database afterwards, in a tenth of
    the time: pytest-django's own truncates every table for every test.
    """
    with django_db_blocker.unblock():
        yield
        empty_all_tables()


def empty_all_tables() -> None:
    """Delete every row; append-only tables refuse that, and so are told to look away."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_emptying())


@cache
def _emptying() -> str:
    """All of it in one message: asking for the tables costs more than emptying them."""
    keep = {"django_migrations", "django_content_type", "auth_permission"}
    keep |= {"auth_group", "auth_group_permissions"}  # the roles that migrations ship
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - keep)
    deletes = [f'DELETE FROM "{table}"' for table in tables]  # noqa: S608  our own names
    return "; ".join(["SET LOCAL session_replication_role = replica", *deletes])


@pytest.fixture
def bench(
    transactional_db: None, partner: Running, partner_client: PartnerClient, till: Till
) -> Iterator[Bench]:
    """All of it; in the end nothing may be broken."""
    bench = Bench(partner=partner, client=partner_client, till=till)
    yield bench
    invariants.check(bench)

"""A backup is worth what can be restored from it: codes, books, and nothing bought again."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from devtools.postgres import find_programs
from tests.chaos import judge
from tests.chaos.customer import Customer
from tests.stack import Stack, wait_for
from tests.template import named

pytestmark = pytest.mark.stack

TOOLS = find_programs()


def dump(shop: Stack, to: Path) -> Path:
    """As docs/operations.md says it."""
    command = [str(TOOLS / "pg_dump"), "--format=custom", f"--file={to}", shop.database_url]
    subprocess.run(command, check=True, timeout=60)
    return to


@contextmanager
def restored(shop: Stack, backup: Path) -> Iterator[str]:
    """An empty database, and the backup in it."""
    name = f"{urlsplit(shop.database_url).path[1:]}_restored"
    url = named(shop.database_url, name)
    with psycopg.connect(named(url, "postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            command = [str(TOOLS / "pg_restore"), "--exit-on-error", f"--dbname={url}", str(backup)]
            subprocess.run(command, check=True, timeout=60)
            yield url
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def test_a_shop_restored_from_before_a_purchase_finds_it_and_does_not_buy_again(
    shop: Stack, tmp_path: Path
) -> None:
    shop.kill("worker")
    customer = Customer(shop).buy()
    backup = dump(shop, tmp_path / "backup")
    shop.start("worker")
    judge.everything_settles(shop)
    for name in ("web", "worker", "beat"):
        shop.terminate(name)

    with restored(shop, backup) as url:
        for name in ("web", "worker", "beat"):
            shop.start(name, DATABASE_URL=url)
        wait_for(lambda: shop.answers("/health/ready"))
        wait_for(lambda: customer.status() == "completed")
        judge.bought_once(shop, [customer])
        shop.manage("check_invariants", "--partner", DATABASE_URL=url)
        for name in ("web", "worker", "beat"):
            shop.kill(name)

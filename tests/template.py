"""A migrated, empty database that others are copied from: migrating takes seconds, copying a blink.

It is made once for all test runs on a server, and anew when a migration or a package changes.
"""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
# Whoever makes it lets others wait under this number.
_LOCK = 7_261_402


def named(server: str, database: str) -> str:
    """The same server's URL, of this database."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


def migrated(server: str) -> str:
    """The name of the database to copy, on the server of this URL."""
    name = f"template_{_state()[:16]}"
    with psycopg.connect(named(server, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(known, [name]).fetchone() is None:
            draft = f"draft_{name}"
            connection.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)'.encode())
            connection.execute(f'CREATE DATABASE "{draft}"'.encode())
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": named(server, draft)},
                check=True,
            )
            connection.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"'.encode())
    return name


def _state() -> str:
    """Changes whenever what migrating does may change."""
    seen = sha256()
    ours = sorted((ROOT / "storefront").glob("*/migrations/*.py"))
    for file in [ROOT / "requirements" / "production.txt", *ours]:
        seen.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return seen.hexdigest()

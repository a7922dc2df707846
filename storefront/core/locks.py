"""One at a time: a lock that its database connection holds, so that a killed process lets go."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class AlreadyRunning(Exception):  # noqa: N818  the failure is the name
    """Another process holds it."""


@contextmanager
def held(number: int, *, taken: str) -> Iterator[None]:
    """Hold the lock of this number while the block runs. Raises AlreadyRunning, saying `taken`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(taken)
    try:
        yield
    finally:
        # A connection that broke has let go of the lock by itself.
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])

"""Rows that must not change have no way to change: neither in Python nor in SQL.

`AppendOnly` refuses updates and deletes through the ORM; `forbid_changes` is the migration step
that gives the table a trigger, so that a console or a bulk update fails as well.
"""

from typing import Any, NoReturn

from django.db import models
from django.db.migrations import RunSQL


class NeverChanges(Exception):  # noqa: N818  the failure is the name
    """Somebody tried to change or delete a row that is a record of what happened."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A queryset without the ways to change rows."""

    def update(self, **kwargs: Any) -> NoReturn:  # noqa: ARG002  Django's signature
        raise NeverChanges(self.model.__name__)

    def delete(self) -> NoReturn:
        raise NeverChanges(self.model.__name__)


class AppendOnly(models.Model):
    """Base of event rows, ledger entries and audit rows."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert, once."""
        if not self._state.adding:
            raise NeverChanges(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002  Django's signature
        raise NeverChanges(type(self).__name__)


def forbid_changes(table: str) -> RunSQL:
    """The migration operation that makes PostgreSQL itself refuse UPDATE and DELETE on `table`."""
    return RunSQL(
        sql=f"""
            CREATE OR REPLACE FUNCTION kiosk_never_changes() RETURNS trigger AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
            END $$ LANGUAGE plpgsql;
            CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION kiosk_never_changes();
        """,
        reverse_sql=f"DROP TRIGGER never_changes ON {table}",
    )

"""Rows that keep something sealed, and sealing all of them anew when the keys change.

What is left to do is what the rows themselves say, so a rotation may be stopped, killed and started
again at any time; each batch is one transaction. Knows no app: whatever inherits from SealedRow
takes part.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Substr

from partner_api.secret import Secret
from storefront.core.sealed import CannotOpen, open_sealed, seal, seal_prefix


class SealedRow(models.Model):
    """A row with one sealed value, bound to the row's own `seal_context`."""

    sealed = models.BinaryField()

    class Meta:
        abstract = True

    @property
    def seal_context(self) -> str:
        """What the ciphertext is bound to: the table, the row and the field."""
        raise NotImplementedError

    def columns_beside(self, plain: Secret) -> dict[str, bytes | None]:  # noqa: ARG002  for others
        """Columns that depend on the keys as well, such as a blind index."""
        return {}


@dataclass(slots=True)
class Rotated:
    """What became of one batch, or of all of them."""

    done: int = 0
    failed: int = 0


def sealed_models() -> list[type[SealedRow]]:
    """Every table of the shop that keeps something sealed."""
    return [model for model in apps.get_models() if issubclass(model, SealedRow)]


def rotate(model: type[SealedRow], *, batch: int) -> Iterator[Rotated]:
    """Seal anew, batch by batch, whatever the current key did not seal.

    A row that does not open is left as it is and counted as failed: it is there for a key that is
    found again.
    """
    last = None
    while True:
        with transaction.atomic():
            rows = _under_other_keys(model).order_by("pk").select_for_update()
            found = list(rows.filter(pk__gt=last)[:batch] if last else rows[:batch])
            result = Rotated()
            for row in found:
                if _seal_anew(row):
                    result.done += 1
                else:
                    result.failed += 1
        if not found:
            return
        last = found[-1].pk
        yield result


def left(model: type[SealedRow]) -> int:
    """How many rows the current key does not open."""
    return _under_other_keys(model).count()


def _under_other_keys(model: type[SealedRow]) -> models.QuerySet[SealedRow]:
    prefix = seal_prefix()
    start = Substr("sealed", 1, len(prefix), output_field=models.BinaryField())
    manager: models.Manager[SealedRow] = model._default_manager  # noqa: SLF001  documented by Django
    return manager.annotate(start=start).exclude(start=prefix)


def _seal_anew(row: SealedRow) -> bool:
    """Whether the row is under the current key now, and proven to open there."""
    try:
        plain = open_sealed(row.sealed, context=row.seal_context)
        row.sealed = seal(plain, context=row.seal_context)
        if open_sealed(row.sealed, context=row.seal_context) != plain:
            return False
        beside = row.columns_beside(plain)
        for name, value in beside.items():
            setattr(row, name, value)
        with transaction.atomic():
            row.save(update_fields=["sealed", *beside])
    except (CannotOpen, IntegrityError):  # another key's; or a code that is somebody else's, too
        return False
    return True

"""`manage.py rotate_pin_keys`: seal everything anew under the first of PIN_KEYS."""

import argparse

from django.core.management.base import BaseCommand, CommandError

from storefront.core import vault


class Command(BaseCommand):
    """Batch by batch; progress goes to standard error, one line of summary to standard output."""

    help = (
        "Seal codes and links anew under the first of PIN_KEYS. May be stopped and started again. "
        "First give every process the new key behind the old one, then in front of it, then run "
        "this; the old key may go once it says that nothing is left."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How many rows one transaction takes."""
        parser.add_argument("--batch", type=int, default=200)

    def handle(self, *args: object, batch: int, **options: object) -> None:  # noqa: ARG002  Django's
        """Exit 1, and nothing lost, when a row does not open."""
        total = vault.Rotated()
        for model in vault.sealed_models():
            for part in vault.rotate(model, batch=max(batch, 1)):
                total.done += part.done
                total.failed += part.failed
                self.stderr.write(f"{model._meta.label}: {total.done} sealed anew")  # noqa: SLF001  documented by Django
                self.stderr.flush()
        remaining = sum(vault.left(model) for model in vault.sealed_models())
        if total.failed or remaining:
            raise CommandError(
                f"{total.done} sealed anew, {total.failed} do not open, {remaining} left under "
                "other keys: keep every key, and run this again."
            )
        self.stdout.write(f"{total.done} sealed anew, nothing left under other keys")

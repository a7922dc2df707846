"""`manage.py sync_catalog`: one sync, one line of summary; or exit 1 and the reason.

Progress goes to standard error.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront.catalog import actions
from storefront.catalog.models import SyncRun


class Command(BaseCommand):
    """Take over the partner's catalog now."""

    help = "Take over the partner's catalog: all products, categories, prices and stock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force",
            default="",
            metavar="REASON",
            help="publish also a catalog that shrank; the reason is kept with the run",
        )

        parser.add_argument(
            "--light",
            action="store_true",
            help="only prices and stock of what we have, as every few minutes",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            run = actions.sync(
                by="command",
                kind=SyncRun.Kind.LIGHT if options["light"] else SyncRun.Kind.FULL,
                force=options["force"],
                now=timezone.now(),
                tell=self._tell,
            )
        except actions.AlreadyRunning as reason:
            raise CommandError(str(reason)) from None
        if run.status != SyncRun.Status.PUBLISHED:
            raise CommandError(f"{run.status}, nothing was published: {run.error}")
        self.stdout.write(_summary(run))

    def _tell(self, words: str) -> None:
        self.stderr.write(words)


def _summary(run: SyncRun) -> str:
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0
    goods = "" if run.kind == SyncRun.Kind.LIGHT else "{products} products, {skus} SKUs, "
    return (
        "{subject} published: " + goods + "{prices} prices; {added} rows added, {changed} changed, "
        "{hidden} missing, {held} SKUs held, {unreadable} items unreadable; "
        "{pages} pages in {seconds:.1f} s"
    ).format(**run.counts, subject=run.subject, seconds=seconds)
